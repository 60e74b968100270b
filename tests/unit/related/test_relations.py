import numpy as np
import pytest

from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER, corpus_of, scored
from themeline.related.core.features import RawArticle, extract
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.scoring import default_scorer, scorer_from, scorer_text
from themeline.shared.core.reasons import Signal, decode_reasons
from themeline.shared.core.scores import FLOOR
from themeline.shared.core.sharing import Shown


def test_two_reports_on_one_event_are_related_and_others_are_not() -> None:
    found = scored([FLOOD, FLOOD_LATER, CHESS, BUDGET])
    assert found.story[0] > 0.6
    assert found.theme[0] > 0.9
    assert (found.theme[1:] < FLOOR / 2).all()


def test_the_order_of_a_pair_does_not_matter() -> None:
    articles = [FLOOD, RawArticle("Velmora dam bursts", "", "en"), CHESS, FLOOD_LATER]
    for left in range(4):
        one = scored(articles, [0, 5, 9, 60], left)
        for right, story, theme in zip(one.rows, one.story, one.theme, strict=True):
            other = scored(articles, [0, 5, 9, 60], int(right))
            place = other.rows.tolist().index(left)
            assert other.story[place] == pytest.approx(story, abs=1e-5)
            assert other.theme[place] == pytest.approx(theme, abs=1e-5)


def test_a_theme_is_never_less_likely_than_a_story() -> None:
    found = scored([FLOOD, FLOOD_LATER, FLOOD, CHESS, BUDGET])
    assert (found.theme >= found.story).all()


def test_time_apart_makes_a_shared_story_unlikelier_but_not_a_shared_theme() -> None:
    near, far = (scored([FLOOD, FLOOD_LATER], [0, hours]) for hours in (12.0, 600.0))
    assert far.story[0] < near.story[0] - 0.1
    assert far.theme[0] == pytest.approx(near.theme[0], abs=0.02)


def test_an_undated_article_is_scored_as_if_time_said_nothing() -> None:
    undated, together = scored([FLOOD, FLOOD_LATER]), scored([FLOOD, FLOOD_LATER], [5, 5])
    assert undated.story[0] == together.story[0]


def test_a_headline_finds_the_full_text_on_its_event() -> None:
    found = scored([RawArticle("Hundreds rescued as Velmora dam bursts above Karsk", "", "en"), FLOOD, CHESS, BUDGET])
    assert found.theme[0] > FLOOR
    assert (found.theme[1:] < FLOOR).all()


@pytest.mark.parametrize("title", ["", "Live", "BREAKING NEWS", "???", "東京地震"])
def test_an_article_that_says_nothing_is_related_to_nothing(title: str) -> None:
    found = scored([RawArticle(title, ""), FLOOD, CHESS, BUDGET, RawArticle("", "")])
    assert (found.theme < FLOOR).all()


def test_scripts_without_spaces_are_related_by_their_characters() -> None:
    articles = [
        RawArticle("東京で強い地震、鉄道が停止", "火曜日に東京で強い地震があり、首都圏の鉄道がすべて停止した。"),
        RawArticle("地震で首都圏の鉄道停止、余震に警戒", "火曜日の強い地震で東京の鉄道が停止し、駅に人があふれた。"),
        RawArticle("将棋の王座戦、若手が初優勝", "将棋の王座戦で若手棋士が初優勝を果たした。"),
    ]
    found = scored(articles)
    assert found.theme[0] > found.theme[1] + 0.2


def test_no_candidates_give_no_relations() -> None:
    corpus = corpus_of([FLOOD])
    found = kept(relate(corpus, 0, np.empty(0, np.intp), np.empty(0, np.float32)), FLOOR)
    assert len(found.rows) == 0


def test_the_best_are_kept_and_everything_above_the_floor() -> None:
    theme = np.array([0.1, 0.9, 0.6, 0.7, 0.2], np.float32)
    zeros = np.zeros((5, len(Signal)), np.int8)
    found = Scored(np.arange(5), theme, theme, zeros, theme, theme, theme)
    assert kept(found, floor=0.5, keep=1).rows.tolist() == [1, 3, 2]
    assert kept(found, floor=0.5, keep=4).rows.tolist() == [1, 3, 2, 4]


def test_stored_signals_read_as_reasons_with_what_is_shared() -> None:
    found = scored([FLOOD, FLOOD_LATER])
    left, right = extract(FLOOD, EMPTY), extract(FLOOD_LATER, EMPTY)
    reasons = decode_reasons(
        found.contributions[0].tobytes(),
        Shown(left.names, left.key_terms, FLOOD.title),
        Shown(right.names, right.key_terms, FLOOD_LATER.title),
    )
    assert sum(reason.weight for reason in reasons) == pytest.approx(1)
    assert [reason.weight for reason in reasons] == sorted((reason.weight for reason in reasons), reverse=True)
    shared = {word for reason in reasons for word in reason.shared}
    assert "Velmora" in shared


def test_weights_survive_their_file() -> None:
    scorer = default_scorer()
    again = scorer_from(scorer_text(scorer))
    assert np.allclose(again.theme.weights, scorer.theme.weights)


def test_weights_fitted_for_other_signals_are_refused() -> None:
    with pytest.raises(ValueError, match="refit"):
        scorer_from(scorer_text(default_scorer()).replace('"lexical"', '"smell"'))
