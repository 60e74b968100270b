"""When a feed is read again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from themeline.ingest.core.feeds.model import Hints
from themeline.ingest.core.feeds.policy import (
    DEFAULT_INTERVAL,
    JITTER,
    MAX_BACKOFF,
    MAX_BACKOFF_REFUSED,
    MAX_INTERVAL,
    MAX_USUAL,
    MIN_ADAPTED,
    MIN_BACKOFF_LIMITED,
    MIN_INTERVAL,
    WEBSUB_INTERVAL,
    Plan,
    PollOutcome,
    PollState,
    next_poll,
)

NOW = datetime(2026, 1, 14, 12, 30, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STATE = PollState(DEFAULT_INTERVAL)
MIDDLE = 0.5  # the jitter that changes nothing

durations = st.timedeltas(timedelta(0), timedelta(days=400))
instants = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
jitters = st.floats(0, 1, exclude_max=True)
hints = st.builds(
    Hints,
    ttl=st.none() | durations,
    skip_hours=st.frozensets(st.integers(0, 23)),
    skip_days=st.frozensets(st.integers(0, 6)),
    update_period=st.none() | durations,
)
states = st.builds(
    PollState,
    interval=durations,
    failures=st.integers(0, 10_000),
    fixed_interval=st.none() | durations,
    websub_active=st.booleans(),
    first=st.booleans(),
)
statuses = st.none() | st.sampled_from((200, 204, 301, 304, 400, 401, 403, 404, 418, 429, 500, 502, 503))
outcomes = st.builds(
    PollOutcome,
    status=statuses,
    is_feed=st.booleans(),
    entries=st.integers(0, 1_000),
    new_entries=st.integers(0, 1_000),
    published=st.lists(instants, max_size=30).map(tuple),
    hints=hints,
    cache_control=st.none() | st.sampled_from(("max-age=300", "no-cache", "max-age=9999999999", "public, max-age=x")),
    retry_after=st.none() | st.text(max_size=10) | st.integers(0, 10**12).map(str),
)


def plan(outcome: PollOutcome, state: PollState = STATE, jitter: float = MIDDLE) -> Plan:
    return next_poll(state, outcome, NOW, jitter=jitter)


def wait(found: Plan) -> timedelta:
    assert found.at is not None
    return found.at - NOW


def every(gap: timedelta, *, last: timedelta = timedelta(0), count: int = 20) -> tuple[datetime, ...]:
    """Instants of a feed that publishes regularly."""
    return tuple(NOW - last - number * gap for number in range(count))


def ok(**fields: object) -> PollOutcome:
    return replace(PollOutcome(200, entries=20), **fields)  # type: ignore[arg-type]


@given(states, outcomes, instants, jitters)
def test_the_next_poll_is_never_now_and_never_more_than_a_day_away(
    state: PollState, outcome: PollOutcome, now: datetime, jitter: float
) -> None:
    found = next_poll(state, outcome, now, jitter=jitter)
    assert found.at is not None
    assert MIN_INTERVAL <= found.at - now <= MAX_INTERVAL


@given(states, outcomes, instants, jitters)
def test_no_feed_is_read_in_the_hours_it_asks_to_skip(
    state: PollState, outcome: PollOutcome, now: datetime, jitter: float
) -> None:
    outcome = replace(outcome, status=200, is_feed=True)
    assume(len(outcome.hints.skip_hours) < 24)
    found = next_poll(state, outcome, now, jitter=jitter)
    assert found.at is not None
    assert found.at.hour not in outcome.hints.skip_hours


@given(states, jitters)
def test_hours_to_skip_are_those_of_greenwich(state: PollState, jitter: float) -> None:
    outcome = ok(hints=Hints(skip_hours=frozenset(range(1, 24))))
    found = next_poll(state, outcome, NOW.astimezone(timezone(timedelta(hours=5, minutes=30))), jitter=jitter)
    assert found.at is not None
    assert found.at.astimezone(UTC).hour == 0


def test_skipped_hours_move_the_poll_behind_them() -> None:
    found = plan(ok(published=every(HOUR), hints=Hints(skip_hours=frozenset((12, 13, 14)))))
    assert found.at is not None
    assert found.at.hour == 15
    assert found.interval == HOUR / 2


def test_skipped_days_are_skipped_or_read_once() -> None:
    wednesday, rest = frozenset((2,)), frozenset((2, 3, 4, 5))
    assert (
        wait(plan(ok(published=every(HOUR), hints=Hints(skip_days=wednesday)))) == 11.5 * HOUR
    )  # the first hour of Thursday
    assert wait(plan(ok(published=every(HOUR), hints=Hints(skip_days=rest)))) == MAX_INTERVAL


def test_a_feed_that_asks_never_to_be_read_is_read_all_the_same() -> None:
    never = Hints(skip_hours=frozenset(range(24)), skip_days=frozenset(range(7)))
    assert wait(plan(ok(hints=never))) <= MAX_INTERVAL


@pytest.mark.parametrize(
    ("gap", "interval"),
    [(MINUTE, MIN_ADAPTED), (20 * MINUTE, 10 * MINUTE), (100 * MINUTE, 50 * MINUTE), (10 * DAY, MAX_USUAL)],
)
def test_a_feed_is_read_twice_in_its_usual_gap(gap: timedelta, interval: timedelta) -> None:
    assert plan(ok(published=every(gap))) == Plan(NOW + interval, interval, 0, "adapted")


def test_a_feed_that_fell_silent_is_read_more_rarely_and_again_often_when_it_speaks() -> None:
    assert plan(ok(published=every(10 * MINUTE, last=30 * DAY))).interval == MAX_INTERVAL
    silent = plan(ok(published=every(10 * MINUTE, last=10 * HOUR)))
    assert silent.interval == 30 * MINUTE
    speaking = plan(ok(published=(NOW, *every(10 * MINUTE, last=10 * HOUR))), PollState(silent.interval))
    assert speaking.interval == MIN_ADAPTED


def test_nothing_new_lengthens_the_interval_by_as_much_as_the_silence() -> None:
    found = plan(PollOutcome(304), PollState(HOUR))
    assert (found.interval, found.reason) == (63 * MINUTE, "adapted")
    state = PollState(MIN_ADAPTED)
    for _ in range(200):
        state = PollState(plan(PollOutcome(304), state).interval)
    assert state.interval == MAX_INTERVAL


def test_times_to_come_and_many_entries_at_once_do_not_mislead() -> None:
    assert plan(ok(published=(*every(2 * HOUR), NOW + DAY, NOW + 2 * DAY))).interval == HOUR
    assert plan(ok(published=(NOW,) * 20)).reason == "unknown"


def test_when_every_entry_is_new_some_may_have_been_missed() -> None:
    outcome = ok(published=every(HOUR), new_entries=20)
    assert plan(outcome, PollState(HOUR / 2)).interval == HOUR / 4
    assert plan(outcome, PollState(HOUR / 2, first=True)).interval == HOUR / 2


def test_without_times_what_is_new_decides() -> None:
    assert plan(ok(new_entries=1), PollState(HOUR)).interval == HOUR / 2
    assert plan(ok(new_entries=0), PollState(HOUR)).interval == 1.5 * HOUR
    assert plan(ok(new_entries=9), PollState(HOUR, first=True)).interval == HOUR
    assert plan(ok(hints=Hints(update_period=3 * HOUR))).interval == 3 * HOUR


def test_what_the_feed_says_of_its_rhythm_does_not_overrule_the_rhythm() -> None:
    assert plan(ok(published=every(HOUR), hints=Hints(update_period=DAY))).interval == HOUR / 2


@pytest.mark.parametrize(
    ("fields", "state", "reason", "least"),
    [
        ({"hints": Hints(ttl=2 * HOUR)}, STATE, "ttl", 2 * HOUR),
        ({"cache_control": "public, max-age=10800"}, STATE, "cache-control", 3 * HOUR),
        ({"hints": Hints(ttl=2 * HOUR), "cache_control": "max-age=60"}, STATE, "ttl", 2 * HOUR),
        ({}, replace(STATE, websub_active=True), "websub", WEBSUB_INTERVAL),
        ({"hints": Hints(ttl=300 * DAY)}, STATE, "ttl", MAX_INTERVAL),
    ],
)
@pytest.mark.parametrize("jitter", [0.0, 0.99])
def test_feed_server_and_hub_may_ask_for_rest(
    fields: dict[str, object], state: PollState, reason: str, least: timedelta, jitter: float
) -> None:
    found = plan(ok(published=every(HOUR), **fields), state, jitter)
    assert (found.reason, found.interval) == (reason, HOUR / 2)
    assert least <= wait(found) <= least * (1 + JITTER)


def test_what_a_person_fixed_stands_above_every_wish_but_not_above_the_limits() -> None:
    wishes = ok(published=every(HOUR), hints=Hints(ttl=DAY), cache_control="max-age=86400")
    state = replace(STATE, fixed_interval=3 * MINUTE, websub_active=True)
    assert plan(wishes, state) == Plan(NOW + 3 * MINUTE, 3 * MINUTE, 0, "fixed")
    assert plan(wishes, replace(state, fixed_interval=timedelta(seconds=1))).interval == MIN_INTERVAL
    assert plan(wishes, replace(state, fixed_interval=9 * DAY)).interval == MAX_INTERVAL


@given(outcomes, st.integers(0, 60), jitters)
def test_the_wait_grows_with_every_failure_to_a_limit(outcome: PollOutcome, failures: int, jitter: float) -> None:
    assume(outcome.status not in (200, 204, 304))
    first = plan(outcome, replace(STATE, failures=failures), jitter)
    second = plan(outcome, replace(STATE, failures=first.failures), jitter)
    assert first.failures == failures + 1
    assert MIN_INTERVAL <= wait(first) <= wait(second) <= MAX_INTERVAL


@pytest.mark.parametrize(
    ("status", "limit"),
    [
        (None, MAX_BACKOFF),
        (500, MAX_BACKOFF),
        (502, MAX_BACKOFF),
        (404, MAX_BACKOFF_REFUSED),
        (403, MAX_BACKOFF_REFUSED),
    ],
)
def test_a_feed_that_fails_is_asked_for_ever(status: int | None, limit: timedelta) -> None:
    assert wait(plan(PollOutcome(status), replace(STATE, failures=0))) == DEFAULT_INTERVAL * 2 * 1.05
    assert wait(plan(PollOutcome(status), replace(STATE, failures=1_000_000), 0)) == limit


@given(states, jitters)
def test_the_first_success_ends_the_waiting(state: PollState, jitter: float) -> None:
    recovered = next_poll(state, ok(published=every(HOUR)), NOW, jitter=jitter)
    untroubled = next_poll(replace(state, failures=0), ok(published=every(HOUR)), NOW, jitter=jitter)
    assert recovered == untroubled
    assert recovered.failures == 0


def test_a_failure_does_not_forget_the_rhythm() -> None:
    assert plan(PollOutcome(None), PollState(7 * MINUTE)).interval == 7 * MINUTE


def test_a_page_where_a_feed_was_is_a_failure_and_no_move() -> None:
    found = plan(PollOutcome(200, is_feed=False, moved_to="https://example.org/login"))
    assert (found.reason, found.failures, found.moved_to) == ("failing", 1, None)


def test_a_feed_moves_where_it_was_found() -> None:
    assert plan(PollOutcome(304, moved_to="https://example.org/new")).moved_to == "https://example.org/new"


def test_a_feed_is_retired_when_its_server_says_that_it_is_gone_and_not_before() -> None:
    assert plan(PollOutcome(410)) == Plan(None, DEFAULT_INTERVAL, 1, "gone")
    assert plan(PollOutcome(404), replace(STATE, failures=999)).at is not None


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_says_when_to_come_back(status: int) -> None:
    found = plan(PollOutcome(status, retry_after="7200"), jitter=0)
    assert (wait(found), found.reason) == (2 * HOUR, "retry-after")
    assert wait(plan(PollOutcome(status, retry_after="1"), jitter=0)) == DEFAULT_INTERVAL
    assert wait(plan(PollOutcome(status, retry_after="99999999"), jitter=0)) == MAX_INTERVAL


def test_too_many_requests_are_an_hour_of_rest_at_least() -> None:
    assert wait(plan(PollOutcome(429))) >= MIN_BACKOFF_LIMITED


@given(jitters, jitters)
def test_feeds_that_were_added_together_drift_apart(one: float, other: float) -> None:
    assume(abs(one - other) > 0.01)
    outcome = ok(published=every(2 * HOUR))
    waits = [wait(plan(outcome, jitter=jitter)) for jitter in (one, other)]
    assert waits[0] != waits[1]
    assert all(HOUR * (1 - JITTER) <= found <= HOUR * (1 + JITTER) for found in waits)
