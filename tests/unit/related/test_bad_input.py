"""Texts that no editor would send: the engine relates what can be related, and its work stays bounded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awkward import AWKWARD
from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER, corpus_of, scored, streamed
from themeline.related.core import records
from themeline.related.core.engine import EngineArticle
from themeline.related.core.features import EMBED_CHARACTERS, MAX_KEY_TERMS, MAX_NAMES, RawArticle, extract, rare_terms
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.relations import KEEP
from themeline.related.core.retrieval import DENSE_CANDIDATES, LEXICAL_CANDIDATES
from themeline.related.core.text import MAX_WORD, MAX_WORDS, tokens
from themeline.shared.core.scores import FLOOR


@pytest.mark.parametrize("article", AWKWARD.values(), ids=AWKWARD.keys())
def test_an_awkward_text_has_bounded_features(article: RawArticle) -> None:
    found = extract(article, EMPTY)
    assert found.record == extract(article, EMPTY).record
    assert len(found.record) == records.RECORD.itemsize
    assert found.words <= MAX_WORDS + 2 * records.TITLE_TERMS
    assert len(found.names) <= MAX_NAMES
    assert len(found.key_terms) <= MAX_KEY_TERMS
    assert len(found.embed_text) <= EMBED_CHARACTERS
    # Each token is a term, and its word may be one of a name as well.
    assert len(found.vocabulary) <= 2 * found.words
    assert len(rare_terms(found.record, EMPTY)) <= 16


@pytest.mark.parametrize("article", AWKWARD.values(), ids=AWKWARD.keys())
def test_an_awkward_text_shows_no_endless_word(article: RawArticle) -> None:
    found = extract(article, EMPTY)
    # A name has up to five words, a number is shown as written.
    assert all(len(name) <= 5 * (MAX_WORD + 1) for name in found.names)
    assert all(len(term) <= MAX_WORD for term in found.key_terms if not term[0].isdigit())


ABOUT_THE_FLOOD = {
    *("capitals", "zero width", "mixed languages", "markup left in"),
    *("an unknown language tag", "a language tag that is none"),
}


def test_awkward_texts_are_placed_beside_news_and_leave_it_alone() -> None:
    news = [FLOOD, FLOOD_LATER, CHESS, BUDGET]
    awkward = [article for name, article in AWKWARD.items() if name not in ABOUT_THE_FLOOD]
    articles = [*awkward, *news, *awkward]
    engine = streamed([EngineArticle(article, float(at), source=at) for at, article in enumerate(articles)])
    assert len(engine.stories) == len(articles)
    numbers = range(len(awkward) + 1, len(awkward) + len(news) + 1)
    flood, later, chess, budget = (engine.stories[number - 1] for number in numbers)
    assert flood == later
    assert len({flood, chess, budget}) == 3
    for number in numbers:
        above = {other for other, (_, theme) in engine.relations[number].items() if theme >= FLOOR}
        assert above <= set(numbers)


@given(st.text(max_size=400), st.text(max_size=1_500), st.sampled_from([None, "en", "de", "zh", "hi", "ar", "tlh", ""]))
@settings(max_examples=60)
def test_any_text_has_the_same_features_every_time(title: str, text: str, language: str | None) -> None:
    one, other = (extract(RawArticle(title, text, language), EMPTY) for _ in range(2))
    assert one.record == other.record
    assert one.text_digest == other.text_digest
    assert (one.names, one.key_terms, one.embed_text) == (other.names, other.key_terms, other.embed_text)
    assert np.array_equal(one.vocabulary, other.vocabulary)


TEXTS = st.tuples(st.text(max_size=80), st.text(max_size=400)).map(lambda pair: RawArticle(*pair))


@given(st.lists(TEXTS | st.sampled_from([FLOOD, FLOOD_LATER, CHESS]), min_size=2, max_size=5))
@settings(max_examples=40)
def test_scores_of_any_texts_are_symmetric_probabilities(articles: list[RawArticle]) -> None:
    hours = [float(at) for at in range(len(articles))]
    forward, backward = scored(articles, hours, row=0), scored(articles, hours, row=1)
    for found in (forward, backward):
        assert ((found.story >= 0) & (found.story <= found.theme) & (found.theme <= 1)).all()
    there, back = forward.rows.tolist().index(1), backward.rows.tolist().index(0)
    assert forward.theme[there] == pytest.approx(backward.theme[back], abs=1e-6)
    assert forward.story[there] == pytest.approx(backward.story[back], abs=1e-6)
    assert forward.contributions[there].tolist() == backward.contributions[back].tolist()


def test_of_a_book_only_the_beginning_is_read() -> None:
    book = AWKWARD["a book"].text
    assert len(tokens(book)) == MAX_WORDS
    same_beginning = extract(RawArticle("A book", book), EMPTY), extract(RawArticle("A book", book[:50_000]), EMPTY)
    assert same_beginning[0].record == same_beginning[1].record


def test_a_shouted_article_belongs_to_its_story_all_the_same() -> None:
    shouted = RawArticle(FLOOD_LATER.title.upper(), FLOOD_LATER.text.upper(), "en")
    found = scored([FLOOD, shouted, CHESS, RawArticle(CHESS.title.upper(), CHESS.text.upper(), "en")])
    themes = dict(zip(found.rows.tolist(), found.theme.tolist(), strict=True))
    assert themes[1] > FLOOR > themes[2]
    assert themes[3] < FLOOR


def test_invisible_characters_change_no_word() -> None:
    hidden = RawArticle("Da\u200bm at Vel\u00admora bursts after \u202aweek\u202c of rain", FLOOD.text, "en")
    assert extract(hidden, EMPTY).record == extract(FLOOD, EMPTY).record


def test_composed_and_decomposed_letters_are_one_word() -> None:
    composed = RawArticle("Zürich überrascht", "Die Flüchtlinge in Zürich können bleiben, erklärte die Behörde.", "de")
    title, text = (part.replace("ü", "u\u0308").replace("ö", "o\u0308") for part in (composed.title, composed.text))
    decomposed = RawArticle(title, text, "de")
    assert extract(composed, EMPTY).record == extract(decomposed, EMPTY).record


def test_the_same_article_a_thousand_times_is_one_story_that_costs_no_more_as_it_grows() -> None:
    engine = streamed([EngineArticle(FLOOD, at / 60, source=at % 20) for at in range(1_000)], batch=50)
    assert len(set(engine.stories)) == 1
    assert set(engine.originals) == {0, 1}
    kept = [sum(other < number for other in engine.relations[number]) for number in range(1, 1_001)]
    assert max(kept) <= DENSE_CANDIDATES + LEXICAL_CANDIDATES
    assert KEEP <= kept[-1] <= 1.5 * kept[500]


def test_a_corpus_of_empty_articles_relates_nothing() -> None:
    found = scored([RawArticle("", "")] * 4)
    assert (found.theme < FLOOR).all()
    assert not corpus_of([RawArticle("", "")]).table["words"].any()
