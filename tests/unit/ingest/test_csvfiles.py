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
