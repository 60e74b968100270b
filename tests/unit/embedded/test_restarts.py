from hypothesis import given
from hypothesis import strategies as st

from themeline.embedded.restarts import Deaths, RestartPolicy

POLICY = RestartPolicy(first_wait=1, longest_wait=5, most_deaths=5, window=60)


def test_waits_double_up_to_the_longest() -> None:
    deaths = Deaths(POLICY)
    assert [deaths.record(now) for now in (0, 1, 2, 3)] == [1, 2, 4, 5]


def test_a_child_is_given_up_at_its_last_death_within_the_window() -> None:
    deaths = Deaths(POLICY)
    assert [deaths.record(now) is None for now in (0, 10, 20, 30, 40)] == [False, False, False, False, True]


def test_deaths_long_ago_do_not_count() -> None:
    deaths = Deaths(POLICY)
    assert all(deaths.record(now) == 1 for now in range(0, 1000, 61))


@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=40))
def test_a_wait_is_never_longer_than_the_longest(gaps: list[float]) -> None:
    deaths, now = Deaths(POLICY), 0.0
    for gap in gaps:
        now += gap
        wait = deaths.record(now)
        assert wait is None or 1 <= wait <= 5
