"""Content encodings, undone piece by piece, so that a bomb is seen while it grows."""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli
import zstandard

from themeline.ingest.fetch.answers import FetchError

ACCEPTED_ENCODINGS = "gzip, deflate, br, zstd"

# What a server sends has one; a proxy may add one.
_MOST_LAYERS = 2
# zlib and zstd put out whatever their input holds: deflate grows to 1,032 times, a zstd block of 4 bytes to 128 KiB.
# Input in slices of these lengths makes at most a megabyte at once.
_DEFLATE_SLICE = 1024
_ZSTD_SLICE = 32
_BROTLI_STEP = 64 * 1024
# RFC 9659: the largest window that may be used on the web.
_ZSTD_WINDOW = 8 * 1024 * 1024
# Files one after another are legal, and known from logs rather than from the web; each costs a new decoder.
_MOST_MEMBERS = 100
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
# RFC 1950: the low half of the first byte is the method, 8 in every zlib stream; a raw one rarely begins so.
_ZLIB_METHOD, _LOW_HALF = 8, 0x0F

DECODING_ERRORS = (zlib.error, brotli.error, zstandard.ZstdError)


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class Decoder(ABC):
    """Undoes one encoding."""

    @abstractmethod
    def decode(self, data: bytes) -> Iterator[bytes]:
        """What these bytes add, in pieces of a megabyte at most, each made when it is taken."""

    @property
    @abstractmethod
    def finished(self) -> bool:
        """Whether the stream has come to its end."""


class _Members(Decoder):
    """One compressed file, or several one after another; what follows and is none is ignored."""

    def __init__(self, start: Callable[[bytes], _Stream], magic: bytes | None, slice_bytes: int) -> None:
        self._start = start
        self._magic = magic
        self._slice = slice_bytes
        self._stream: _Stream | None = None
        self._members = 0
        self._pending = b""  # after the end of a file: too little to see whether it is the next one

    def decode(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), self._slice):
            rest = self._pending + data[at : at + self._slice]
            self._pending = b""
            while rest:
                stream = self._stream_for(rest)
                if stream is None:
                    break
                yield stream.decompress(rest)
                rest = stream.unused_data if stream.eof else b""

    def _stream_for(self, data: bytes) -> _Stream | None:
        if self._stream is None:
            self._stream = self._start(data)
        elif self._stream.eof:
            if self._magic is None or not data.startswith(self._magic[: len(data)]):
                return None
            if len(data) < len(self._magic):
                self._pending = data
                return None
            self._members += 1
            if self._members >= _MOST_MEMBERS:
                raise FetchError("bad-encoding", f"its body is more than {_MOST_MEMBERS} compressed files")
            self._stream = self._start(data)
        return self._stream

    @property
    def finished(self) -> bool:
        return self._stream is not None and self._stream.eof


class _Brotli(Decoder):
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def decode(self, data: bytes) -> Iterator[bytes]:
        piece = self._stream.process(data, output_buffer_limit=_BROTLI_STEP)
        # It can accept more data also while it holds output back; it has none left when it gives none.
        while piece:
            yield piece
            piece = b"" if self.finished else self._stream.process(b"", output_buffer_limit=_BROTLI_STEP)

    @property
    def finished(self) -> bool:
        return bool(self._stream.is_finished())


def _gzip(_: bytes) -> _Stream:
    return zlib.decompressobj(_GZIP_WINDOW)


def _deflate(data: bytes) -> _Stream:
    # With a header, as the standard wants it, or raw, as some servers send it.
    return zlib.decompressobj(zlib.MAX_WBITS if data[0] & _LOW_HALF == _ZLIB_METHOD else -zlib.MAX_WBITS)


def _zstd(_: bytes) -> _Stream:
    return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: _Members(_gzip, _GZIP_MAGIC, _DEFLATE_SLICE),
    "deflate": lambda: _Members(_deflate, None, _DEFLATE_SLICE),
    "br": _Brotli,
    "zstd": lambda: _Members(_zstd, _ZSTD_MAGIC, _ZSTD_SLICE),
}
_ALIASES = {"x-gzip": "gzip"}


def decoders(content_encoding: str) -> list[Decoder]:
    """Who undoes these encodings, in the order in which they are to be undone.

    Raises:
        FetchError: one of them is unknown, or there are too many.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [_ALIASES.get(name, name) for name in names if name not in ("", "identity")]
    unknown = next((name for name in names if name not in _DECODERS), None)
    if unknown is not None:
        raise FetchError("bad-encoding", f"its body is encoded in an unknown way ({unknown[:40]!r})")
    if len(names) > _MOST_LAYERS:
        raise FetchError("bad-encoding", f"its body is encoded {len(names)} times over")
    return [_DECODERS[name]() for name in reversed(names)]
