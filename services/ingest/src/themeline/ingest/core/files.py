"""Files of articles, read as they stream: JSON Lines, tables, WordPress exports; JSON, feeds, saved pages whole."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, count, repeat
from typing import BinaryIO

from themeline.ingest.core import archives
from themeline.ingest.core.archives import (
    DAMAGED,
    MAX_PAGE,
    READ_AT_ONCE,
    BadLine,
    FileItem,
    Found,
    NotAnArchiveError,
    Read,
    inflated,
    peekable,
)
from themeline.ingest.core.csvfiles import csv_items, looks_like_articles
from themeline.ingest.core.htmlpages import parse_html_page
from themeline.ingest.core.pages import NotANewsPageError, parse_page
from themeline.ingest.core.wxr import is_wxr, wxr_items

MAX_JSON = 64 * 1024 * 1024  # a JSON array is read whole; larger collections are JSON Lines
# The longest line that is kept to be shown, when it could not be read.
MAX_SHOWN = 64 * 1024

_BOM = b"\xef\xbb\xbf"
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_XML_STARTS = (b"<?xml", b"<rss", b"<feed", b"<rdf:RDF", b"<urlset")
# The address of the format's version, which JSON Feed requires at the top.
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version')
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset=[\"']?\s*([\w-]{1,40})", re.IGNORECASE)


def read_items(
    name: str,
    stream: BinaryIO,
    *,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    url: str = "",
    content_type: str | None = None,
    after: int = 0,
    today: date | None = None,
) -> Read:
    """The articles of one file.

    Args:
        name: the file's name; its suffix says what it is. Without a known one (standard input) its beginning does.
        stream: the file's bytes; need not be seekable.
        source: the publisher of the items that name none.
        columns: of a CSV file, the name of the column for each field that is not found by the column's own name.
        url: where the file came from, if it was fetched; the addresses in a feed may be relative to it.
        content_type: as it was fetched with; a feed's encoding may stand there.
        after: the line up to which nothing is yielded, because it was read before.
        today: the last day that a saved page may show to its readers alone; without it such days are not looked for.

    Yields:
        Items, bad and skipped lines in the order of the file, their lines rising. Nothing that a file contains raises.
    """
    plain = peekable(stream)
    try:
        plain = inflated(plain)
        told = _Told(url, content_type, source, today)
        reader = _reader(name.lower().removesuffix(".gz"), plain, columns)
        for found in reader(plain, after, told):
            if found.line > after or found.line == 0:
                yield _with_source(found, source)
    except DAMAGED:
        yield BadLine(0, "the compressed file is damaged or ends early; the complete lines before that were read")
    except (NotANewsPageError, NotAnArchiveError) as error:
        yield BadLine(0, str(error))


@dataclass(frozen=True, slots=True)
class _Told:
    """What the caller knows of a file; each kind needs something else of it."""

    url: str
    content_type: str | None
    source: str | None
    today: date | None

    def feed_items(self, body: bytes) -> Read:
        # Loaded when the first feed comes: most files are none.
        from themeline.ingest.core.feeds.entries import to_item
        from themeline.ingest.core.feeds.model import NotAFeedError
        from themeline.ingest.core.feeds.parsing import parse_feed

        try:
            feed = parse_feed(body, content_type=self.content_type, url=self.url)
        except NotAFeedError as error:
            raise NotAnArchiveError(error.reason) from error
        if feed.format in ("sitemap", "sitemap-index"):
            raise NotAnArchiveError("it is a sitemap, which holds no articles: `./themeline feeds add` reads its pages")
        source = self.source or feed.title or ""
        for number, entry in enumerate(feed.entries, start=1):
            yield FileItem(number, to_item(entry, feed, source=source))


_Reader = Callable[[io.BufferedReader, int, _Told], Read]


def _reader(name: str, stream: io.BufferedReader, columns: Mapping[str, str] | None) -> _Reader:
    for suffix, reader in _READERS.items():
        if name.endswith(suffix):
            return reader or partial(_table, columns=columns)
    start = stream.peek(READ_AT_ONCE)[:READ_AT_ONCE].removeprefix(_BOM).lstrip()
    if start.startswith(b"{"):
        return _json_lines
    if start.startswith(b"["):
        return _json_document
    if start.startswith(b"<"):
        return _xml_document if start.startswith(_XML_STARTS) else _html_page
    return partial(_table, columns=columns) if columns or looks_like_articles(start) else _text_page


def _with_source(found: Found, source: str | None) -> Found:
    if not isinstance(found, FileItem) or source is None or found.fields.get("source"):
        return found
    return FileItem(found.line, {**found.fields, "source": source})


def _table(stream: io.BufferedReader, after: int, _told: _Told, *, columns: Mapping[str, str] | None) -> Read:
    return csv_items(stream, after, columns=columns)


def _json_lines(stream: io.BufferedReader, after: int, _told: _Told) -> Read:
    number = 0
    while line := stream.readline(archives.MAX_LINE + 1):
        number += 1
        if len(line) > archives.MAX_LINE:
            if not line.endswith(b"\n"):
                _skip_line(stream)
            yield BadLine(number, f"the line is longer than {archives.MAX_LINE // 1024**2} MB")
        elif number > after and (line := line.removeprefix(_BOM).strip()):
            yield from _json_items(line, repeat(number))


def _skip_line(stream: io.BufferedReader) -> None:
    while (rest := stream.readline(READ_AT_ONCE)) and not rest.endswith(b"\n"):
        pass


def _json_document(stream: io.BufferedReader, _after: int, told: _Told) -> Read:
    document = stream.read(MAX_JSON + 1)
    if len(document) > MAX_JSON:
        yield BadLine(0, f"a JSON file may have {MAX_JSON // 1024**2} MB; use JSON Lines for larger collections")
    elif _JSON_FEED.search(document[:READ_AT_ONCE]):
        yield from told.feed_items(document)
    else:
        yield from _json_items(document.removeprefix(_BOM), count(1))


def _json_items(document: bytes, numbers: Iterator[int]) -> Read:
    """The items of one JSON value; each takes the next of `numbers` for its place."""
    number = next(numbers)
    bad = partial(BadLine, number, raw=document[:MAX_SHOWN].decode("utf-8", "replace"))
    try:
        value = json.loads(document.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        yield bad("not UTF-8", f"at byte {error.start + 1}")
    except RecursionError:
        yield bad("nested too deeply")
    except json.JSONDecodeError as error:
        yield bad(f"not JSON: {error.msg}", f"at character {error.pos + 1}")
    except ValueError as error:
        yield bad(f"not JSON: {error}")
    else:
        items = value if isinstance(value, list) else [value]
        for at, item in zip(chain([number], numbers), items, strict=False):
            yield FileItem(at, item) if isinstance(item, dict) else BadLine(at, "not a JSON object", raw=_shown(item))


def _shown(value: object) -> str:
    return json.dumps(value)[:MAX_SHOWN]


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def _xml_document(stream: io.BufferedReader, after: int, told: _Told) -> Read:
    if is_wxr(stream.peek(READ_AT_ONCE)):
        yield from wxr_items(stream, after)
        return
    body = stream.read(MAX_PAGE + 1)
    if len(body) > MAX_PAGE:
        raise NotAnArchiveError(f"a feed may have {MAX_PAGE // 1024**2} MB, and it is no WordPress export")
    yield from told.feed_items(body)


def _text_page(stream: io.BufferedReader, _after: int, _told: _Told) -> Read:
    for number, fields in enumerate(parse_page(_decoded(stream)), start=1):
        yield FileItem(number, fields)


def _html_page(stream: io.BufferedReader, _after: int, told: _Told) -> Read:
    yield FileItem(1, parse_html_page(_decoded(stream), today=told.today))


def _decoded(stream: io.BufferedReader) -> str:
    page = stream.read(MAX_PAGE + 1)
    if len(page) > MAX_PAGE:
        raise NotANewsPageError(f"a page may have {MAX_PAGE // 1024**2} MB")
    if page.startswith(_UTF_16_BOMS):
        return page.decode("utf-16", "replace")
    if b"\0" in page:
        raise NotANewsPageError("the file is not text")
    declared = _CHARSET.search(page[:READ_AT_ONCE])
    # Windows-1252 is what browsers take where a page says nothing (WHATWG HTML, "determining the character encoding").
    for encoding in ("utf-8-sig", declared[1].decode("ascii") if declared else "cp1252"):
        try:
            return page.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return page.decode("cp1252", "replace")


# None stands for a table, whose columns may be given.
_READERS: dict[str, _Reader | None] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_document,
    ".csv": None,
    ".tsv": None,
    ".xml": _xml_document,
    ".wxr": _xml_document,
    ".rss": _xml_document,
    ".atom": _xml_document,
    ".txt": _text_page,
    ".html": _html_page,
    ".htm": _html_page,
}

_PACKED = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xml", ".wxr")
SUFFIXES = (*_READERS, *(f"{suffix}.gz" for suffix in _PACKED))
