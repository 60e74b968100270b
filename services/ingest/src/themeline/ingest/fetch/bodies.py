"""The body of an answer, as far as its limit allows."""

from collections.abc import Iterator, Sequence

import aiohttp

from themeline.ingest.fetch.answers import FetchError
from themeline.ingest.fetch.decoders import DECODING_ERRORS, Decoder, decoders


class _FullError(Exception):
    """The limit is reached; carries the failure that this is, unless the rest is to be cut off."""

    def __init__(self, failure: FetchError) -> None:
        super().__init__()
        self.failure = failure


async def read_body(response: aiohttp.ClientResponse, limit: int, *, cut_off: bool) -> bytes:
    """The decompressed body.

    Args:
        response: with its body still to be read.
        limit: the most bytes that it may take on the wire, and again after each decompression.
        cut_off: whether what is beyond the limit is dropped instead of refused.

    Raises:
        FetchError: the body is larger, cannot be decompressed, or ends too early.
    """
    body = _Body(decoders(",".join(response.headers.getall("Content-Encoding", ()))), limit)
    if (response.content_length or 0) > limit and not cut_off:
        raise _too_large(limit)
    try:
        async for chunk in response.content.iter_any():
            body.feed(chunk)
    except _FullError as full:
        if not cut_off:
            raise full.failure from None
        return bytes(body.decoded[:limit])
    except DECODING_ERRORS as error:
        raise FetchError("bad-encoding", "its body cannot be decompressed") from error
    body.end()
    return bytes(body.decoded)


class _Body:
    def __init__(self, layers: Sequence[Decoder], limit: int) -> None:
        self.decoded = bytearray()
        self._layers = layers
        self._limit = limit
        self._received = 0
        self._made = [0] * len(layers)

    def feed(self, chunk: bytes) -> None:
        self._received += len(chunk)
        for piece in self._undone(chunk, 0):
            self.decoded += piece
        if self._received > self._limit:
            raise _FullError(_too_large(self._limit))

    def _undone(self, data: bytes, layer: int) -> Iterator[bytes]:
        """The data with all layers from this one on undone; each layer's output has the limit of the whole."""
        if layer == len(self._layers):
            yield data
            return
        for piece in self._layers[layer].decode(data):
            self._made[layer] += len(piece)
            yield from self._undone(piece, layer + 1)
            if self._made[layer] > self._limit:
                reason = f"it is larger than {_in_words(self._limit)} when it is decompressed"
                raise _FullError(FetchError("compressed-too-large", reason))

    def end(self) -> None:
        if self._received and not all(layer.finished for layer in self._layers):
            raise FetchError("truncated", "its compressed body ends too early")


def _too_large(limit: int) -> FetchError:
    return FetchError("too-large", f"it is larger than {_in_words(limit)}")


def _in_words(limit: int) -> str:
    return f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit:,} bytes"
