"""Whatever is merged and split: each article is in one live story, each story in one live theme, no id comes back."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from themeline.related.core.evidence import Pair
from themeline.related.core.regrouping import Merged, Suspects
from themeline.related.core.shelves import Shelves
from themeline.related.core.stories import Group

NAN = float("nan")


def check(shelves: Shelves, articles: int) -> None:
    assert len(shelves.stories) == articles
    for groups, homes in ((shelves.story_groups, shelves.stories), (shelves.theme_groups, _themes(shelves))):
        assert all(groups[id_].size == homes.count(id_) for id_ in groups)
    for story, group in shelves.story_groups.items():
        numbers = [number for number, home in enumerate(shelves.stories, start=1) if home == story]
        dated = [hours for number in numbers if (hours := shelves.hours[number - 1]) == hours]
        if dated:
            assert (group.first, group.last, group.undated) == (min(dated), max(dated), False)
    for number, original in enumerate(shelves.originals, start=1):
        assert not original or shelves.stories[original - 1] == shelves.stories[number - 1]


def _themes(shelves: Shelves) -> list[int]:
    return [shelves.theme_of[story] for story in shelves.stories]


@given(st.integers(0, 10_000), st.integers(1, 25), st.integers(1, 4))
@settings(deadline=None, max_examples=60)
def test_merges_and_splits_keep_every_article_in_one_live_story(seed: int, articles: int, rounds: int) -> None:
    chance, shelves = random.Random(seed), Shelves(720.0)
    odds: dict[Pair, float] = {}
    for number in range(1, articles + 1):
        _add(shelves, number, chance)
        odds |= {(number, other): chance.random() for other in range(1, number) if chance.random() < 0.7}
    check(shelves, articles)
    for _ in range(rounds):
        gone = {story for story, group in shelves.story_groups.items() if not group.size}
        shelves.regroup(_suspects(shelves), odds.get, lambda pair: min(0.999, odds.get(pair, 0.0) + 0.2))
        check(shelves, articles)
        assert not any(shelves.story_groups[story].size for story in gone), "an id that was merged away came back"
    merged = [change for change in shelves.story_changes if isinstance(change, Merged)]
    assert len({change.old for change in merged}) == len(merged)
    assert all(change.old != change.new for change in merged)


def _add(shelves: Shelves, number: int, chance: random.Random) -> None:
    live = [story for story, group in shelves.story_groups.items() if group.size]
    if live and chance.random() < 0.6:
        story = chance.choice(live)
    else:
        story = -len(shelves.story_groups) - 1
        themes = list(shelves.theme_groups)
        theme = chance.choice(themes) if themes and chance.random() < 0.5 else -len(themes) - 1
        shelves.theme_of[story] = theme
        shelves.story_groups[story] = Group(story, 0, NAN, NAN)
        shelves.theme_groups.setdefault(theme, Group(theme, 0, NAN, NAN))
    hours = float(chance.randrange(100))
    originals = [at + 1 for at, home in enumerate(shelves.stories) if home == story and not shelves.originals[at]]
    shelves.add(story, chance.choice(originals) if originals and chance.random() < 0.2 else 0, hours)
    for groups, id_ in ((shelves.story_groups, story), (shelves.theme_groups, shelves.theme_of[story])):
        old = groups[id_]
        times = [hours, *([old.first, old.last] if old.size else [])]
        groups[id_] = Group(id_, old.size + 1, min(times), max(times))


def _suspects(shelves: Shelves) -> Suspects:
    """Everything is suspected of everything."""
    stories = [story for story, group in shelves.story_groups.items() if group.size]
    themes = [theme for theme, group in shelves.theme_groups.items() if group.size]
    return Suspects(
        frozenset((one, other) for one in stories for other in stories if one < other),
        frozenset(stories),
        frozenset((one, other) for one in themes for other in themes if one < other),
        frozenset(themes),
    )
