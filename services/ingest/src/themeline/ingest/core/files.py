"""Files of articles, read as they stream: JSON Lines (plain or gzip), JSON, saved pages as text or HTML."""

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from themeline.ingest.core.htmlpages import parse_html_page
from themeline.ingest.core.pages import NotANewsPageError, parse_page

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# One line or one page in memory at a time. A line may hold the longest text that is accepted, escaped.
MAX_LINE = 16 * 1024 * 1024
MAX_PAGE = 16 * 1024 * 1024
MAX_JSON = 64 * 1024 * 1024  # a JSON array is read whole; larger collections are JSON Lines

_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset=[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)
_READ_AT_ONCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileItem:
    """One article of a file, in the fields of a pushed item; `line` is where it stands, from 1."""

    line: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A part of a file that could not be read; `line` is 0 when the file as a whole is meant."""

    line: int
    reason: str


Read = Iterator[FileItem | BadLine]


def read_items(name: str, stream: BinaryIO, *, source: str | None = None) -> Read:
    """The articles of one file.

    Args:
        name: the file's name; its suffix says what it is. Without a known one (standard input) its beginning does.
        stream: the file's bytes; need not be seekable.
        source: the publisher of the items that name none.

    Yields:
        Items and bad lines in the order of the file. Nothing that a file contains raises.
    """
    plain = _peekable(stream)
    if plain.peek(2).startswith(_GZIP_MAGIC):
        plain = io.BufferedReader(_Inflated(plain))
        name = name.lower().removesuffix(".gz")
    try:
        for read in _reader(name.lower(), plain)(plain):
            yield _with_source(read, source)
    except _DAMAGED:
        yield BadLine(0, "the compressed file is damaged or ends early; the complete lines before that were read")
    except NotANewsPageError as error:
        yield BadLine(0, str(error))


class _Inflated(io.RawIOBase):
    """What a gzip stream holds, as far as it can be read: `GzipFile.read` loses what it read before the damage."""

    def __init__(self, stream: BinaryIO) -> None:
        self._file = gzip.GzipFile(fileobj=stream)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        piece = self._file.read1(len(view))
        view[: len(piece)] = piece
        return len(piece)


def _peekable(stream: BinaryIO) -> io.BufferedReader:
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", stream))


def _reader(name: str, stream: io.BufferedReader) -> Callable[[io.BufferedReader], Read]:
    for suffix, reader in _READERS.items():
        if name.endswith(suffix):
            return reader
    start = stream.peek(1024)[:1024].removeprefix(_BOM).lstrip()
    if start.startswith(b"{"):
        return _json_lines
    if start.startswith(b"["):
        return _json_document
    return _html_page if start.startswith(b"<") else _text_page


def _with_source(read: FileItem | BadLine, source: str | None) -> FileItem | BadLine:
    if isinstance(read, BadLine) or source is None or read.fields.get("source"):
        return read
    return FileItem(read.line, {**read.fields, "source": source})


def _json_lines(stream: io.BufferedReader) -> Read:
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            _skip_line(stream)
            yield BadLine(number, f"the line is longer than {MAX_LINE // 1024**2} MB")
        elif line := line.removeprefix(_BOM).strip():
            yield from _json_items(line, number)


def _skip_line(stream: io.BufferedReader) -> None:
    while (rest := stream.readline(_READ_AT_ONCE)) and not rest.endswith(b"\n"):
        pass


def _json_document(stream: io.BufferedReader) -> Read:
    document = stream.read(MAX_JSON + 1)
    if len(document) > MAX_JSON:
        yield BadLine(0, f"a JSON file may have {MAX_JSON // 1024**2} MB; use JSON Lines for larger collections")
    else:
        yield from _json_items(document.removeprefix(_BOM), 1)


def _json_items(document: bytes, number: int) -> Read:
    try:
        value = json.loads(document.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        yield BadLine(number, "not UTF-8")
    except RecursionError:
        yield BadLine(number, "nested too deeply")
    except ValueError as error:
        yield BadLine(number, f"not JSON: {error}")
    else:
        # In an array the number counts entries, as it counts lines elsewhere.
        for at, item in enumerate(value if isinstance(value, list) else [value], start=number):
            yield FileItem(at, item) if isinstance(item, dict) else BadLine(at, "not a JSON object")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def _text_page(stream: io.BufferedReader) -> Read:
    for number, fields in enumerate(parse_page(_decoded(stream)), start=1):
        yield FileItem(number, fields)


def _html_page(stream: io.BufferedReader) -> Read:
    yield FileItem(1, parse_html_page(_decoded(stream)))


def _decoded(stream: io.BufferedReader) -> str:
    page = stream.read(MAX_PAGE + 1)
    if len(page) > MAX_PAGE:
        raise NotANewsPageError(f"a page may have {MAX_PAGE // 1024**2} MB")
    if page.startswith(_UTF_16_BOMS):
        return page.decode("utf-16", "replace")
    if b"\0" in page:
        raise NotANewsPageError("the file is not text")
    declared = _CHARSET.search(page[:_READ_AT_ONCE])
    # Windows-1252 is what browsers take where a page says nothing (WHATWG HTML, "determining the character encoding").
    for encoding in ("utf-8-sig", declared[1].decode("ascii") if declared else "cp1252"):
        try:
            return page.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return page.decode("cp1252", "replace")


_READERS: dict[str, Callable[[io.BufferedReader], Read]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_document,
    ".txt": _text_page,
    ".html": _html_page,
    ".htm": _html_page,
}

SUFFIXES = (*_READERS, ".jsonl.gz", ".ndjson.gz", ".json.gz")
