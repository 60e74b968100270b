"""An article's publication time: what the source wrote, read, and how sure it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from themeline.shared.core.timestamps import parse_timestamp

# A feed's clock that runs ahead by more than this is a mistake, not a skew.
FUTURE_TOLERANCE = timedelta(hours=1)

UNREADABLE = "unreadable"
CLAMPED = "clamped_to_arrival"


@dataclass(frozen=True, slots=True)
class ArticleTime:
    """When an article was published (aware UTC), or None with the reasons in `flags`.

    `sort_at` orders the article among others: its publication, or its arrival when undated.
    `evidence` names the field that the time came from.
    """

    published_at: datetime | None
    precision: str | None
    zone_assumed: bool
    evidence: str | None
    flags: tuple[str, ...]
    sort_at: datetime


def article_time(raw: str | None, *, zone: str, origin: str, ingested_at: datetime) -> ArticleTime:
    """Read the `published` string of a push or a feed.

    A feed's future date is clamped to the arrival and flagged; a push's is an embargo and stays.
    """
    read = parse_timestamp(raw, _zone(zone)) if raw else None
    if read is None:
        flags = (UNREADABLE,) if raw else ()
        return ArticleTime(None, None, zone_assumed=False, evidence=None, flags=flags, sort_at=ingested_at)
    at, flags = read.at, ()
    if origin == "feed" and at > ingested_at + FUTURE_TOLERANCE:
        at, flags = ingested_at, (CLAMPED,)
    return ArticleTime(at, read.precision.value, read.zone_assumed, f"{origin}.published", flags, at)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
