"""What the readers of files share: what they find, and ways to read that stay bounded."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# One line or one page in memory at a time. A line may hold the longest text that is accepted, escaped.
MAX_LINE = 16 * 1024 * 1024
MAX_PAGE = 16 * 1024 * 1024

GZIP_MAGIC = b"\x1f\x8b"
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)
READ_AT_ONCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileItem:
    """One article of a file, in the fields of a pushed item; `line` is where it stands, from 1."""

    line: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A part of a file that could not be read.

    Attributes:
        line: where it stands, from 1; 0 when the file as a whole is meant.
        reason: the same words for every part that fails alike, so that they can be counted.
        detail: what is particular to this part.
        raw: the part itself, as far as it is text and not too long to be kept.
    """

    line: int
    reason: str
    detail: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a file that is no article, and is not meant to be one."""

    line: int
    reason: str


Found = FileItem | BadLine | Skipped
Read = Iterator[Found]


class NotAnArchiveError(Exception):
    """A file as a whole cannot be read; the text says why."""


def peekable(stream: BinaryIO) -> io.BufferedReader:
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast("io.RawIOBase", stream), READ_AT_ONCE)


def inflated(stream: io.BufferedReader) -> io.BufferedReader:
    """What a stream holds, unpacked if it is a gzip."""
    return io.BufferedReader(_Inflated(stream), READ_AT_ONCE) if stream.peek(2).startswith(GZIP_MAGIC) else stream


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
