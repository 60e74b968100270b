import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom import BUDGET, CHESS, FLOOD, FLOOD_AGAIN, FLOOD_LATER, streamed
from themeline.related.core.engine import EngineArticle
from themeline.related.core.features import RawArticle


def test_articles_on_one_event_form_a_story_and_others_do_not_join() -> None:
    engine = streamed([EngineArticle(raw, at) for at, raw in enumerate([FLOOD, CHESS, BUDGET, FLOOD_LATER])])
    assert engine.stories[0] == engine.stories[3]
    assert len(set(engine.stories)) == len(set(engine.themes)) == 3


def test_relations_are_in_both_articles_whichever_came_first() -> None:
    engine = streamed([EngineArticle(raw) for raw in (FLOOD, CHESS, FLOOD_LATER)])
    for article, others in engine.relations.items():
        assert all(engine.relations[other][article] == odds for other, odds in others.items())


def test_the_same_stream_gives_the_same_groups_again() -> None:
    articles = [EngineArticle(raw, at) for at, raw in enumerate([FLOOD, CHESS, FLOOD_LATER, BUDGET, FLOOD])]
    one, two = streamed(articles), streamed(articles)
    assert (one.stories, one.themes, one.originals) == (two.stories, two.themes, two.originals)


def test_the_same_article_hundreds_of_times_is_one_story_without_chains() -> None:
    engine = streamed([EngineArticle(FLOOD, at / 60, source=at) for at in range(400)], batch=50)
    assert len(set(engine.stories)) == 1
    assert set(engine.originals) == {0, 1}


def test_an_older_copy_takes_over_as_the_original() -> None:
    engine = streamed([EngineArticle(FLOOD, 10), EngineArticle(FLOOD, 12), EngineArticle(FLOOD, 2)], batch=1)
    assert engine.originals == [3, 3, 0]
    assert len(set(engine.stories)) == 1


def test_a_similar_event_a_month_later_is_another_story() -> None:
    articles = [EngineArticle(FLOOD, 0), EngineArticle(FLOOD_LATER, 30), EngineArticle(FLOOD_AGAIN, 27 * 24.0)]
    assert len(set(streamed(articles).stories)) == 2


def test_an_undated_article_never_revives_a_story() -> None:
    articles = [EngineArticle(FLOOD, 0), EngineArticle(FLOOD_LATER), EngineArticle(FLOOD_AGAIN, 20 * 24.0)]
    engine = streamed(articles, batch=1)
    assert engine.stories[0] == engine.stories[1] != engine.stories[2]


def test_an_empty_stream_is_no_error() -> None:
    assert streamed([]).stories == []
    engine = streamed([EngineArticle(FLOOD)])
    engine.add([])
    assert len(engine.stories) == 1


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=300)), max_size=12))
@settings(deadline=None, max_examples=30)
def test_any_stream_of_texts_is_placed(texts: list[tuple[str, str]]) -> None:
    engine = streamed([EngineArticle(RawArticle(title, text)) for title, text in texts], batch=5)
    assert len(engine.stories) == len(engine.themes) == len(engine.originals) == len(texts)


def test_scoring_three_hundred_candidates_is_quick() -> None:
    rng = np.random.default_rng(5)
    words = [f"word{number}" for number in range(3_000)]
    articles = [
        EngineArticle(RawArticle(" ".join(rng.choice(words, 8)), " ".join(rng.choice(words, 300)), "en"), at)
        for at in range(400)
    ]
    began = time.process_time()
    streamed(articles, batch=40)
    assert (time.process_time() - began) / len(articles) < 0.05
