"""When a feed is read again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from themeline.ingest.core.feeds.model import Hints

Reason = Literal["fixed", "adapted", "unknown", "ttl", "cache-control", "websub", "failing", "retry-after", "gone"]


@dataclass(frozen=True, slots=True)
class PollState:
    """What is known of a feed before a poll.

    Attributes:
        interval: the one that the last plan gave.
        failures: polls that failed since the last that did not.
        fixed_interval: what a person asked for.
        websub_active: a hub tells of news.
    """

    interval: timedelta
    failures: int = 0
    fixed_interval: timedelta | None = None
    websub_active: bool = False


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a poll.

    Attributes:
        at: the next poll; None: the feed is gone, and is to be retired.
        interval: to be kept for the next plan; without backoff, jitter and hours to skip.
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
        jitter: uniform in [0, 1).
    """
    raise NotImplementedError


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """What a `Retry-After` asks for, capped; None when it is absent or cannot be read."""
    raise NotImplementedError
