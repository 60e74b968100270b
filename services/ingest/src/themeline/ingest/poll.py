"""The use case: one feed polled, by one process at a time, and never given up."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from themeline.ingest.accept import TooManyRacesError
from themeline.ingest.core.canonical import UnusableUrlError, canonical_url
from themeline.ingest.core.feeds.model import Hints, ParsedFeed
from themeline.ingest.core.feeds.policy import Plan, PollOutcome, PollState, next_poll
from themeline.ingest.core.subscriptions import is_active
from themeline.ingest.entries import TakenIn, take_in
from themeline.ingest.fetch import Answer, FetchError
from themeline.ingest.reading import NOT_MODIFIED, OK, Reader, Reading, UnreadableError
from themeline.ingest.sandbox import SandboxError
from themeline.ingest.store import polls
from themeline.ingest.store.polls import PolledFeed
from themeline.ingest.turns import NotNowError, Turns
from themeline.shared.core.timestamps import parse_timestamp
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.process import first_line
from themeline.shared.telemetry.logging import logger

log = logger(__name__)

# A poll that takes longer is dead: an answer (30 s), parsing (10 s) and storing, thrice over for a sitemap index.
LEASE = timedelta(seconds=150)
MOST_ERROR = 300
# Of what a feed says of itself, as much as a list of feeds can show.
LONGEST_TITLE = 200
MOST_NOTICES = 10
# What goes wrong on our side is no failure of the feed: the database is away, busy, or full of others' writes.
OURS = (OperationalError, InterfaceError, PoolTimeoutError, TooManyRacesError)
PAUSE = timedelta(minutes=1)
ASKED_TO_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

_HINTS = TypeAdapter(Hints)


@dataclass(frozen=True)
class Polled:
    """What came of a poll: `read`, `unchanged`, `found`, `postponed`, `retired` or `failed`."""

    outcome: str
    feed_id: int
    url: str
    taken: TakenIn = field(default_factory=TakenIn)
    error: str | None = None


# Called with what a feed answered, to ask its hub for news.
Subscribe = Callable[[PolledFeed, Answer, ParsedFeed | None, datetime], None]


class Poller:
    """Polls feeds that are due."""

    def __init__(self, sessions: Sessions, reader: Reader, turns: Turns, subscribe: Subscribe) -> None:
        self._sessions = sessions
        self._reader = reader
        self._turns = turns
        self._subscribe = subscribe

    def poll(self, feed_id: int, *, correlation_id: str) -> Polled | None:
        """Poll a feed; None where it is not due or somebody else is at it."""
        now, lease = datetime.now(UTC), uuid4()
        with unit_of_work(self._sessions) as session:
            feed = polls.claim(session, feed_id, lease, now=now, until=now + LEASE)
        if feed is None:
            return None
        try:
            self._turns.wait(feed.row.url, delay=feed.crawl_delay)
            polled, values = self._polled(feed, correlation_id)
        except NotNowError as later:
            polled, values = Polled("postponed", feed.id, feed.row.url), {"next_poll_at": later.at}
        except OURS as error:
            log.warning(
                "a poll could not be stored, will try again", feed=str(feed.row.public_id), error=first_line(error)
            )
            polled, values = Polled("postponed", feed.id, feed.row.url), {"next_poll_at": datetime.now(UTC) + PAUSE}
        except Exception as error:
            log.exception("a poll failed unexpectedly", feed=str(feed.row.public_id), url=feed.row.url)
            polled, values = self._failed(feed, f"{type(error).__name__}: {first_line(error)}", PollOutcome(None))
        with unit_of_work(self._sessions) as session:
            polls.release(session, feed.id, lease, values, claimed_at=now)
        return polled

    def _polled(self, feed: PolledFeed, correlation_id: str) -> tuple[Polled, dict[str, Any]]:
        try:
            reading = self._reader.read(feed)
        except (FetchError, SandboxError, UnreadableError) as error:
            if self._turns.are_ending:
                raise NotNowError(datetime.now(UTC)) from error
            outcome = PollOutcome(None) if isinstance(error, FetchError) else PollOutcome(OK, is_feed=False)
            return self._failed(feed, f"{error.type}: {error.reason}", outcome)
        if reading.found is not None:
            return self._moved_to_found(feed, reading.found)
        if reading.answer.status not in (OK, NOT_MODIFIED):
            return self._refused(feed, reading)
        return self._read(feed, reading, correlation_id)

    def _read(self, feed: PolledFeed, reading: Reading, correlation_id: str) -> tuple[Polled, dict[str, Any]]:
        now = datetime.now(UTC)
        taken = TakenIn()
        for parsed in reading.feeds:
            more = take_in(self._sessions, feed, parsed, now=now, correlation_id=correlation_id)
            taken = TakenIn(taken.new + more.new, taken.statuses + more.statuses)
        if not reading.feeds:
            with unit_of_work(self._sessions) as session:
                polls.touch_entries(session, feed.id, now=now)
        plan = self._plan(feed, self._outcome(feed, reading, taken), now)
        values = self._values(feed, plan, status=reading.answer.status, now=now)
        values |= {"last_error": None, "succeeded_at": now} | _validators(reading)
        values |= _description(feed, reading.feeds, taken, now)
        self._subscribe(feed, reading.answer, next(iter(reading.feeds), None), now)
        outcome = "read" if reading.feeds else "unchanged"
        return Polled("retired" if plan.at is None else outcome, feed.id, feed.row.url, taken), values

    def _outcome(self, feed: PolledFeed, reading: Reading, taken: TakenIn) -> PollOutcome:
        answer, first = reading.answer, next(iter(reading.feeds), None)
        hints = first.hints if first else _HINTS.validate_python(feed.row.hints) if feed.row.hints else Hints()
        return PollOutcome(
            # A body that is the same is as good as being told so.
            status=answer.status if reading.feeds else NOT_MODIFIED,
            entries=sum(len(parsed.entries) for parsed in reading.feeds),
            new_entries=taken.new,
            published=tuple(_instants(reading.feeds)),
            hints=hints,
            cache_control=None if answer.max_age is None else f"max-age={answer.max_age}",
            moved_to=answer.moved_to,
        )

    def _refused(self, feed: PolledFeed, reading: Reading) -> tuple[Polled, dict[str, Any]]:
        answer = reading.answer
        seconds = None if answer.retry_after is None else str(int(answer.retry_after))
        if answer.status in ASKED_TO_WAIT and answer.retry_after:
            self._turns.leave_alone(answer.url, answer.retry_after)
        outcome = PollOutcome(
            answer.status, retry_after=seconds, moved_to=answer.moved_to, is_elsewhere=answer.is_elsewhere
        )
        return self._failed(feed, f"http-status: it answered {answer.status_in_words}", outcome)

    def _failed(self, feed: PolledFeed, error: str, outcome: PollOutcome) -> tuple[Polled, dict[str, Any]]:
        now = datetime.now(UTC)
        plan = self._plan(feed, outcome, now)
        values = self._values(feed, plan, status=outcome.status, now=now) | {"last_error": error[:MOST_ERROR]}
        return Polled("retired" if plan.at is None else "failed", feed.id, feed.row.url, error=error), values

    def _moved_to_found(self, feed: PolledFeed, url: str) -> tuple[Polled, dict[str, Any]]:
        """Read the feed that the site has, at once; the site's address stays known as what was added."""
        now = datetime.now(UTC)
        values = self._at(feed, url)
        if not values:
            error = "no-feed-found: the feed of the site has no address of its own at which it could be read"
            return self._failed(feed, error, PollOutcome(OK, is_feed=False))
        values |= {"next_poll_at": now, "polls": feed.row.polls + 1, "polled_at": now}
        return Polled("found", feed.id, url), values

    def _plan(self, feed: PolledFeed, outcome: PollOutcome, now: datetime) -> Plan:
        row = feed.row
        fixed = row.fixed_interval_seconds
        state = PollState(
            interval=timedelta(seconds=row.interval_seconds),
            failures=row.failures,
            first=row.succeeded_at is None,
            fixed_interval=None if fixed is None else timedelta(seconds=fixed),
            websub_active=is_active(row.hub_state, row.hub_lease_until, now),
        )
        return next_poll(state, outcome, now, jitter=random.random())  # noqa: S311  spreads load, hides nothing

    def _values(self, feed: PolledFeed, plan: Plan, *, status: int | None, now: datetime) -> dict[str, Any]:
        values: dict[str, Any] = {
            "polled_at": now,
            "polls": feed.row.polls + 1,
            "last_status": status,
            "failures": plan.failures,
            "interval_seconds": int(plan.interval.total_seconds()),
        }
        if plan.at is None:
            return values | {"state": "retired", "reason": "the server says that it is gone for good (410)"}
        values["next_poll_at"] = plan.at
        return values | (self._at(feed, plan.moved_to) if plan.moved_to else {})

    def _at(self, feed: PolledFeed, url: str) -> dict[str, Any]:
        """A feed's new address; where another feed is read there already, this one has nothing left to do.

        Nothing where it cannot move: the address cannot be stored, or belongs to a feed that nobody reads.
        """
        try:
            address = canonical_url(url)
        except UnusableUrlError:
            return {}
        with unit_of_work(self._sessions) as session:
            other = polls.state_at(session, address, feed.id)
        if other == "active":
            return {"state": "retired", "reason": f"it is the feed at {address}, which is read already"}
        if other is not None or address == feed.row.url:
            return {}
        return {"url": address, "etag": None, "last_modified": None, "body_digest": None}


