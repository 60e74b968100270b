"""Stories and themes are merged and split by the mean over their pairs, and never back and forth."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from themeline.related.core.evidence import MOST_TOGETHER, Member, Pair, Question, gather, pairs_of, questions
from themeline.related.core.regrouping import STORIES, THEMES, Merged, Rules, Split, look_is_due, regroup
from themeline.related.core.stories import STORY_SILENCE, Group
from themeline.related.core.themes import MAX_THEME

HORIZON = 720.0
NAN = float("nan")


def answer(
    groups: dict[int, tuple[int, ...]],
    relations: dict[Pair, float],
    *,
    rules: Rules = STORIES,
    hours: dict[int, float] | None = None,
    sizes: dict[int, int] | None = None,
) -> list[Merged | Split]:
    """What is decided about groups of these articles, all of them under suspicion."""
    at = hours or {}
    known, members = {}, []
    for id_, articles in groups.items():
        times = [at.get(article, 0.0) for article in articles]
        known[id_] = Group(id_, (sizes or {}).get(id_, len(articles)), min(times), max(times))
        members += [Member(id_, article, article, at.get(article, 0.0)) for article in articles]
    pairs = tuple((one, other) for one in groups for other in groups if one < other)
    stored = {(max(pair), min(pair)): value for pair, value in relations.items()}
    return regroup(Question(pairs, tuple(groups)), gather(known, members, stored, HORIZON), rules)


def every(left: range, right: range, probability: float) -> dict[Pair, float]:
    return {(one, other): probability for one in left for other in right if one != other}


def test_two_stories_on_one_event_are_merged_into_the_larger() -> None:
    relations = every(range(1, 6), range(1, 6), 0.8)
    assert answer({1: (1, 2), 2: (3, 4, 5)}, relations) == [Merged(1, 2)]


def test_of_equally_large_stories_the_one_stored_first_survives() -> None:
    assert answer({7: (1, 2), 9: (3, 4)}, every(range(1, 5), range(1, 5), 0.8)) == [Merged(9, 7)]
    assert answer({-1: (1, 2, 3), 9: (4, 5)}, every(range(1, 6), range(1, 6), 0.8)) == [Merged(-1, 9)]


def test_one_article_that_bridges_two_stories_does_not_merge_them() -> None:
    within = every(range(1, 5), range(1, 5), 0.9) | every(range(5, 9), range(5, 9), 0.9)
    bridge = every(range(1, 2), range(5, 9), 0.95)
    assert answer({1: (1, 2, 3, 4), 2: (5, 6, 7, 8)}, within | bridge) == []


def test_a_chain_of_stories_becomes_one_as_long_as_the_whole_holds_together() -> None:
    relations = every(range(1, 7), range(1, 7), 0.9)
    assert answer({1: (1, 2), 2: (3, 4), 3: (5, 6)}, relations) == [Merged(2, 1), Merged(3, 1)]
    loose = {pair: 0.01 if {*pair} & {1, 2} and {*pair} & {5, 6} else value for pair, value in relations.items()}
    assert len(answer({1: (1, 2), 2: (3, 4), 3: (5, 6)}, loose)) == 1


def test_stories_too_far_apart_in_time_are_not_merged() -> None:
    relations = every(range(1, 5), range(1, 5), 0.9)
    late = {3: STORY_SILENCE + 1, 4: STORY_SILENCE + 2}
    assert answer({1: (1, 2), 2: (3, 4)}, relations, hours=late) == []
    assert answer({1: (1, 2), 2: (3, 4)}, relations, hours=dict.fromkeys((3, 4), NAN)) == [Merged(2, 1)]


def test_themes_are_not_merged_beyond_the_size_of_a_section() -> None:
    relations = every(range(1, 5), range(1, 5), 0.9)
    assert answer({1: (1, 2), 2: (3, 4)}, relations, rules=THEMES, sizes={1: MAX_THEME - 1, 2: 2}) == []
    assert answer({1: (1, 2), 2: (3, 4)}, relations, rules=THEMES, sizes={1: MAX_THEME - 2, 2: 2}) == [Merged(2, 1)]


def test_a_story_whose_articles_fall_apart_is_split_and_the_larger_part_keeps_the_id() -> None:
    relations = every(range(1, 4), range(1, 4), 0.9) | every(range(4, 6), range(4, 6), 0.9)
    assert answer({1: (1, 2, 3, 4, 5)}, relations) == [Split(1, (4, 5))]


def test_of_two_equally_large_parts_the_one_with_the_older_articles_keeps_the_id() -> None:
    relations = every(range(1, 3), range(1, 3), 0.9) | every(range(3, 5), range(3, 5), 0.9)
    assert answer({1: (1, 2, 3, 4)}, relations) == [Split(1, (3, 4))]
    assert answer({1: (3, 4, 1, 2)}, relations) == [Split(1, (1, 2))]


def test_a_single_stray_article_splits_no_story() -> None:
    assert answer({1: (1, 2, 3, 4)}, every(range(1, 4), range(1, 4), 0.9)) == []


def test_a_story_without_two_parts_that_hold_together_stays_whole() -> None:
    assert answer({1: (1, 2, 3, 4, 5)}, {}) == []


def test_articles_that_were_never_compared_say_nothing_about_a_theme() -> None:
    weeks = {article: article * 500.0 for article in range(1, 6)}
    relations = {(article + 1, article): 0.9 for article in range(1, 5)}
    assert answer({1: (1, 2, 3, 4, 5)}, relations, hours=weeks, rules=THEMES) == []
    assert answer({1: (1, 2), 2: (4, 5)}, {(2, 1): 0.9, (5, 4): 0.9}, hours=weeks, rules=THEMES) == []


def test_what_is_between_the_two_bars_stays_as_it_is() -> None:
    within = every(range(1, 4), range(1, 4), 0.9) | every(range(4, 7), range(4, 7), 0.9)
    relations = within | every(range(1, 4), range(4, 7), 0.42)
    assert answer({1: (1, 2, 3), 2: (4, 5, 6)}, relations) == []
    assert answer({1: (1, 2, 3, 4, 5, 6)}, relations) == []


def test_groups_without_a_common_suspicion_are_looked_at_apart() -> None:
    found = questions([(1, 2), (3, 2), (8, 9)], [2, 5], dict.fromkeys(range(10), 1))
    assert sorted(sorted(question.ids) for question in found) == [[1, 2, 3], [5], [8, 9]]


def test_a_chain_of_suspicions_never_grows_into_one_question_about_everything() -> None:
    groups = {id_: Group(id_, 5_000, 0.0, 0.0) for id_ in range(1, 101)}
    chain = [(id_, id_ + 1) for id_ in range(1, 100)]
    for rules in (STORIES, THEMES):
        found = rules.questions(chain, groups, groups)
        assert sorted(id_ for question in found for id_ in question.ids) == sorted(groups)
        assert max(len(question.ids) for question in found) == MOST_TOGETHER // rules.sample
        assert all({*pair} <= question.ids for question in found for pair in question.pairs)


def test_small_groups_are_all_looked_at_together() -> None:
    groups = {id_: Group(id_, 2, 0.0, 0.0) for id_ in range(1, 101)}
    (found,) = STORIES.questions([(id_, id_ + 1) for id_ in range(1, 100)], [], groups)
    assert len(found.pairs) == 99


def test_a_group_is_looked_at_as_it_grows_ever_more_rarely() -> None:
    assert [size for size in range(1, 400) if look_is_due(size - 1, size)] == [
        4,
        5,
        8,
        13,
        21,
        34,
        55,
        89,
        100,
        200,
        300,
    ]


@st.composite
def newsrooms(draw: st.DrawFn) -> tuple[dict[int, tuple[int, ...]], dict[Pair, float]]:
    """Up to twelve articles in groups, with relations of any probability between some of them."""
    count = draw(st.integers(2, 12))
    homes = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    groups = {home: tuple(at + 1 for at, own in enumerate(homes) if own == home) for home in sorted({*homes})}
    known = [Member(1, article, article, 0.0) for article in range(1, count + 1)]
    odds = st.one_of(st.none(), st.floats(0.001, 0.999))
    drawn = {pair: draw(odds) for pair in pairs_of(known)}
    return groups, {pair: value for pair, value in drawn.items() if value is not None}


@given(newsrooms())
@settings(deadline=None, max_examples=150)
def test_merges_and_splits_come_to_an_end(newsroom: tuple[dict[int, tuple[int, ...]], dict[Pair, float]]) -> None:
    groups, relations = newsroom
    everyone, seen, fresh = sorted(sum(groups.values(), ())), set(), 100
    while changes := answer(groups, relations):
        for change in changes:
            if isinstance(change, Merged):
                groups[change.new] += groups.pop(change.old)
            else:
                fresh += 1
                stays = tuple(article for article in groups[change.group] if article not in change.leaving)
                groups |= {change.group: stays, fresh: change.leaving}
        state = frozenset(map(frozenset, groups.values()))
        assert state not in seen, "merges and splits go round in a circle"
        seen.add(state)
        assert sorted(sum(groups.values(), ())) == everyone
        assert all(groups.values())


@given(newsrooms())
@settings(deadline=None, max_examples=60)
def test_the_order_of_the_suspicions_does_not_matter(
    newsroom: tuple[dict[int, tuple[int, ...]], dict[Pair, float]],
) -> None:
    groups, relations = newsroom
    assert answer(groups, relations) == answer(dict(reversed(groups.items())), relations)


def test_ties_are_log_odds_of_what_is_stored_and_low_for_what_is_not() -> None:
    members = [Member(1, article, article, float(hours)) for article, hours in ((1, 0), (2, 1), (3, 2_000))]
    found = gather({1: Group(1, 3, 0, 2_000)}, members, {(2, 1): 0.9}, HORIZON)
    assert (
        found.ties.odds[0, 1]
        == found.ties.odds[1, 0]
        == np.float64(np.log(np.float32(0.9) / (1 - np.float64(np.float32(0.9)))))
    )
    assert np.isnan(found.ties.odds[0, 2])
    assert np.isnan(found.ties.odds[0, 0])
