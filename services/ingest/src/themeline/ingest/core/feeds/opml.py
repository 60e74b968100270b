"""Lists of feeds as OPML 2.0."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


class NotOpmlError(ValueError):
    """Bytes that are no list of feeds. The message says why, as a clause."""


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of a list; `folder` names its outlines from the outside in, joined by ` / `."""

    url: str
    title: str | None = None
    site_url: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class BadOutline:
    """An outline that names no usable feed."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Opml:
    feeds: tuple[OpmlFeed, ...]
    bad: tuple[BadOutline, ...]


def parse_opml(body: bytes) -> Opml:
    """The feeds of a list, each once.

    Raises:
        NotOpmlError: nothing else is raised.
    """
    raise NotImplementedError


def render_opml(feeds: Iterable[OpmlFeed], *, title: str, now: datetime) -> bytes:
    """The list as a file that other feed readers take."""
    raise NotImplementedError