def _validators(reading: Reading) -> dict[str, Any]:
    """What the next request asks with: a 304 may leave them out, and then they stay as they are.

    Without a digest nothing is asked with: what is the same must be read all the same.
    """
    answer = reading.answer
    fresh = {"etag": answer.etag, "last_modified": answer.last_modified}
    if answer.status == NOT_MODIFIED:
        return {name: value for name, value in fresh.items() if value}
    return fresh | {"body_digest": reading.digest} if reading.digest else dict.fromkeys((*fresh, "body_digest"))


def _description(feed: PolledFeed, feeds: tuple[ParsedFeed, ...], taken: TakenIn, now: datetime) -> dict[str, Any]:
    row, rejected = feed.row, taken.statuses.count("rejected")
    values: dict[str, Any] = {
        "created_articles": row.created_articles + taken.statuses.count("created"),
        "rejected_entries": row.rejected_entries + rejected,
    }
    if taken.new:
        values["changed_at"] = now
    if feeds:
        first = feeds[0]
        values |= {
            "format": first.format,
            "title": first.title[:LONGEST_TITLE] if first.title else None,
            "site_url": first.site_url,
            "notices": list(dict.fromkeys(notice for parsed in feeds for notice in parsed.notices))[:MOST_NOTICES],
            "entries": sum(len(parsed.entries) for parsed in feeds),
            "hints": _HINTS.dump_python(first.hints, mode="json"),
        }
    return values


def _instants(feeds: tuple[ParsedFeed, ...]) -> list[datetime]:
    read = (parse_timestamp(entry.published or entry.updated or "") for one in feeds for entry in one.entries)
    return [time.at for time in read if time is not None]
