import numpy as np

from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER
from themeline.related.core.engine import EngineArticle
from themeline.related.core.fitting import STORY_FIXED, STORY_TIME, THEME_FIXED, Pairs, fit
from themeline.related.core.scoring import GATES
from themeline.related.core.training import fit_scorer
from themeline.related.core.trial import Labelled
from themeline.related.encoders import static_encoder
from themeline.shared.core.reasons import Signal


def drawn(seed: int, count: int = 2_000) -> Pairs:
    """Pairs whose label depends on the lexical signal alone."""
    rng = np.random.default_rng(seed)
    signals = rng.random((count, len(Signal))).astype(np.float32)
    gates = np.eye(GATES, dtype=np.float32)[rng.integers(0, GATES, count)]
    labels = (rng.random(count) < 1 / (1 + np.exp(-8 * (signals[:, Signal.LEXICAL] - 0.5)))).astype(np.float32)
    return Pairs(signals, gates, labels, np.ones(count, np.float32))


def test_a_fit_finds_the_signal_that_counts() -> None:
    model = fit(drawn(1), THEME_FIXED)
    assert (model.weights.argmax(axis=1) == Signal.LEXICAL).all()
    assert (model.weights >= 0).all()


def test_given_weights_are_not_fitted() -> None:
    model = fit(drawn(2), STORY_FIXED)
    assert np.allclose(model.weights[:, Signal.TIME], STORY_TIME)
    assert not model.weights[:, Signal.SOURCE].any()


def test_a_fit_is_the_same_again() -> None:
    assert np.array_equal(fit(drawn(3), STORY_FIXED).weights, fit(drawn(3), STORY_FIXED).weights)


def test_what_the_pairs_do_not_show_stays_as_it_was() -> None:
    pairs, prior = drawn(4), fit(drawn(5), THEME_FIXED)
    headlines = pairs.take(pairs.gates[:, 0] == 1)
    alone, begun = fit(headlines, THEME_FIXED), fit(headlines, THEME_FIXED, prior)
    assert not alone.weights[2].any()
    assert np.allclose(begun.weights[2], prior.weights[2], atol=1e-3)
    assert np.allclose(begun.biases[2], prior.biases[2], atol=1e-3)
    assert np.allclose(begun.usual[2], prior.usual[2])
    assert begun.weights[0].argmax() == Signal.LEXICAL


def test_a_scorer_is_fitted_on_labelled_articles_of_every_length() -> None:
    labels = ["flood", "flood", "chess", "budget"]
    articles = [
        Labelled(EngineArticle(raw), label, label)
        for raw, label in zip([FLOOD, FLOOD_LATER, CHESS, BUDGET], labels, strict=True)
    ]
    scorer = fit_scorer([articles], static_encoder(), lambda _: False)
    assert scorer.story.weights.shape == (GATES, len(Signal))
    assert np.isfinite(scorer.theme.weights).all()
