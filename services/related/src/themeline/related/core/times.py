"""An article's publication time: what the source wrote, read, and how sure it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from themeline.shared.core.human_times import read_human_time
from themeline.shared.core.timestamps import PublicationTime, parse_timestamp

# A feed's clock that runs ahead by more than this is a mistake, not a skew.
FUTURE_TOLERANCE = timedelta(hours=1)
# What software writes that has no date: an empty field of a database, read as a number.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

UNREADABLE = "unreadable"
CLAMPED = "clamped_to_arrival"
PROSE = "written_for_readers"


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


def article_time(
    raw: str | None,
    *,
    zone: tzinfo,
    origin: str,
    ingested_at: datetime,
    day_first: bool | None = None,
    language: str | None = None,
) -> ArticleTime:
    """Read the `published` string of a push or a feed.

    What is no timestamp but names a day in words (`12 tháng 7 2025`) is read as such, and flagged.
    A feed's future date is clamped to the arrival and flagged, and so is one in words: no embargo is read from
    it. A push's timestamp in the future is an embargo and stays. A feed's time exactly at the epoch is no date.

    Args:
        raw: as the source wrote it.
        zone: the source's, for times without one.
        origin: `push` or `feed`.
        ingested_at: the arrival, aware.
        day_first: the source's order of day and month in all-figure dates; None leaves out uncertain ones.
        language: of the article or its source, BCP 47, for a time in words.
    """
    read, flags = _read(raw or "", zone, day_first=day_first, language=language)
    if read is None or (origin == "feed" and read.at == EPOCH):
        flags = (UNREADABLE,) if raw else ()
        return ArticleTime(None, None, zone_assumed=False, evidence=None, flags=flags, sort_at=ingested_at)
    at = read.at
    if (origin == "feed" or PROSE in flags) and at > ingested_at + FUTURE_TOLERANCE:
        at, flags = ingested_at, (*flags, CLAMPED)
    return ArticleTime(at, read.precision.value, read.zone_assumed, f"{origin}.published", flags, at)


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name; UTC for one that there is not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _read(
    raw: str, zone: tzinfo, *, day_first: bool | None, language: str | None
) -> tuple[PublicationTime | None, tuple[str, ...]]:
    read = parse_timestamp(raw, zone, day_first=day_first)
    if read is not None:
        return read, ()
    return read_human_time(raw, language=language, default_zone=zone, day_first=day_first), (PROSE,)
