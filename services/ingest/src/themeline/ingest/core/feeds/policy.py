"""When a feed is read again: as often as it publishes, as rarely as it asks, and never given up."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median
from typing import Literal

from themeline.ingest.core.feeds.model import Hints

Reason = Literal["fixed", "adapted", "unknown", "ttl", "cache-control", "websub", "failing", "retry-after", "gone"]

# Nothing is asked more often than this, not even what a person fixed, and nothing more rarely than that.
MIN_INTERVAL = timedelta(seconds=60)
MAX_INTERVAL = timedelta(hours=24)  # miniflux's SCHEDULER_ENTRY_FREQUENCY_MAX_INTERVAL
DEFAULT_INTERVAL = timedelta(minutes=15)  # of a feed about which nothing is known; FreshRSS's lower limit

# What is found by itself is not below 5 minutes: miniflux's SCHEDULER_ENTRY_FREQUENCY_MIN_INTERVAL, and the least of
# Unread Cloud (5 to 60 minutes). Who needs a wire faster fixes its interval, or the publisher offers a hub.
MIN_ADAPTED = timedelta(minutes=5)
RECENT = 20  # entries: a day of a local paper, an hour of an agency
MIN_DATED = 3  # two gaps; one says nothing of a rhythm
# Half of the usual gap: an entry is seen a quarter of a gap after it was published, on average.
GAP_SHARE = 0.5
MAX_USUAL = timedelta(hours=1)  # ... but not later than an hour, while it is not silent; Unread Cloud's longest
# When a feed falls silent, its silence is noticed to have ended within 5 % of its length: after 8 hours of night the
# morning's first entry is at most 24 minutes late, a feed silent for 20 days is read daily.
SILENCE_SHARE = 0.05
UNKNOWN_LENGTHENED, UNKNOWN_SHORTENED = 1.5, 0.5  # without dates: by what the poll brought

WEBSUB_INTERVAL = timedelta(hours=6)  # a safety net under the hub; FreshRSS: 24 hours

# Failures double the wait. A site that is down comes back: half a day at most. One that says "not here" or "not you"
# is asked daily, for ever: miniflux stops after three errors, and its users ask for this (its issues 879, 1893, 2895).
MAX_BACKOFF = timedelta(hours=12)
MAX_BACKOFF_REFUSED = timedelta(hours=24)
MIN_BACKOFF_LIMITED = timedelta(hours=1)  # 429 without Retry-After; Unread Cloud waits 4 hours
MAX_RETRY_AFTER = timedelta(hours=24)  # a server that asks for a month means something else
_MAX_DOUBLINGS = 16  # 60 s doubled so often is above every limit

JITTER = 0.1  # ± 10 %: feeds that were added together drift apart

_GONE, _NOT_MODIFIED, _TOO_MANY, _UNAVAILABLE = 410, 304, 429, 503
_OK = range(200, 300)
_REFUSED = range(400, 500)
_HOUR = timedelta(hours=1)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_UNCACHEABLE = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PollState:
    """What is known of a feed before a poll.

    Attributes:
        interval: the one that the last plan gave; `DEFAULT_INTERVAL` before the first.
        failures: polls that failed since the last that did not.
        fixed_interval: what a person asked for.
        websub_active: a hub tells of news.
        first: the feed was never read: that every entry is new says nothing.
    """

    interval: timedelta
    failures: int = 0
    fixed_interval: timedelta | None = None
    websub_active: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll found.

    Attributes:
        status: of the last answer; None: no answer came (or was let in).
        is_feed: the body of a 200 could be read.
        entries: in the feed; `new_entries` of them were not known.
        published: instants of the entries, in any order; empty for a 304.
        hints: what the feed says; with a 304, what it said last time, if that is known.
        cache_control, retry_after: headers as received.
        moved_to: where only permanent redirects led.
        is_elsewhere: a temporary redirect led to the answer: what is gone there is not the feed.
    """

    status: int | None
    is_feed: bool = True
    entries: int = 0
    new_entries: int = 0
    published: tuple[datetime, ...] = ()
    hints: Hints = field(default_factory=Hints)
    cache_control: str | None = None
    retry_after: str | None = None
    moved_to: str | None = None
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a poll.

    Attributes:
        at: the next poll; None: the feed is gone, and is to be retired.
        interval: to be kept for the next plan; before what the feed, its server or a hub make of it.
        failures: to be kept.
        reason: what decided.
        moved_to: the feed's new address, to be stored.
    """

    at: datetime | None
    interval: timedelta
    failures: int
    reason: Reason
    moved_to: str | None = None


def next_poll(state: PollState, outcome: PollOutcome, now: datetime, *, jitter: float) -> Plan:
    """Decide when to ask again.

    Args:
        state: before the poll.
        outcome: of the poll.
        now: aware; the poll has just ended.
        jitter: uniform in [0, 1).

    Returns:
        A plan whose time is at least `MIN_INTERVAL` and at most `MAX_INTERVAL` away.
    """
    if outcome.status == _GONE and not outcome.is_elsewhere:
        return Plan(None, state.interval, state.failures + 1, "gone")
    if not _succeeded(outcome):
        return _after_failure(state, outcome, now, jitter)
    interval, reason = _interval(state, outcome, now)
    floor, floor_reason = _floor(state, outcome)
    delay = max(interval * _spread(jitter), floor * (1 + JITTER * jitter))
    at = _outside_skips(now, _within(delay, MIN_INTERVAL, MAX_INTERVAL), outcome.hints)
    return Plan(at, interval, 0, floor_reason if floor > interval else reason, outcome.moved_to)


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """What a `Retry-After` asks for (seconds, or a date), capped; None when it is absent or cannot be read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        seconds = int(text) if len(text) <= len("9999999999") else MAX_RETRY_AFTER.total_seconds()
        return min(timedelta(seconds=seconds), MAX_RETRY_AFTER)
    try:
        instant = parsedate_to_datetime(text)
        asked = (instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _within(asked, timedelta(0), MAX_RETRY_AFTER)


def max_age(cache_control: str | None) -> timedelta | None:
    """For how long an answer is fresh; None when nothing says so."""
    found = _MAX_AGE.search(cache_control or "")
    if found is None or _UNCACHEABLE.search(cache_control or "") is not None:
        return None
    return timedelta(seconds=int(found[1]))


def _succeeded(outcome: PollOutcome) -> bool:
    return outcome.status == _NOT_MODIFIED or (outcome.status in _OK and outcome.is_feed)


def _after_failure(state: PollState, outcome: PollOutcome, now: datetime, jitter: float) -> Plan:
    failures = state.failures + 1
    usual = _within(state.fixed_interval or state.interval, MIN_INTERVAL, MAX_INTERVAL)
    asked = retry_after(outcome.retry_after, now) if outcome.status in (_TOO_MANY, _UNAVAILABLE) else None
    if asked is not None:
        delay = max(asked, usual)
    else:
        most = MAX_BACKOFF_REFUSED if outcome.status in _REFUSED else MAX_BACKOFF
        least = MIN_BACKOFF_LIMITED if outcome.status == _TOO_MANY else MIN_INTERVAL
        doubled = max(usual, least) * 2 ** min(failures, _MAX_DOUBLINGS)
        delay = max(usual, min(doubled, most))
    at = now + _within(delay * (1 + JITTER * jitter), MIN_INTERVAL, MAX_INTERVAL)
    return Plan(at, state.interval, failures, "failing" if asked is None else "retry-after")


def _interval(state: PollState, outcome: PollOutcome, now: datetime) -> tuple[timedelta, Reason]:
    """How often by the feed's own rhythm, or by what a person fixed."""
    if state.fixed_interval is not None:
        return _within(state.fixed_interval, MIN_INTERVAL, MAX_INTERVAL), "fixed"
    if outcome.status == _NOT_MODIFIED:
        # The silence has lasted one interval longer: its share grows by as much.
        return _within(state.interval * (1 + SILENCE_SHARE), MIN_ADAPTED, MAX_INTERVAL), "adapted"
    instants = sorted({instant for instant in outcome.published if instant <= now}, reverse=True)[:RECENT]
    if len(instants) < MIN_DATED:
        return _within(_undated(state, outcome), MIN_ADAPTED, MAX_INTERVAL), "unknown"
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(instants)]
    usual = min(timedelta(seconds=median(gaps)) * GAP_SHARE, MAX_USUAL)
    interval = max(usual, (now - instants[0]) * SILENCE_SHARE)
    if outcome.entries and outcome.new_entries >= outcome.entries and not state.first:
        interval = min(interval, state.interval * UNKNOWN_SHORTENED)  # some may have come and gone in between
    return _within(interval, MIN_ADAPTED, MAX_INTERVAL), "adapted"


