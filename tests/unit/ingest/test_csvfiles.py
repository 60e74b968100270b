"""Tables of articles."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core import csvfiles
from themeline.ingest.core.archives import BadLine, FileItem, NotAnArchiveError
from themeline.ingest.core.csvfiles import NAMES, csv_items, looks_like_articles
from themeline.ingest.core.drafts import Draft, Item, parse_draft


def table(content: bytes | str, **columns: str) -> list[Any]:
    raw = content.encode() if isinstance(content, str) else content
    found = csv_items(io.BufferedReader(io.BytesIO(raw)), columns=columns)
    return [one.fields if isinstance(one, FileItem) else one for one in found]


def test_columns_are_found_by_what_they_are_usually_called() -> None:
    content = "ID,Headline,Article Text,Pub_Date,Link,By-line\n7,Flood,Rain fell.,2 May 2026,https://a.example/7,A; B\n"
    assert table(content) == [
        {
            "external_id": "7",
            "title": "Flood",
            "text": "Rain fell.",
            "published": "2 May 2026",
            "url": "https://a.example/7",
            "authors": ["A", "B"],
        }
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    content = delimiter.join(["title", "text"]) + "\n" + delimiter.join(["A", "x"]) + "\n"
    assert table(content) == [{"title": "A", "text": "x"}]


def test_the_delimiter_may_be_named_as_spreadsheets_do() -> None:
    assert table("sep=;\r\ntitle;text, long\r\nA;x\r\n") == [{"title": "A"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_in_its_encoding(encoding: str) -> None:
    assert table("title,text\nStörung,“x”\n".encode(encoding)) == [{"title": "Störung", "text": "“x”"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("named", ["Überschrift", "\udcdcberschrift"])
def test_columns_are_named_in_the_encoding_of_a_table_and_of_a_terminal(encoding: str, named: str) -> None:
    content = "Überschrift;Straße\r\nStörung;“x”\r\n".encode(encoding)
    assert table(content, title=named, section="strasse") == [{"title": "Störung", "section": "“x”"}]
    with pytest.raises(NotAnArchiveError, match="no column is called “Überzeile”: the columns are “Überschrift”"):
        table(content, title=named.replace("schrift", "zeile"))


def test_a_table_of_windows_1252_is_none_of_utf_8_in_any_cell() -> None:
    """`É”` is a character in UTF-8, too."""
    assert table("title,text\n“Ça”,CAFÉ”\n".encode("cp1252")) == [{"title": "“Ça”", "text": "CAFÉ”"}]


def test_a_byte_that_windows_1252_does_not_have_spoils_itself_alone() -> None:
    assert table(b"title,text\nSt\xf6r\x81ung,x\n") == [{"title": "Stör\ufffdung", "text": "x"}]


def test_a_bad_byte_spoils_no_other_cell_of_a_table_in_utf_8() -> None:
    content = "title,text\nStörung,“x”\n".encode() + b"Caf\xe9,x\n"
    assert table(content) == [{"title": "Störung", "text": "“x”"}, {"title": "Café", "text": "x"}]


def test_a_table_whose_beginning_ends_within_a_character_is_utf_8() -> None:
    start = "title,text\nA,"
    content = start + "x" * (8191 - len(start)) + "ü\n"
    assert table(content) == [{"title": "A", "text": content[len(start) : -1]}]


def test_a_cell_may_hold_lines_quotes_and_delimiters_and_lines_are_counted_through_it() -> None:
    content = b'title,text\n"A, ""B""","one\ntwo"\nC,x\n'
    found = list(csv_items(io.BufferedReader(io.BytesIO(content))))
    assert found == [
        FileItem(2, {"title": 'A, "B"', "text": "one\ntwo"}),
        FileItem(4, {"title": "C", "text": "x"}),
    ]


def test_columns_with_names_of_their_own_are_mapped_and_the_others_still_found() -> None:
    assert table("Titel;Schlagzeile;url\nA;B;https://a.example\n", title="schlagzeile") == [
        {"title": "B", "url": "https://a.example"}
    ]


def test_a_field_mapped_to_nothing_is_not_read() -> None:
    assert table("title,date\nA,yesterday\n", published="") == [{"title": "A"}]


@pytest.mark.parametrize(
    ("content", "columns", "words"),
    [
        ("", {}, "no line of column names"),
        ("one,two\n1,2\n", {}, "“one”, “two”; name one with --columns title=NAME"),
        ("title\nA\n", {"url": "Link"}, "no column is called “Link”"),
    ],
)
def test_a_table_that_cannot_be_understood_says_why(content: str, columns: dict[str, str], words: str) -> None:
    with pytest.raises(NotAnArchiveError, match=words):
        table(content, **columns)


