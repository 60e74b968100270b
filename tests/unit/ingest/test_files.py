"""Files of articles."""

import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core import archives
from themeline.ingest.core.archives import BadLine, FileItem, Found
from themeline.ingest.core.files import SUFFIXES, read_items

PAGE = (Path(__file__).parents[2] / "data" / "pages" / "harbour.txt").read_bytes()
LINES = b'{"title": "A"}\n\n{"title": "B", "source": "Own"}\n'
ZIPPED = gzip.compress(LINES, mtime=0)  # a time inside would give each test worker another test id


def read(name: str, content: bytes, source: str | None = None, after: int = 0) -> list[Found]:
    return list(read_items(name, io.BytesIO(content), source=source, after=after))


def titles(found: list[Found]) -> list[str]:
    return [one.fields["title"] for one in found if isinstance(one, FileItem)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", LINES),
        ("A.JSONL", b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n")),
        ("a.ndjson", LINES.rstrip()),
        ("a.jsonl.gz", ZIPPED),
        ("a.json", b'[{"title": "A"}, {"title": "B"}]'),
        ("-", LINES),
        ("-", b' [{"title": "A"}, {"title": "B"}]'),
        ("-", ZIPPED),
        ("a.csv", b"title,text\nA,x\nB,y\n"),
        ("a.csv.gz", gzip.compress(b"title,text\nA,x\nB,y\n", mtime=0)),
        ("-", b"text;title\nx;A\ny;B\n"),
    ],
)
def test_json_is_read_by_name_or_by_its_beginning(name: str, content: bytes) -> None:
    assert titles(read(name, content)) == ["A", "B"]


def test_a_single_object_is_one_item() -> None:
    assert titles(read("a.json", b'\n{"title": "A"}')) == ["A"]


@pytest.mark.parametrize("name", ["page.txt", "-"])
def test_a_saved_page_is_read_by_name_or_by_its_beginning(name: str) -> None:
    assert len(read(name, PAGE)) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_saved_page_is_read_in_its_encoding(encoding: str) -> None:
    found = read("page.txt", PAGE.decode().replace("Storm", "Störm").encode(encoding))
    assert "Störm" in titles(found)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
def test_a_saved_html_page_is_read_in_its_encoding(encoding: str) -> None:
    markup = f'<html><head><meta charset="{encoding}"><title>Міст закрито</title></head></html>'
    assert titles(read("a.html", markup.encode(encoding))) == ["Міст закрито"]


def test_line_numbers_count_every_line_and_bad_lines_spoil_no_neighbour() -> None:
    found = read("a.jsonl", b'{"title": "A"}\n{oops}\n5\n\xff\n' + b"[" * 100_000 + b'\n{"n": NaN}\n{"title": "B"}')
    assert [one.line for one in found] == [1, 2, 3, 4, 5, 6, 7]
    assert titles(found) == ["A", "B"]
    reasons = [one.reason for one in found if isinstance(one, BadLine)]
    assert [reason.split(":")[0] for reason in reasons[:3]] == ["not JSON", "not a JSON object", "not UTF-8"]
    assert "NaN" in reasons[4]