def _undated(state: PollState, outcome: PollOutcome) -> timedelta:
    if outcome.hints.update_period is not None:
        return outcome.hints.update_period
    if state.first:
        return state.interval
    return state.interval * (UNKNOWN_SHORTENED if outcome.new_entries else UNKNOWN_LENGTHENED)


def _floor(state: PollState, outcome: PollOutcome) -> tuple[timedelta, Reason]:
    """How rarely by the wish of feed, server and hub. What a person fixed stands above it."""
    nothing = timedelta(0)
    if state.fixed_interval is not None:
        return nothing, "fixed"
    wishes: list[tuple[timedelta, Reason]] = [
        (outcome.hints.ttl or nothing, "ttl"),
        (max_age(outcome.cache_control) or nothing, "cache-control"),
        (WEBSUB_INTERVAL if state.websub_active else nothing, "websub"),
    ]
    return max(wishes, key=lambda wish: wish[0])


def _outside_skips(now: datetime, delay: timedelta, hints: Hints) -> datetime:
    """The time, moved out of hours and days to skip: later if that is within the longest wait, else earlier.

    Where whole days leave no time within it, the feed is read once in the longest wait, outside its hours.
    """
    hours = hints.skip_hours if len(hints.skip_hours) < 24 else frozenset[int]()  # noqa: PLR2004 - all of them
    found = _open_time(now, delay, hours, hints.skip_days)
    return found or _open_time(now, MAX_INTERVAL, hours, frozenset()) or now + delay


def _open_time(now: datetime, delay: timedelta, hours: frozenset[int], days: frozenset[int]) -> datetime | None:
    def is_open(wait: timedelta) -> bool:
        time = (now + wait).astimezone(UTC)
        return time.hour not in hours and time.weekday() not in days

    later = (delay + step * _HOUR for step in range(25))
    earlier = (MAX_INTERVAL - step * _HOUR for step in range(24))
    waits = (*(wait for wait in later if wait <= MAX_INTERVAL), *earlier)
    return next((now + wait for wait in waits if is_open(wait)), None)


def _spread(jitter: float) -> float:
    return 1 - JITTER + 2 * JITTER * jitter


def _within(value: timedelta, least: timedelta, most: timedelta) -> timedelta:
    return min(max(value, least), most)
