"""Fitting how much company counts."""

import numpy as np

from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER
from themeline.related.core.company_fitting import OWN_LEAST, fit_company
from themeline.related.core.engine import EngineArticle
from themeline.related.core.scoring import GATES, Company, Scorer, default_scorer
from themeline.related.core.trial import Labelled
from themeline.related.encoders import static_encoder

TOLD = [
    Labelled(EngineArticle(raw), story, theme)
    for raw, story, theme in (
        (FLOOD, "flood", "weather"),
        (CHESS, "chess", "games"),
        (FLOOD_LATER, "flood", "weather"),
        (BUDGET, "budget", "politics"),
    )
]


def alone() -> Scorer:
    return Scorer(default_scorer().story, default_scorer().theme)


def test_company_is_learnt_from_what_the_engine_forms_and_never_speaks_against_a_pair() -> None:
    found = fit_company([TOLD], static_encoder(), [(alone(), np.ones(len(TOLD), bool))])
    for weights in (found.story, found.theme):
        assert weights.shape == (GATES, 4)
        assert (weights[:, 0] >= OWN_LEAST - 1e-6).all()
        assert (weights[:, 1:3] >= 0).all()


def test_without_anything_to_learn_from_the_shipped_regard_stays() -> None:
    start = default_scorer().company
    nothing = np.zeros(len(TOLD), bool)
    assert fit_company([TOLD], static_encoder(), [(alone(), nothing)], start) is start


def test_without_anything_at_all_there_is_no_company() -> None:
    found = fit_company([TOLD], static_encoder(), [(alone(), np.zeros(len(TOLD), bool))])
    assert isinstance(found, Company)
    assert found.theme.tolist() == [[1, 0, 0, 0]] * GATES