def test_a_truncated_gz_yields_what_was_readable_and_says_so() -> None:
    lines = b"".join(json.dumps({"title": f"{n}", "text": str(n * 7919) * 50}).encode() + b"\n" for n in range(2_000))
    compressed = gzip.compress(lines)
    *items, last = read("a.jsonl.gz", compressed[: len(compressed) // 2])
    assert len(items) > 500
    assert titles(items) == [str(n) for n in range(len(items))]
    assert isinstance(last, BadLine)
    assert "ends early" in last.reason


def test_a_truncated_gz_yields_every_complete_line_however_short_the_file() -> None:
    lines = b"".join(json.dumps({"title": f"{n}"}).encode() + b"\n" for n in range(200))
    compressed = gzip.compress(lines)
    *items, last = read("a.jsonl.gz", compressed[:-12])
    assert len(items) > 150
    assert titles(items) == [str(n) for n in range(len(items))]
    assert isinstance(last, BadLine)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl.gz", b"\x1f\x8b\x08nonsense", "damaged"),
        ("a.txt", b"\x89PNG\0\0", "not text"),
        ("a.txt", b"Dear diary", "not a saved news page"),
        ("a.html", b"<p>no title", "no title"),
        ("a.json", b"{", "not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, content: bytes, reason: str) -> None:
    (bad,) = read(name, content)
    assert isinstance(bad, BadLine)
    assert reason in bad.reason


def test_a_line_beyond_the_limit_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_LINE", 1024)
    long_line = b'{"title": "' + b"x" * 200_000 + b'"}\n'
    found = read("a.jsonl", long_line + b'{"title": "B"}\n')
    assert isinstance(found[0], BadLine)
    assert titles(found) == ["B"]


def test_the_given_publisher_is_for_items_that_name_none() -> None:
    found = read("a.jsonl", LINES, source="Given")
    assert [one.fields["source"] for one in found if isinstance(one, FileItem)] == ["Given", "Own"]


def test_an_empty_file_has_no_items() -> None:
    assert read("a.jsonl", b"") == []


def test_entries_of_an_array_within_json_lines_stand_at_their_line() -> None:
    found = read("a.jsonl", b'[{"title": "A"}, {"title": "B"}]\n{"title": "C"}\n')
    assert [one.line for one in found] == [1, 1, 2]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'{"title": "A"}\n\n{oops}\n{"title": "B"}\n'),
        ("a.json", b'[{"title": "A"}, 1, {"title": "B"}]'),
        ("a.csv", b'title,text\nA,"two\nlines"\nB,y\n'),
        ("a.txt", PAGE),
    ],
)
def test_a_file_is_continued_after_any_of_its_lines(name: str, content: bytes) -> None:
    everything = read(name, content)
    assert len(everything) > 1
    for one in everything:
        assert read(name, content, after=one.line) == [found for found in everything if found.line > one.line]


def test_a_line_that_cannot_be_read_is_kept_with_what_is_wrong_with_it() -> None:
    (bad,) = read("a.jsonl", b'{"title": oops}\n')
    assert isinstance(bad, BadLine)
    assert (bad.raw, bad.detail) == ('{"title": oops}', "at character 11")


RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Daily Courier</title>
<item><title>A</title><link>/1</link><description>Rain.</description></item><item><title>B</title></item>
</channel></rss>"""
JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Daily Courier",
"items": [{"id": "1", "title": "A", "url": "/1"}, {"id": "2", "title": "B", "content_text": "Snow."}]}"""


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xml", RSS), ("a.rss", RSS), ("-", RSS), ("a.json", JSON_FEED), ("a.xml.gz", gzip.compress(RSS, mtime=0))],
)
def test_the_entries_of_a_saved_feed_are_articles_of_its_publisher(name: str, content: bytes) -> None:
    found = list(read_items(name, io.BytesIO(content), url="https://courier.example/feed"))
    assert titles(found) == ["A", "B"]
    assert isinstance(found[0], FileItem)
    assert (found[0].fields["url"], found[0].fields["source"]) == ("https://courier.example/1", "Daily Courier")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<?xml version='1.0'?><notes/>", ""),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/</loc></url></urlset>",
         "it is a sitemap"),
    ],
)  # fmt: skip
def test_xml_that_holds_no_articles_says_so(content: bytes, words: str) -> None:
    (bad,) = read("a.xml", content)
    assert isinstance(bad, BadLine)
    assert bad.line == 0
    assert words in bad.reason


@given(st.binary(max_size=200), st.sampled_from(["-", *(f"a{suffix}" for suffix in SUFFIXES)]))
def test_no_bytes_raise(content: bytes, name: str) -> None:
    read(name, content)
