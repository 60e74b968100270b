import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom import FLOOD, FLOOD_LATER
from themeline.related.core import records
from themeline.related.core.features import RawArticle, extract, rare_terms
from themeline.related.core.frequencies import EMPTY, Frequencies
from themeline.related.core.minhash import resemblance, signature


@given(st.text(), st.text())
@settings(deadline=None)
def test_any_article_has_features_of_one_size(title: str, text: str) -> None:
    found = extract(RawArticle(title, text), EMPTY)
    assert len(found.record) == records.RECORD.itemsize
    assert len(found.names) <= 30
    assert len(found.key_terms) <= 20
    assert len(rare_terms(found.record, EMPTY)) <= 16


def test_features_are_the_same_on_every_machine_and_run() -> None:
    found = extract(RawArticle("Dam bursts at Velmora", "", "en"), EMPTY)
    assert found.text_digest.hex() == "7d4305aadddcd825bcca981821850c91"
    assert sorted(found.vocabulary.tolist()) == [913847722, 2480447439, 4006924230, 4140352049]


def test_names_and_key_terms_are_shown_as_written() -> None:
    found = extract(FLOOD, EMPTY)
    assert {"Velmora", "Karsk", "Ilse Tannen"} <= {name.removeprefix("Mayor ") for name in found.names}
    assert "dam" in {term.casefold() for term in found.key_terms}


def test_a_later_text_on_the_same_event_shares_rare_terms() -> None:
    left, right = (rare_terms(extract(one, EMPTY).record, EMPTY) for one in (FLOOD, FLOOD_LATER))
    assert len(set(left) & set(right)) >= 3
    assert all(-(2**31) <= term < 2**31 for term in left)


def test_an_empty_article_has_no_terms() -> None:
    found = extract(RawArticle("", ""), EMPTY)
    assert rare_terms(found.record, EMPTY) == []
    assert found.words == 0


def test_a_book_takes_no_longer_than_a_long_article() -> None:
    book = RawArticle("A book", "The flood came over Karsk in the night. " * 20_000)
    extract(book, EMPTY)
    began = time.process_time()
    found = extract(book, EMPTY)
    assert time.process_time() - began < 0.25
    assert found.words <= 1_048


def test_a_record_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="recompute the features"):
        records.unpack([b"short"])


def test_signatures_estimate_the_share_of_common_text() -> None:
    words = [f"word{number}" for number in range(300)]
    changed = [*words[:270], *(f"other{number}" for number in range(30))]
    estimate = resemblance(signature(words), np.stack([signature(words), signature(changed), signature(words[150:])]))
    assert estimate[0] == 1
    assert estimate[1] == pytest.approx(268 / 328, abs=0.15)
    assert estimate[2] == pytest.approx(0.5, abs=0.2)


def test_rare_words_weigh_more_than_common_ones() -> None:
    vocabularies = [np.array([1, 2] if number % 10 else [1, 2, 3], np.uint32) for number in range(500)]
    frequencies = EMPTY.updated(vocabularies)
    common, rare, unseen, empty = frequencies.idf(np.array([1, 3, 99, 0], np.uint32)).tolist()
    assert 0 == empty < common < rare < unseen


def test_frequencies_survive_storage() -> None:
    frequencies = EMPTY.updated([extract(FLOOD, EMPTY).vocabulary, extract(FLOOD_LATER, EMPTY).vocabulary])
    stored = Frequencies.unpack(*frequencies.pack())
    assert stored.documents == 2
    assert np.array_equal(stored.terms, frequencies.terms)
    assert np.array_equal(stored.counts, frequencies.counts)


def test_counting_in_two_steps_equals_counting_in_one() -> None:
    vocabularies = [np.array(terms, np.uint32) for terms in ([1, 2], [2, 3], [3, 4])]
    one = EMPTY.updated(vocabularies)
    two = EMPTY.updated(vocabularies[:1]).updated(vocabularies[1:])
    assert np.array_equal(one.terms, two.terms)
    assert np.array_equal(one.counts, two.counts)


def test_an_epoch_is_due_after_fifty_articles_then_after_a_tenth_more() -> None:
    assert not EMPTY.is_due(49)
    assert EMPTY.is_due(50)
    grown = Frequencies(1_000, EMPTY.terms, EMPTY.counts)
    assert not grown.is_due(1_099)
    assert grown.is_due(1_100)
