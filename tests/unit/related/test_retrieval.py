"""Candidates in memory: by vectors, and by words."""

import numpy as np

from themeline.related.core.features import RawArticle, extract
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.retrieval import Index

TITLES = ["Velmora dam bursts", "Velmora dam rebuilt", "Velmora dam opened", "Chess in Porvay", "Velmora dam inspected"]
NEAR = np.array([[1.0, 0.0], [0.9, 0.1], [0.8, 0.2], [0.0, 1.0], [1.0, 0.0]], np.float32)
"""The first is the closest to the last, then the second, then the third."""


def _candidates(dense: int, lexical: int) -> list[int]:
    """Those of the last article."""
    index = Index(2, dense, lexical)
    for title, vector in zip(TITLES, NEAR, strict=True):
        index.add(extract(RawArticle(title, "", "en"), EMPTY).record, vector, float("nan"), EMPTY)
    return [int(number) for number in index.candidates(len(TITLES) - 1, NEAR[-1], EMPTY)]


def test_words_bring_what_vectors_have_not_found() -> None:
    assert _candidates(dense=2, lexical=1) == [0, 1, 2]


def test_of_equal_matches_on_words_the_latest_is_taken() -> None:
    assert _candidates(dense=1, lexical=1) == [0, 2]


def test_what_shares_neither_words_nor_meaning_is_no_candidate() -> None:
    assert _candidates(dense=3, lexical=100) == [0, 1, 2]
