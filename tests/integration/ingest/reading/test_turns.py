"""Turns at a host: one after the other, however many ask."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from themeline.ingest.store import hosts
from themeline.ingest.turns import LONG_PATIENCE, NotNowError, Turns, origin
from themeline.shared.db import Sessions, unit_of_work

PAUSE = timedelta(seconds=1)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
HOST = "https://news.example"


def take(sessions: Sessions, now: datetime = NOW, pause: timedelta = PAUSE) -> hosts.Turn:
    with unit_of_work(sessions) as session:
        return hosts.take_turn(session, HOST, pause=pause, patience=LONG_PATIENCE, now=now)


def test_turns_of_one_host_are_a_pause_apart_whoever_asks(sessions: Sessions) -> None:
    with ThreadPoolExecutor(4) as pool:
        turns = list(pool.map(lambda _: take(sessions), range(6)))
    assert sorted(turn.at for turn in turns) == [NOW + number * PAUSE for number in range(6)]
    assert all(turn.taken for turn in turns)


def test_a_turn_that_is_too_far_away_is_told_and_not_taken(sessions: Sessions) -> None:
    take(sessions, pause=timedelta(minutes=1))
    assert take(sessions) == take(sessions) == hosts.Turn(NOW + timedelta(minutes=1), taken=False)


def test_a_host_that_was_not_asked_for_long_is_asked_at_once(sessions: Sessions) -> None:
    take(sessions)
    later = NOW + timedelta(hours=1)
    assert take(sessions, later) == hosts.Turn(later, taken=True)


def test_a_host_that_wants_to_be_left_alone_gives_no_turn(sessions: Sessions) -> None:
    take(sessions)
    with unit_of_work(sessions) as session:
        hosts.leave_alone(session, HOST, NOW + timedelta(hours=2))
        hosts.leave_alone(session, HOST, NOW + timedelta(hours=1))  # the longer wish holds
    assert take(sessions) == hosts.Turn(NOW + timedelta(hours=2), taken=False)


def test_whoever_waits_for_a_turn_is_woken_by_the_end(sessions: Sessions) -> None:
    stop = threading.Event()
    turns = Turns(sessions, pause=timedelta(seconds=3), stop=stop)
    turns.wait(HOST)
    stop.set()
    with pytest.raises(NotNowError):
        turns.wait(HOST, patience=LONG_PATIENCE)


def test_those_who_wait_for_one_host_do_not_come_back_all_at_once(sessions: Sessions) -> None:
    turns = Turns(sessions, pause=timedelta(seconds=10), stop=threading.Event())
    turns.wait(HOST)

    def turned_away(url: str = HOST) -> datetime:
        with pytest.raises(NotNowError) as error:
            turns.wait(url)
        return error.value.at

    back = [turned_away() for _ in range(300)]
    first = back[0]
    seconds = [(at - first).total_seconds() for at in back]
    # two for each turn, up to ten minutes; the others at any time within those
    assert seconds[:120] == [5.0 * number for number in range(120)]
    assert all(0 <= later <= 600 for later in seconds)
    assert len({round(later) for later in seconds[121:]}) > 100
    # another host has a queue of its own
    other = "https://other.example"
    turns.wait(other)
    assert turned_away(other) < first + timedelta(seconds=5)


def test_the_pause_that_a_source_wants_is_made_however_long(sessions: Sessions) -> None:
    turns = Turns(sessions, pause=PAUSE, stop=threading.Event())
    wanted, now = timedelta(hours=1), datetime.now(UTC)
    turns.wait(HOST, delay=wanted)
    with pytest.raises(NotNowError) as error:
        turns.wait(HOST)
    assert error.value.at >= now + wanted


def test_a_host_that_nobody_reads_any_more_is_forgotten(sessions: Sessions) -> None:
    take(sessions)
    with unit_of_work(sessions) as session:
        assert hosts.forget(session, NOW, 10) == 0
        assert hosts.forget(session, NOW + timedelta(days=60), 10) == 1
    assert take(sessions) == hosts.Turn(NOW, taken=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://News.Example/a?b", "https://news.example"),
        ("http://news.example:8080/", "http://news.example:8080"),
        ("https://user:password@news.example/x", "https://news.example"),
    ],
)
def test_a_host_is_scheme_name_and_port(url: str, expected: str) -> None:
    assert origin(url) == expected
