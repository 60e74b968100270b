"""Scores with regard to the stories and themes around a pair."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER
from themeline.related.core.company import CAP, Groups, accompanied, evidence, smoothed
from themeline.related.core.corpus import Corpus
from themeline.related.core.features import extract_batch
from themeline.related.core.frequencies import EMPTY, Floats
from themeline.related.core.relations import Scored, relate
from themeline.related.core.scoring import GATES, Company, Scorer, default_scorer
from themeline.shared.core.reasons import SCALE, Signal


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def ids(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def table(own: float, story: float, theme: float, bias: float) -> Floats:
    return np.tile(floats(own, story, theme, bias), (GATES, 1))


NONE = np.eye(GATES, dtype=np.float32)[[0, 0, 0]]


def scene(company: Company | None) -> tuple[Corpus, Scored, Scorer]:
    """The flood's follow-up, with the flood, a chess match and the budget as its candidates."""
    features = extract_batch([FLOOD, CHESS, BUDGET, FLOOD_LATER], EMPTY)
    corpus = Corpus.prepare([1, 2, 3, 4], [one.record for one in features], [0.0] * 4, [1] * 4, EMPTY)
    scorer = replace(default_scorer(), company=company)
    return corpus, relate(corpus, 3, np.arange(3), floats(0.6, 0.1, 0.1), scorer), scorer


def test_without_regard_to_company_a_pair_speaks_for_itself() -> None:
    corpus, scored, scorer = scene(None)
    assert accompanied(corpus, 3, scored, Groups(ids(1, 1, 2, 0), ids(7, 7, 8, 0)), scorer) is scored


def test_a_candidate_counts_with_the_mean_of_its_story_and_of_its_theme() -> None:
    found = evidence(floats(4, 2, -6), ids(1, 1, 2), ids(7, 7, 7))
    assert found.tolist() == [[3, 0], [3, 0], [-6, 0]]


def test_a_candidate_without_a_story_is_its_own_company() -> None:
    assert evidence(floats(4, -2), ids(0, 0), ids(0, 0)).tolist() == [[4, 4], [-2, -2]]


def test_one_certain_member_does_not_speak_for_all() -> None:
    assert evidence(floats(30, -CAP), ids(1, 1), ids(1, 1)).tolist() == [[0, 0], [0, 0]]


def test_weights_mix_the_own_odds_with_those_around() -> None:
    mixed = smoothed(floats(1, 2, 3), np.array([[4, 5], [4, 5], [4, 5]], np.float32), NONE, table(0.5, 1, 2, -1))
    assert mixed.tolist() == [0.5 + 4 + 10 - 1, 1 + 4 + 10 - 1, 1.5 + 4 + 10 - 1]


def test_a_weak_member_of_a_close_story_rises_above_an_equal_of_a_distant_one() -> None:
    mix = Company(table(0.2, 0.8, 0, 0), table(0.2, 0.8, 0, 0))
    corpus, scored, scorer = scene(mix)
    # the flood's story holds the chess match as well; the budget stands alone
    found = accompanied(corpus, 3, scored, Groups(ids(1, 1, 2, 0), ids(7, 7, 8, 0)), scorer)
    assert found.theme[1] > scored.theme[1]
    assert found.theme[0] > found.theme[1] > found.theme[2]


def test_company_is_a_reason_of_its_own() -> None:
    mix = Company(table(0.2, 0.8, 0, 0), table(0.2, 0.8, 0, 0))
    corpus, scored, scorer = scene(mix)
    found = accompanied(corpus, 3, scored, Groups(ids(1, 1, 2, 0), ids(7, 7, 8, 0)), scorer)
    odds = np.log(found.theme / (1 - found.theme))
    added = found.contributions[:, Signal.COMPANY] / SCALE
    assert np.allclose(odds, np.clip(scored.own_theme + added, -8, 8), atol=0.1)
    assert np.array_equal(found.contributions[:, : Signal.COMPANY], scored.contributions[:, : Signal.COMPANY])


def test_what_decides_on_stories_is_not_changed_by_company() -> None:
    corpus, scored, scorer = scene(Company(table(0, 3, 3, 3), table(0, 3, 3, 3)))
    found = accompanied(corpus, 3, scored, Groups(ids(1, 1, 2, 0), ids(7, 7, 8, 0)), scorer)
    assert np.array_equal(found.own_story, scored.own_story)
    assert np.array_equal(found.own_theme, scored.own_theme)


def test_the_shipped_scorer_regards_company() -> None:
    company = default_scorer().company
    assert company is not None
    assert company.story.shape == company.theme.shape == (GATES, 4)
    assert (company.story[:, :3] >= 0).all()
    assert (company.theme[:, :3] >= 0).all()


odds = st.lists(st.tuples(st.floats(-20, 20), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=12)


@given(odds)
def test_the_theme_is_never_less_likely_than_the_story(rows: list[tuple[float, int, int]]) -> None:
    corpus, _, scorer = scene(default_scorer().company)
    own = floats(*(row[0] for row in rows))
    many = np.zeros(len(rows), np.intp)
    drawn = Scored(many, own, own, np.zeros((len(rows), len(Signal)), np.int8), own, own, own + 1)
    groups = Groups(ids(rows[0][1], 0, 0, 0), ids(rows[0][2], 0, 0, 0))
    found = accompanied(corpus, 3, drawn, groups, scorer)
    assert (found.theme >= found.story).all()
    assert ((found.theme >= 0) & (found.theme <= 1)).all()
