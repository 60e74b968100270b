"""A source's recurring headline ("Morning briefing", "Weather") makes no story of what stands below it."""

import pytest

from newsroom import FLOOD, FLOOD_LATER, streamed
from themeline.cli.bench_news import Newswire
from themeline.related.core.engine import Engine, EngineArticle
from themeline.related.core.features import RawArticle
from themeline.shared.core.scores import FLOOR
from unrelated import SUBJECTS, TEXTS

COLUMNS = ("Morning briefing", "Corrections", "Weather", "Markets wrap", "The week in pictures")


def daily(articles: list[RawArticle], source: int = 1) -> Engine:
    return streamed([EngineArticle(article, at * 24.0, source) for at, article in enumerate(articles)], batch=4)


def texts(count: int) -> list[str]:
    """Texts of some 300 words on as many subjects."""
    found: dict[int, str] = {}
    for article in Newswire().articles(1_000):
        found.setdefault(article.theme, article.text)
    return list(found.values())[:count]


@pytest.mark.parametrize("headline", COLUMNS)
def test_days_of_a_column_are_stories_of_their_own(headline: str) -> None:
    engine = daily([RawArticle(headline, text, "en") for text in texts(20)])
    assert len(set(engine.stories)) == 20
    assert not any(engine.originals)


@pytest.mark.parametrize("headline", COLUMNS)
def test_a_bare_headline_every_day_chains_no_days(headline: str) -> None:
    engine = daily([RawArticle(headline, "", "en")] * 30)
    assert len(set(engine.stories)) == 30
    assert not any(engine.originals)
    assert not any(theme >= FLOOR for found in engine.relations.values() for _, theme in found.values())


def test_a_bare_headline_sent_again_within_the_hour_is_a_copy() -> None:
    bare = RawArticle("Dam at Velmora bursts after week of rain", "", "en")
    engine = streamed([EngineArticle(bare, 0.0, 1), EngineArticle(bare, 0.5, 1)])
    assert engine.originals == [0, 1]


def test_a_bare_headline_of_two_sources_a_day_apart_is_one_text() -> None:
    bare = RawArticle("Dam at Velmora bursts after week of rain", "", "en")
    engine = streamed([EngineArticle(bare, 0.0, 1), EngineArticle(bare, 24.0, 2)])
    assert engine.originals == [0, 1]


def test_one_headline_over_two_states_of_a_text_still_counts() -> None:
    update = RawArticle(FLOOD.title, f"{FLOOD.text} The army was called in at noon.", "en")
    engine = streamed([EngineArticle(FLOOD, 0.0, 1), EngineArticle(update, 5.0, 1)])
    assert len(set(engine.stories)) == 1


def test_a_column_on_the_days_news_is_closer_to_it_than_to_the_days_before() -> None:
    columns = [EngineArticle(RawArticle("Morning briefing", text, "en"), at * 24.0, 1) for at, text in enumerate(TEXTS)]
    of_the_flood = EngineArticle(RawArticle("Morning briefing", FLOOD_LATER.text, "en"), 384.0, 1)
    engine = streamed([*columns, EngineArticle(FLOOD, 370.0, 2), of_the_flood])
    related = engine.relations[len(engine.stories)]
    assert max(related, key=lambda other: related[other][1]) == len(columns) + 1
    assert related[len(columns) + 1][1] > FLOOR


def test_subjects_under_their_own_headlines_stay_apart() -> None:
    engine = daily([RawArticle(title, text, "en") for title, text in zip(SUBJECTS, TEXTS, strict=True)])
    assert len(set(engine.stories)) == len(TEXTS)
