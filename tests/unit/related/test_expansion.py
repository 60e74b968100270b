"""Vectors expanded by their neighbours."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from themeline.related.core.expansion import NEIGHBOURS, SHARE, closest, expanded, expanded_among
from themeline.related.core.frequencies import Floats


def unit(*values: float) -> Floats:
    vector = np.array(values, np.float32)
    length: Floats = vector / np.linalg.norm(vector)
    return length


def test_an_article_without_neighbours_keeps_its_vector() -> None:
    vector = unit(1, 0, 0)
    assert np.array_equal(expanded(vector, np.empty((0, 3), np.float32), np.empty(0, np.float32)), vector)


def test_a_vector_moves_towards_its_neighbours_by_their_cosines() -> None:
    vector, near, far = unit(1, 0, 0), unit(1, 1, 0), unit(1, 0, 3)
    neighbours = np.stack([near, far])
    found = expanded(vector, neighbours, neighbours @ vector)
    step = SHARE / NEIGHBOURS
    cosines = neighbours @ vector
    assert np.allclose(found, unit(*(vector + step * (cosines[0] * near + cosines[1] * far))), atol=1e-6)
    assert found @ near > vector @ near


def test_a_neighbour_that_points_away_counts_nothing() -> None:
    vector, away = unit(1, 0), unit(-1, 0.1)
    assert np.allclose(expanded(vector, away[None], np.array([vector @ away])), vector)


def test_a_text_that_the_encoder_knows_no_word_of_stays_without_direction() -> None:
    nothing = np.zeros(3, np.float32)
    assert not expanded(nothing, unit(1, 0, 0)[None], np.zeros(1, np.float32)).any()


def test_the_closest_are_the_best_few() -> None:
    assert closest(np.array([0.1, 0.9, 0.3, 0.5, 0.2], np.float32)).tolist() == [1, 3, 2]


def test_two_short_texts_on_one_subject_come_closer_through_what_lies_between_them() -> None:
    vectors = np.stack([unit(1, 0, 0.2), unit(1, 1, 0), unit(0, 1, 0.2), unit(0, 0, 1)])
    found = expanded_among(vectors)
    assert found[0] @ found[2] > vectors[0] @ vectors[2]
    assert found[0] @ found[2] > found[0] @ found[3]


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4), min_size=1, max_size=6))
def test_an_expanded_vector_has_length_one_or_none(rows: list[list[float]]) -> None:
    vectors = np.array(rows, np.float32)
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    lengths = np.linalg.norm(expanded_among(vectors), axis=1)
    assert (np.isclose(lengths, 1, atol=1e-3) | (lengths < 1)).all()
    assert np.isfinite(lengths).all()
