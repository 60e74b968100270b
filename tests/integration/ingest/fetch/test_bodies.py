import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import brotli
import pytest
import zstandard

from hostile import HostileServer, failure
from themeline.ingest.fetch import Fetcher

MEGABYTE = 1024 * 1024
TEXT = b"The river rose and the bridge was closed for a day. " * 2000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd,
}


@contextmanager
def most_memory() -> Iterator[Callable[[], int]]:
    """The most that Python had at once, in bytes, beyond what it had before."""
    tracemalloc.start(1)
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", [*PACKERS, "GZIP"])
def test_a_compressed_body_is_decompressed(server: HostileServer, fetcher: Fetcher, encoding: str) -> None:
    packed = PACKERS[encoding.lower()](TEXT)
    assert fetcher.get(server.puts("/", packed, headers={"Content-Encoding": encoding})).body == TEXT


def test_deflate_without_its_header_is_read_too(server: HostileServer, fetcher: Fetcher) -> None:
    assert fetcher.get(server.puts("/", raw_deflate(TEXT), headers={"Content-Encoding": "deflate"})).body == TEXT


def test_two_encodings_are_undone_from_the_last_to_the_first(server: HostileServer, fetcher: Fetcher) -> None:
    packed = gzip.compress(brotli.compress(TEXT))
    assert fetcher.get(server.puts("/", packed, headers={"Content-Encoding": "br, gzip"})).body == TEXT


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("zstd", zstd)])
def test_compressed_files_one_after_another_are_one_body(
    server: HostileServer, fetcher: Fetcher, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(b"one ") + pack(b"two ") + pack(b"three")
    answer = fetcher.get(server.puts("/", packed, headers={"Content-Encoding": encoding}))
    assert answer.body == b"one two three"


@pytest.mark.parametrize("size", [1, 7, 1023, 1024, 1025])
def test_what_follows_a_gzip_file_is_ignored_wherever_it_is_cut(
    server: HostileServer, fetcher: Fetcher, size: int
) -> None:
    packed = gzip.compress(TEXT) + b"\0" * size + b"\x1f"
    assert fetcher.get(server.puts("/", packed, headers={"Content-Encoding": "gzip"})).body == TEXT


def test_an_empty_body_needs_no_encoding(server: HostileServer, fetcher: Fetcher) -> None:
    assert fetcher.get(server.puts("/", b"", headers={"Content-Encoding": "br"})).body == b""


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_refused_while_it_grows(server: HostileServer, fetcher: Fetcher, encoding: str) -> None:
    packed = _bomb(encoding)
    assert len(packed) < MEGABYTE
    url = server.puts("/bomb", packed, headers={"Content-Encoding": encoding})
    with most_memory() as used:
        assert failure(fetcher, url).type == "compressed-too-large"
    # The 10 MB that are allowed, a second time while they grow, and a step of the decoder.
    assert used() < 32 * MEGABYTE


def _bomb(encoding: str, grown: int = 100 * MEGABYTE) -> bytes:
    """What grows to 100 MB, made in pieces so that this process never has them."""
    add, end = _packer(encoding)
    piece = bytes(MEGABYTE)
    return b"".join(add(piece) for _ in range(grown // MEGABYTE)) + end()


def _packer(encoding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    if encoding == "br":
        brotlis = brotli.Compressor(quality=1)
        return brotlis.process, brotlis.finish
    if encoding == "zstd":
        zstandards = zstandard.ZstdCompressor().compressobj()
        return zstandards.compress, zstandards.flush
    zlibs = zlib.compressobj(wbits=zlib.MAX_WBITS if encoding == "deflate" else 16 + zlib.MAX_WBITS)
    return zlibs.compress, zlibs.flush


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br, br", "zstd, gzip", "gzip, br"])
def test_a_bomb_in_a_bomb_is_refused(server: HostileServer, fetcher: Fetcher, encoding: str) -> None:
    inner, outer = encoding.split(", ")
    packed = PACKERS[outer](_bomb(inner))
    url = server.puts("/bomb", packed, headers={"Content-Encoding": encoding})
    assert failure(fetcher, url).type == "compressed-too-large"


def test_encodings_are_not_piled_up(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.puts("/", b"x", headers={"Content-Encoding": "gzip, gzip, gzip"})
    assert failure(fetcher, url).type == "bad-encoding"


def test_a_thousand_compressed_files_are_no_body(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.puts("/", gzip.compress(b"") * 1000, headers={"Content-Encoding": "gzip"})
    assert failure(fetcher, url).type == "bad-encoding"


@pytest.mark.parametrize("encoding", [*PACKERS, "compress", "utf-8"])
def test_what_is_not_compressed_as_it_says_is_refused(server: HostileServer, fetcher: Fetcher, encoding: str) -> None:
    url = server.puts("/", b"<html>plain</html>", headers={"Content-Encoding": encoding})
    assert failure(fetcher, url).type in ("bad-encoding", "truncated")


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_compressed_body_that_ends_too_early_is_refused(
    server: HostileServer, fetcher: Fetcher, encoding: str
) -> None:
    packed = PACKERS[encoding](TEXT)
    url = server.puts("/", packed[: len(packed) // 2], headers={"Content-Encoding": encoding})
    assert failure(fetcher, url).type == "truncated"


def test_a_window_larger_than_the_web_allows_is_refused(server: HostileServer, fetcher: Fetcher) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = packer.compress(TEXT * 10) + packer.flush()
    url = server.puts("/", packed, headers={"Content-Encoding": "zstd"})
    assert failure(fetcher, url).type == "bad-encoding"


def test_a_body_that_announces_too_much_is_not_read(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.sends("/", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 1000)
    assert failure(fetcher, url).type == "too-large"


def test_an_endless_body_is_cut_off(server: HostileServer, fetcher: Fetcher) -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    assert failure(fetcher, server.does("/", endless), limit_bytes=100_000).type == "too-large"


def test_what_is_beyond_the_limit_may_be_dropped_instead(server: HostileServer, fetcher: Fetcher) -> None:
    plain = server.puts("/plain", b"0123456789")
    packed = server.puts("/packed", gzip.compress(b"0123456789" * 1000), headers={"Content-Encoding": "gzip"})
    assert fetcher.get(plain, limit_bytes=4, cut_off=True).body == b"0123"
    assert fetcher.get(packed, limit_bytes=400, cut_off=True).body == b"0123456789" * 40


def test_a_body_of_exactly_the_limit_is_no_failure(server: HostileServer, fetcher: Fetcher) -> None:
    assert fetcher.get(server.puts("/", b"0123"), limit_bytes=4).body == b"0123"
    packed = gzip.compress(b"0" * 1000)
    url = server.puts("/packed", packed, headers={"Content-Encoding": "gzip"})
    assert len(fetcher.get(url, limit_bytes=1000).body) == 1000
    assert failure(fetcher, url, limit_bytes=999).type == "compressed-too-large"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nshort\r\n",
    ],
)
def test_a_body_that_ends_too_early_is_refused(server: HostileServer, fetcher: Fetcher, answer: bytes) -> None:
    assert failure(fetcher, server.sends("/", answer)).type in ("truncated", "bad-answer")


def test_a_body_longer_than_announced_is_refused(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.sends("/", b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody and more")
    assert failure(fetcher, url).type == "bad-answer"
