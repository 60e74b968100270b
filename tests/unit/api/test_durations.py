from datetime import timedelta

import pytest

from themeline.api.queries.durations import lasting, times


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 ms"),
        (0.1404, "140 ms"),
        (1.9, "1900 ms"),
        (2, "2 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7_199, "119 min"),
        (7_200, "2 h"),
        (172_800, "2 d"),
        (10**9, "11574 d"),
    ],
)
def test_a_length_of_time_is_told_in_the_largest_unit_of_which_there_are_two(seconds: float, words: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == words


def test_numbers_of_times_are_told_in_words() -> None:
    assert [times(number) for number in (1, 2, 3, 1_000)] == ["once", "twice", "3 times", "1,000 times"]
