import numpy as np

from themeline.related.encoders import static_encoder


def test_vectors_have_length_one_and_like_texts_are_near() -> None:
    encoder = static_encoder()
    vectors = encoder.encode(["The dam burst in the flood", "Flood after dam failure", "Chess open won by teenager"])
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_empty_and_broken_texts_have_vectors_too() -> None:
    vectors = static_encoder().encode(["", "\ud800 lone surrogate", "x" * 100_000])
    assert not vectors[0].any()
    assert np.isfinite(vectors).all()


def test_a_text_has_the_same_vector_in_any_batch() -> None:
    encoder = static_encoder()
    alone = encoder.encode(["Velmora dam bursts"])[0]
    among = encoder.encode(["one", "Velmora dam bursts", "three words more"] * 50)
    assert np.allclose(among[1], alone, atol=1e-6)
    assert encoder.encode([]).shape == (0, encoder.dimensions)