def test_bad_rows_spoil_no_neighbour() -> None:
    found = table('title,text\nA,x,y\n\n,\nB\0,x\nC\n"D,x\n')
    assert [one.get("title") if isinstance(one, dict) else one.reason for one in found] == [
        "not CSV: more cells than columns",
        "not CSV: the line holds a NUL",
        "C",
        "D,x",
    ]
    assert found[0] == BadLine(2, "not CSV: more cells than columns", "3 cells, 2 columns", "A,x,y")


def test_a_quote_that_is_not_closed_in_a_title_spoils_its_own_line_alone() -> None:
    rows = "".join(f"title {number},text {number}\n" for number in range(10))
    content = f'title,text\n"A,x\n{rows}"B",y\nC,z\n'

    found = list(csv_items(io.BufferedReader(io.BytesIO(content.encode()))))

    assert found[0] == BadLine(2, csvfiles.OPEN_QUOTE, raw='"A,x')
    assert [one.line for one in found] == list(range(2, 15))
    assert [one.fields["title"] for one in found[1:] if isinstance(one, FileItem)] == [
        *(f"title {number}" for number in range(10)), "B", "C",
    ]  # fmt: skip


def test_a_quote_that_is_not_closed_in_a_text_gives_back_the_rows_to_the_end() -> None:
    assert table('title,text\nA,"x\n\nB,y\nC,\n') == [
        BadLine(2, csvfiles.OPEN_QUOTE, raw='A,"x'),
        {"title": "B", "text": "y"},
        {"title": "C"},
    ]


def test_bad_lines_after_a_quote_that_is_not_closed_are_told_as_their_own() -> None:
    found = list(csv_items(io.BufferedReader(io.BytesIO(b'title,text\n"A,x\nB,y\nC\0,z\nD,z\n'))))
    assert [(one.line, isinstance(one, BadLine)) for one in found] == [(2, True), (3, False), (4, True), (5, False)]


def test_the_paragraphs_of_a_text_that_was_cut_off_are_no_articles() -> None:
    assert table('title,text\nA,"One\ntwo, and, three\nfour') == [{"title": "A", "text": "One\ntwo, and, three\nfour"}]


def test_a_title_of_paragraphs_is_bad_and_its_paragraphs_are_no_articles() -> None:
    paragraphs = "One\ntwo\nthree\nfour\nfive"
    assert table(f'title,text\n"{paragraphs}",x\nB,y\n') == [
        BadLine(2, csvfiles.OPEN_QUOTE, raw='"One'),
        {"title": "B", "text": "y"},
    ]
    assert table('title,text\n"One\ntwo\nthree\nfour",x\n') == [{"title": "One\ntwo\nthree\nfour", "text": "x"}]
    assert table(f'title,text\n"{"x" * 999}\ny",x\n') == [BadLine(2, csvfiles.OPEN_QUOTE, raw=f'"{"x" * 999}')]


def test_what_is_read_on_after_a_quote_that_is_not_closed_is_the_same() -> None:
    content = b'title,text\n"A,x\n' + b"B,y\n" * 8
    resumed = list(csv_items(io.BufferedReader(io.BytesIO(content)), after=5))
    assert [one.line for one in resumed if isinstance(one, FileItem)] == [6, 7, 8, 9, 10]


def test_what_is_too_large_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfiles, "MAX_CELL", 1_000)
    monkeypatch.setattr(csvfiles, "MAX_LINE", 5_000)
    long_cell, long_line = "x" * 2_000, "y," * 10_000
    found = table(f"title,text\nA,{long_cell}\nB,{long_line}\nC,x\n")
    assert [isinstance(one, BadLine) for one in found] == [True, True, False]
    assert "longer than" in found[1].reason
    assert found[2] == {"title": "C", "text": "x"}


def test_a_table_without_a_suffix_is_told_from_a_page() -> None:
    assert looks_like_articles(b"Headline;Link\nA;https://a.example\n")
    assert not looks_like_articles(b"Storm closes harbour\nSat, 12 Jul 2025\n")


def test_every_field_of_an_item_can_be_a_column_and_is_accepted() -> None:
    # tables have no truth values
    assert set(NAMES) == set(Item.model_fields) - {"teaser", "paywalled"}
    values = dict.fromkeys(NAMES, "2026-05-02") | {"url": "https://a.example/1", "priority": "backfill"}
    (fields,) = table(",".join(values) + "\n" + ",".join(values.values()) + "\n")
    assert set(fields) == set(NAMES)
    assert isinstance(parse_draft(fields), Draft)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    try:
        table(b"title,text\n" + content)
        table(content)
    except NotAnArchiveError:
        pass
