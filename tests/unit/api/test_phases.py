"""How far a story or theme has come is told from its times and counts alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.api.phases import STORY, THEME, Activity, Phase, Tempo, phase

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("first", "last", "articles", "recent", "expected"),
    [
        (3, 1, 4, 4, "emerging"),
        (24, 0, 40, 40, "emerging"),
        (48, 1, 20, 10, "active"),
        (96, 1, 31, 4, "fading"),
        (96, 30, 31, 0, "fading"),
        (400, 14 * 24, 3, 0, "fading"),
        (400, 14 * 24 + 1, 3, 0, "over"),
        (-1, -1, 1, 1, "emerging"),
    ],
)
def test_a_story_emerges_goes_on_fades_and_is_over(
    first: float, last: float, articles: int, recent: int, expected: Phase
) -> None:
    assert phase(Activity(hours_ago(first), hours_ago(last), articles, recent), STORY, NOW) == expected


def test_a_theme_lives_longer_than_a_story() -> None:
    seen = Activity(hours_ago(20 * 24), hours_ago(15 * 24), 9, 0)
    assert (phase(seen, STORY, NOW), phase(seen, THEME, NOW)) == ("over", "fading")
    young = Activity(hours_ago(48), hours_ago(1), 9, 9)
    assert phase(young, THEME, NOW) == "emerging"


@given(
    st.floats(0, 2_000), st.floats(0, 2_000), st.integers(1, 500), st.integers(0, 500), st.sampled_from([STORY, THEME])
)
def test_a_silent_group_never_goes_back_to_an_earlier_phase(
    age: float, later: float, articles: int, recent: int, tempo: Tempo
) -> None:
    order = ["emerging", "active", "fading", "over"]
    first = Activity(hours_ago(age), hours_ago(age / 2), articles, min(articles, recent))
    silent = timedelta(hours=later) + tempo.recent
    then = phase(Activity(first.first, first.last, articles, 0), tempo, NOW + silent)
    assert order.index(then) >= order.index(phase(first, tempo, NOW))
