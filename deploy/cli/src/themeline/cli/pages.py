"""Fetching one address for `themeline ingest`: limited in time and size, because strangers answer."""

import asyncio
import io
from dataclasses import dataclass
from typing import BinaryIO

import aiohttp

from themeline.cli import __version__

# Everything included: name, connection, redirects and the slowest body.
TOTAL_SECONDS = 30.0
LARGEST_BYTES = 10 * 1024 * 1024
MOST_REDIRECTS = 5
CHUNK = 64 * 1024

FEED_TYPES = ("rss", "atom", "xml", "feed")
# What the reader of files recognises by the end of a name.
NAMES = {"text/html": "page.html", "application/xhtml+xml": "page.html", "text/plain": "page.txt"}
ITEM_TYPES = ("application/x-ndjson", "application/jsonl", "application/json", "application/gzip")


class FetchError(Exception):
    """The address gave nothing that can be read; the text says why."""


@dataclass(frozen=True)
class Fetched:
    """What an address answered: its final address, and a name and bytes for the reader of files."""

    url: str
    name: str
    stream: BinaryIO


def fetch(url: str) -> Fetched:
    """Fetch an address; raise FetchError with the reason when that is not possible."""
    try:
        return asyncio.run(_fetch(url))
    except TimeoutError:
        raise FetchError(f"no complete answer within {TOTAL_SECONDS:.0f} s") from None
    except aiohttp.InvalidURL:
        raise FetchError("is no address of a page") from None
    except aiohttp.ClientError as error:
        raise FetchError(str(error) or type(error).__name__) from None


async def _fetch(url: str) -> Fetched:
    timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS)
    # Not compressed: what is counted is then what is kept.
    headers = {"User-Agent": f"Themeline/{__version__}", "Accept-Encoding": "identity"}
    async with (
        aiohttp.ClientSession(timeout=timeout, headers=headers, auto_decompress=False, trust_env=True) as session,
        session.get(url, max_redirects=MOST_REDIRECTS) as answer,
    ):
        if not answer.ok:
            raise FetchError(f"it answered {answer.status} {answer.reason or ''}".strip())
        if answer.headers.get("Content-Encoding", "identity") not in ("identity", ""):
            raise FetchError("it answers compressed although it was asked not to: save the page and give the file")
        name = _name(answer)
        return Fetched(str(answer.url), name, io.BytesIO(await _body(answer)))


def _name(answer: aiohttp.ClientResponse) -> str:
    kind = answer.content_type
    if kind in NAMES:
        return NAMES[kind]
    if any(word in kind for word in FEED_TYPES) or kind == "application/feed+json":
        raise FetchError("it is a feed; feeds cannot be read yet: give the addresses of its articles")
    if kind in ITEM_TYPES or answer.url.path.endswith((".jsonl", ".jsonl.gz", ".json", ".ndjson")):
        return answer.url.name
    raise FetchError(f"it is {kind}, neither a page nor a list of articles")


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > LARGEST_BYTES:
            raise FetchError(f"it is larger than {LARGEST_BYTES // 1024**2} MB")
    return bytes(body)
