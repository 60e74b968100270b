from collections.abc import Iterator
from itertools import count

import pytest

from support import wait_for
from themeline.cli.ingest_ahead import ReadAhead
from themeline.cli.ingest_progress import LINE_SECONDS, Pace, Shown, duration


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_pace_tells_rate_share_and_time_left() -> None:
    clock = Clock()
    pace = Pace(1_000, clock)
    clock.now += 10
    pace.advance(100, 200)
    clock.now += 10
    pace.advance(100, 400)
    assert (pace.rate, pace.share, pace.seconds_left) == (10.0, 0.4, 30.0)
    assert str(pace) == "200 articles · 10/s · 40% · 30 s left"


def test_what_an_earlier_run_sent_does_not_make_this_one_look_fast() -> None:
    clock = Clock()
    pace = Pace(1_000, clock)
    pace.advance(1, 800)
    clock.now += 10
    pace.advance(1, 850)
    assert pace.seconds_left == pytest.approx(30)


def test_without_a_known_size_there_is_a_rate_and_no_end() -> None:
    clock = Clock()
    pace = Pace(None, clock)
    clock.now += 2
    pace.advance(10, 5_000)
    assert str(pace) == "10 articles · 5/s"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")]
)
def test_durations_are_told_as_a_person_would(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_where_there_is_no_terminal_a_line_comes_now_and_then(capfd: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Shown(Pace(None, clock), clock) as shown:
        shown.advance(1, 0)
        clock.now += LINE_SECONDS
        shown.advance(1, 0)
        shown.advance(1, 0)
        clock.now += LINE_SECONDS
        shown.waiting("the service is busy")
    assert capfd.readouterr().err.splitlines() == [
        "themeline: 2 articles · 0/s",
        "themeline: 3 articles · 0/s · waiting: the service is busy",
    ]


def test_reading_ahead_keeps_the_order_and_ends() -> None:
    with ReadAhead(iter(range(100)), 3) as taken:
        assert list(taken) == list(range(100))


def test_reading_ahead_stays_within_its_bound() -> None:
    read: list[int] = []

    def numbers() -> Iterator[int]:
        for number in count():
            read.append(number)
            yield number

    with ReadAhead(numbers(), 3) as taken:
        assert next(taken) == 0
        wait_for(lambda: len(read) == 5)  # one taken, three waiting, one that finds no room
        assert next(taken) == 1
    seen = len(read)
    assert seen <= 6


def test_what_the_reader_raises_comes_in_its_place() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    with ReadAhead(failing(), 3) as taken:
        assert next(taken) == 1
        with pytest.raises(OSError, match="gone"):
            next(taken)
