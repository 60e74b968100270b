import numpy as np
import pytest

from labelled import labelled
from themeline.related.core.calibration import calibration, reliability
from themeline.related.core.judging import Judged, judged, words_of
from themeline.related.core.orders import Restored


def test_the_brier_score_is_the_mean_squared_error() -> None:
    found = calibration(np.array([1.0, 0.5, 0]), np.array([1.0, 0, 0]))
    assert found.brier == pytest.approx(0.25 / 3)
    assert found.rate == pytest.approx(1 / 3)
    assert found.base == pytest.approx(2 / 9)


def test_probabilities_that_come_true_as_often_as_they_say_have_no_error() -> None:
    probabilities = np.repeat([0.25, 0.75], 400)
    truths = np.concatenate([np.arange(400) % 4 == 0, np.arange(400) % 4 != 0]).astype(float)
    assert calibration(probabilities, truths).error == pytest.approx(0)
    assert calibration(np.full(100, 0.9), np.arange(100) % 2 == 0).error == pytest.approx(0.4)


def test_a_bin_tells_what_was_said_and_what_was_true() -> None:
    bins = reliability(np.array([0.0, 0.05, 1.0]), np.array([0.0, 1, 1]))
    assert (bins[0].pairs, bins[0].predicted, bins[0].observed) == (2, 0.025, 0.5)
    assert (bins[9].pairs, bins[9].predicted) == (1, 1.0)
    assert bins[5].pairs == 0
    assert np.isnan(bins[5].observed)


def test_nothing_to_judge_is_no_number() -> None:
    assert np.isnan(calibration(np.zeros(0), np.zeros(0)).brier)


def test_each_pair_is_judged_once_by_the_later_article_and_only_where_both_have_labels() -> None:
    articles = [labelled("a", "x"), labelled("b", "x"), labelled("c"), labelled("d", "y")]
    relations = {
        1: {2: (0.9, 0.9), 4: (0.2, 0.3)},
        2: {1: (0.9, 0.9), 3: (0.5, 0.5)},
        3: {2: (0.5, 0.5)},
        4: {1: (0.2, 0.3)},
    }
    formed = Restored([], [], relations)
    found = judged(articles, [5, 500, 5, 5], formed, "story", lambda _: True)
    assert sorted(zip(found.probabilities, found.truths, found.kinds, strict=True)) == [(0.2, 0, 0), (0.9, 1, 1)]
    assert judged(articles, [5] * 4, formed, "story", lambda at: at == 3).probabilities.tolist() == [0.2]
    assert not len(Judged.joined([found]).of_kind(2).truths)


def test_words_of_title_and_text_count() -> None:
    assert words_of(labelled("Two words")) == 2
