"""Request bodies: bytes in, items out; what is no JSON is a problem that says where."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from themeline.ingest.core.drafts import Rejection
from themeline.shared.problems import Problem

# One array is one transaction; a longer stream of lines is stored in pieces of this many.
MAX_ITEMS = 1_000
# A day of a large news agency, several times over. Each line has a result, and all results are held
# until the answer: without a limit a small compressed body of short lines would fill the memory.
MAX_LINES = 50_000
# Below the length at which Python refuses to read an integer (4,300 digits).
MAX_INTEGER_DIGITS = 4_000

JSON_TYPES = frozenset({"application/json", "text/json", ""})
LINES_TYPES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
GZIP = frozenset({"gzip", "x-gzip"})  # RFC 9110, section 8.4.1.3: the two mean the same


@dataclass(frozen=True)
class Unreadable:
    """A line that is no JSON: it takes its place among the results."""

    rejection: Rejection


def media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def too_large(limit: int) -> Problem:
    detail = f"The body may have {limit:,} bytes; send the articles in several requests."
    return Problem(413, "body-too-large", "The body is too large", detail)


def inflate(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo a gzip content encoding, up to `limit` bytes."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return body
    if name not in GZIP:
        detail = f"Content-Encoding {name[:40]!r} is not understood; use gzip or none."
        headers = {"Accept-Encoding": "gzip"}
        raise Problem(415, "unsupported-encoding", "The encoding is not supported", detail, headers=headers)
    try:
        return _gunzip(body, limit)
    except zlib.error as error:
        raise _no_gzip(f"{error}.") from error


def _gunzip(body: bytes, limit: int) -> bytes:
    """Undo gzip of one or several members: files that were compressed apart and joined are one stream."""
    text = bytearray()
    rest = body
    while True:
        inflater = zlib.decompressobj(wbits=31)
        text += inflater.decompress(rest, limit + 1 - len(text))
        if len(text) > limit:
            raise too_large(limit)
        if not inflater.eof:
            raise _no_gzip("The gzip stream ends too early.")
        rest = inflater.unused_data.lstrip(b"\0")  # padding, as gzip itself allows
        if not rest:
            return bytes(text)


def _no_gzip(detail: str) -> Problem:
    return Problem(400, "invalid-encoding", "The body is no gzip", detail)


def items(body: bytes, content_type: str | None) -> list[Any]:
    """Return the items of a request: decoded JSON values, or `Unreadable` in the place of a bad line."""
    kind = media_type(content_type)
    if kind in LINES_TYPES:
        return _lines(body)
    if kind in JSON_TYPES:
        return _document(body)
    detail = f"Content-Type {kind[:80]!r} is not understood; send application/json or application/x-ndjson."
    raise Problem(415, "unsupported-media-type", "The media type is not supported", detail)


def _document(body: bytes) -> list[Any]:
    try:
        value = _decoded(body)
    except (ValueError, RecursionError) as error:
        detail = f"The body is no JSON: {_reason(error)}."
        raise Problem(400, "invalid-json", "The body is no JSON", detail) from error
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        detail = "The body is one article (a JSON object) or a list of them (a JSON array)."
        raise Problem(400, "invalid-json", "The body holds no articles", detail)
    if len(value) > MAX_ITEMS:
        detail = f"The array has {len(value):,} items; the limit is {MAX_ITEMS:,}. Send it in parts, or as NDJSON."
        raise Problem(413, "too-many-items", "Too many items", detail)
    return value


def _lines(body: bytes) -> list[Any]:
    number = body.count(b"\n") + 1
    if number > MAX_LINES:
        detail = f"The body has {number:,} lines; the limit is {MAX_LINES:,}. Send it in parts."
        raise Problem(413, "too-many-items", "Too many items", detail)
    return list(_each_line(body))


def _each_line(body: bytes) -> Iterator[Any]:
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield _line(number, line)


def _line(number: int, line: bytes) -> Any:
    try:
        return _decoded(line)
    except (ValueError, RecursionError) as error:
        detail = f"Line {number} is no JSON: {_reason(error)}."
        return Unreadable(Rejection("invalid-json", "The line is no JSON", detail))


def _decoded(text: bytes) -> Any:
    return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> int | float:
    """Read an integer; one that Python refuses for its length is valid JSON and spoils no neighbour."""
    return int(digits) if len(digits) <= MAX_INTEGER_DIGITS else float(digits)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is no UTF-8"
    return str(error)
