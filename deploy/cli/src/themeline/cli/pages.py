"""Fetching one address for `themeline ingest`: limited in time and size, because strangers answer."""

import asyncio
import io
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import urlsplit

from themeline.cli import __version__
from themeline.ingest.fetch import Answer, AsyncFetcher
from themeline.ingest.fetch import FetchError as FetchFailure

# Who types an address may reach it anyway, also one of the own network.
ANYWHERE = ("0.0.0.0/0", "::/0")
LARGEST_BYTES = 10 * 1024 * 1024

FEED_TYPES = ("rss", "atom", "xml", "feed")
# What the reader of files recognises by the end of a name.
NAMES = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "text/plain": "page.txt",
    "application/feed+json": "feed.json",
}
ITEM_TYPES = ("application/x-ndjson", "application/jsonl", "application/json", "application/gzip")
ITEM_NAMES = (".jsonl", ".jsonl.gz", ".json", ".ndjson")


class FetchError(Exception):
    """The address gave nothing that can be read; the text says why."""


@dataclass(frozen=True)
class Fetched:
    """What an address answered: its final address, a name and bytes for the reader of files, and its media type."""

    url: str
    name: str
    stream: BinaryIO
    content_type: str


def fetch(url: str) -> Fetched:
    """Fetch an address; raise FetchError with the reason when that is not possible."""
    try:
        answer = asyncio.run(_fetch(url))
    except FetchFailure as failure:
        raise FetchError(failure.reason) from failure
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise FetchError(f"it answered {answer.status} {_phrase(answer.status)}".strip())
    return Fetched(answer.url, _name(answer), io.BytesIO(answer.body), answer.content_type)


async def _fetch(url: str) -> Answer:
    async with AsyncFetcher(agent=f"Themeline/{__version__}", allowed_networks=ANYWHERE) as fetcher:
        return await fetcher.get(url, limit_bytes=LARGEST_BYTES)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # a status of the site's own invention
        return ""


def _name(answer: Answer) -> str:
    kind, path = answer.content_type, urlsplit(answer.url).path
    if kind in NAMES:
        return NAMES[kind]
    if any(word in kind for word in FEED_TYPES):
        return "feed.xml"
    if kind in ITEM_TYPES or path.endswith(ITEM_NAMES):
        return path.rpartition("/")[2]
    raise FetchError(f"it is {kind or 'of no known type'}, neither a page nor a feed nor a list of articles")
