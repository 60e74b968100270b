import numpy as np

from themeline.related.core.placing import Assignment, Neighbourhood, place
from themeline.related.core.relations import Scored
from themeline.related.core.stories import STORY_SILENCE, Group, story_choices
from themeline.related.core.themes import MAX_THEME, theme_choices
from themeline.shared.core.reasons import Signal

NAN = float("nan")


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def ids(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_an_article_joins_the_story_that_it_is_closest_to() -> None:
    known = {1: Group(1, 2, 0, 10), 2: Group(2, 2, 0, 10)}
    assert story_choices(floats(0.9, 0.8, 0.7, 0.6), ids(2, 2, 1, 1), known, 12) == [2, 1]


def test_nothing_near_opens_a_new_story() -> None:
    assert story_choices(floats(0.1, 0.05), ids(1, 1), {1: Group(1, 2, 0, 10)}, 12) == []
    assert story_choices(floats(), ids(), {}, 12) == []


def test_one_close_member_of_a_long_story_is_not_enough() -> None:
    known = {1: Group(1, 20, 0, 10)}
    assert story_choices(floats(0.9, *[0.01] * 19), ids(*[1] * 20), known, 12) == []


def test_a_story_that_has_been_silent_is_over() -> None:
    known = {1: Group(1, 3, 0, 10)}
    near = floats(0.95, 0.95, 0.95), ids(1, 1, 1)
    assert story_choices(*near, known, 10 + STORY_SILENCE - 1) == [1]
    assert story_choices(*near, known, 10 + STORY_SILENCE + 1) == []
    assert story_choices(*near, known, NAN) == [1]


def test_of_two_equally_close_stories_the_older_is_joined() -> None:
    known = {7: Group(7, 1, 0, 0), 3: Group(3, 1, 0, 0)}
    assert story_choices(floats(0.8, 0.8), ids(7, 3), known, 1) == [3, 7]


def test_a_theme_that_is_full_takes_no_further_story() -> None:
    near = floats(*[0.99] * 20), ids(*[4] * 20)
    assert theme_choices(*near, {4: Group(4, 20, 0, 9)}) == [4]
    assert theme_choices(*near, {4: Group(4, MAX_THEME, 0, 9)}) == []


def neighbourhood(sizes: tuple[int, int], theme_sizes: tuple[int, int]) -> Neighbourhood:
    stories = {at: Group(at, size, 0, 1) for at, size in enumerate(sizes, start=1)}
    themes = {at * 10: Group(at * 10, size, 0, 1) for at, size in enumerate(theme_sizes, start=1)}
    return Neighbourhood(ids(1, 2), ids(10, 20), stories, themes, {1: 10, 2: 20})


def scored(story: tuple[float, float], theme: tuple[float, float]) -> Scored:
    none = np.zeros((2, len(Signal)), np.int8)
    return Scored(np.arange(2), floats(*story), floats(*theme), none, floats(0, 0), floats(0, 0), floats(0, 0))


def test_a_copy_goes_where_its_original_is() -> None:
    around = neighbourhood((1, 1), (1, 1))
    assert place(scored((0.9, 0.1), (0.9, 0.1)), around, 1, original_story=2) == Assignment(2, 20)


def test_a_new_story_may_join_a_theme() -> None:
    around = neighbourhood((1, 1), (1, 1))
    assert place(scored((0.1, 0.1), (0.9, 0.1)), around, 1) == Assignment(None, 10)
    assert place(scored((0.1, 0.1), (0.2, 0.1)), around, 1) == Assignment(None, None)


def test_what_an_article_could_have_joined_as_well_is_told() -> None:
    around = neighbourhood((1, 1), (1, 1))
    assert place(scored((0.9, 0.8), (0.9, 0.85)), around, 1) == Assignment(1, 10, (2,), (20,))
    assert place(scored((0.1, 0.1), (0.8, 0.9)), around, 1) == Assignment(None, 20, (), (10,))
    assert place(scored((0.9, 0.1), (0.9, 0.9)), around, 1) == Assignment(1, 10, (), (20,))
