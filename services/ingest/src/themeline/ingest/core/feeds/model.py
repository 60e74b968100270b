"""What feeds of every format come to."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Format = Literal["rss", "rdf", "atom", "json", "news-sitemap", "sitemap", "sitemap-index"]
Reason = Literal["empty", "too-large", "damaged", "unsafe-xml", "html-page", "not-a-feed"]


class NotAFeedError(ValueError):
    """Bytes that are no feed.

    Attributes:
        type: short stable name of what is wrong.
        reason: the same for people, as a clause.
    """

    def __init__(self, type_: Reason, reason: str) -> None:
        super().__init__(type_, reason)  # what pickling hands over between processes
        self.type = type_
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry as its feed has it: nothing cleaned, no time read.

    Attributes:
        guid: opaque, exactly as written.
        url: absolute, not canonical; None when the entry leads nowhere.
        html: the body, when the feed gives one apart from the summary. Not sanitised.
        has_full_text: the body (or what stands in its place) is an article, not a teaser.
        published: as the source wrote it; so is `updated`.
        source: who wrote the entry, when the feed says that it was somebody else.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    html: str | None = None
    summary: str | None = None
    has_full_text: bool = False
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    image: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ChildSitemap:
    """A sitemap that a sitemap index lists; `modified` as written."""

    url: str
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed says about when it may be read.

    Attributes:
        ttl: how long it may be kept without asking (RSS `ttl`, minutes).
        skip_hours: hours of the day in GMT, 0 to 23, in which not to ask.
        skip_days: days of the week, Monday is 0, on which not to ask.
        update_period: how often it says it is renewed (`sy:updatePeriod` divided by `sy:updateFrequency`).
    """

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    update_period: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed or sitemap.

    Attributes:
        self_url: the feed's own name of itself (`rel=self`): the topic for WebSub.
        hub_urls: WebSub hubs, absolute, in the order of the feed.
        children: of a sitemap index; its `entries` are empty.
        notices: what was left out, or mended, as sentences.
    """

    format: Format
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    hints: Hints = field(default_factory=Hints)
    hub_urls: tuple[str, ...] = ()
    self_url: str | None = None
    icon: str | None = None
    entries: tuple[FeedEntry, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    notices: tuple[str, ...] = ()
