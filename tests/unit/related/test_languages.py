"""Relations in languages other than English, each with two invented events of three articles."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom import CHESS, FLOOD, streamed
from themeline.related.core.engine import Engine, EngineArticle
from themeline.related.core.features import RawArticle, extract
from themeline.related.core.foreign import is_foreign
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.text import normalise, tokens
from themeline.shared.core.scores import FLOOR

LINES = (Path(__file__).parents[2] / "data" / "languages.jsonl").read_text(encoding="utf-8").splitlines()
ARTICLES = [json.loads(line) for line in LINES]
LANGUAGES = sorted({article["language"] for article in ARTICLES})
SPACED = [language for language in LANGUAGES if language not in {"zh", "ja"}]


@pytest.fixture(scope="module", params=["declared", "detected"])
def engine(request: pytest.FixtureRequest) -> Engine:
    declared = request.param == "declared"
    return streamed(
        [
            EngineArticle(
                RawArticle(article["title"], article["text"], article["language"] if declared else None), at * 3.0, at
            )
            for at, article in enumerate(ARTICLES)
        ]
    )


def pairs(engine: Engine, language: str, *, same: bool) -> list[float]:
    numbered = [(at, article) for at, article in enumerate(ARTICLES, start=1) if article["language"] == language]
    return [
        engine.relations[later].get(earlier, (0.0, 0.0))[1]
        for later, one in numbered
        for earlier, other in numbered
        if earlier < later and (one["story"] == other["story"]) is same
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_on_one_event_are_related_in_any_language(engine: Engine, language: str) -> None:
    assert min(pairs(engine, language, same=True)) > FLOOR


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_on_two_events_are_not_related_for_their_language(engine: Engine, language: str) -> None:
    assert max(pairs(engine, language, same=False)) < FLOOR / 2


def test_languages_share_no_story(engine: Engine) -> None:
    members: dict[int, set[str]] = {}
    for article, story in zip(ARTICLES, engine.stories, strict=True):
        members.setdefault(story, set()).add(article["story"])
    assert all(len(labels) == 1 for labels in members.values())


@pytest.mark.parametrize("article", ARTICLES[::3], ids=lambda article: article["id"])
def test_the_language_of_a_short_text_is_found(article: dict[str, str]) -> None:
    assert extract(RawArticle(article["title"], article["text"]), EMPTY).language == article["language"]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_the_default_encoder_does_not_judge_what_it_cannot_read(article: dict[str, str]) -> None:
    assert is_foreign(f"{article['title']}. {article['text']}")


@pytest.mark.parametrize(
    "text", [FLOOD.text, CHESS.text, "Zürich's Café Müller", "Ōsaka", "", "Shr 34 cts vs 1.19 " * 20]
)
def test_english_is_not_foreign_whatever_it_names_or_counts(text: str) -> None:
    assert not is_foreign(text)


@given(st.text())
def test_any_text_is_foreign_or_not(text: str) -> None:
    assert is_foreign(text) in {True, False}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("प्रधानमंत्री दिल्ली", ["प्रधानमंत्री", "दिल्ली"]),
        ("தமிழ்நாடு முதலமைச்சர்", ["தமிழ்நாடு", "முதலமைச்சர்"]),
        ("مُحَمَّد", ["محمد"]),
        ("מְדִינָה", ["מדינה"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("東京で", ["東京", "京で"]),
    ],
)
def test_words_are_whole_in_scripts_with_marks(text: str, words: list[str]) -> None:
    assert [token.form for token in tokens(normalise(text))] == words
