"""Where a site keeps its feeds."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's. `format`: `rss`, `atom`, `json`, `sitemap`, or None when nothing tells."""

    url: str
    title: str | None = None
    format: str | None = None


def find_feeds(html: bytes, url: str, *, content_type: str | None = None) -> list[Candidate]:
    """The feeds that a page names, best first. Never raises."""
    raise NotImplementedError


def well_known(url: str, *, robots_sitemaps: Iterable[str] = ()) -> list[Candidate]:
    """Addresses where sites usually keep feeds, most usual first, to be tried one after the other."""
    raise NotImplementedError
