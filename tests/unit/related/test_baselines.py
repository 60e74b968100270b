import numpy as np
import pytest
from scipy.sparse import csr_matrix

from labelled import labelled
from themeline.related.core.baselines import (
    NAMES,
    baselines,
    best_terms,
    bm25_weights,
    similarities,
    term_counts,
    tf_idf,
)
from themeline.related.core.contest import contest
from themeline.related.core.single_pass import SinglePass
from themeline.related.encoders import static_encoder

FLOODS = [
    labelled("Velmora dam bursts above Karsk", "flood"),
    labelled("Karsk chess champion resigns", "chess"),
    labelled("Bursting Velmora dam floods Karsk", "flood"),
    labelled("Chess champions: Karsk rook sacrifice", "chess"),
]


def test_words_are_counted_by_their_stems() -> None:
    counts = term_counts([labelled("Dams burst"), labelled("the dam is bursting, a dam")])
    assert counts.toarray().tolist() == [[1, 1], [2, 1]]


def test_tf_idf_rows_have_length_one_and_rare_words_weigh_more() -> None:
    weights = tf_idf(csr_matrix(np.array([[1.0, 1, 0], [1, 0, 1], [0, 0, 0]]))).toarray()
    assert np.linalg.norm(weights, axis=1).tolist() == pytest.approx([1, 1, 0])
    common, rare = np.log(4 / 3) + 1, np.log(4 / 2) + 1
    assert weights[0, 1] / weights[0, 0] == pytest.approx(rare / common)


def test_bm25_weighs_as_lucene_does() -> None:
    weights = bm25_weights(csr_matrix(np.array([[2.0, 0], [1, 1]], np.float32))).toarray()
    idf = np.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert weights[1, 1] == pytest.approx(idf * 1 / (1 + 1.2 * (1 - 0.75 + 0.75 * 2 / 2)), rel=1e-4)
    assert weights[0, 1] == 0


def test_only_the_best_terms_are_asked_for() -> None:
    assert best_terms(csr_matrix(np.array([[0.1, 0.5, 0.3], [0, 0.2, 0]])), 2).toarray().tolist() == [
        [0, 1, 1],
        [0, 1, 0],
    ]


def test_each_baseline_finds_the_other_article_of_a_story_first() -> None:
    found = list(baselines(FLOODS, static_encoder()))
    assert tuple(one.name for one in found) == NAMES
    for baseline in found:
        scores = similarities(baseline, 4)
        assert np.allclose(scores, scores.T)
        assert scores[0].argsort()[::-1][1] == 2
        entry = contest(FLOODS, baseline)["story"]
        assert entry.report.measures["ndcg@10"].value == 1
        assert entry.report.measures["bcubed_f1"].value == 1


def test_articles_without_a_word_are_like_nothing() -> None:
    for baseline in baselines([labelled("", "a"), labelled("", "a")], static_encoder()):
        assert not baseline.scores(slice(0, 2)).any()


def test_in_a_dated_file_only_earlier_articles_are_candidates() -> None:
    dated = [labelled("Velmora dam bursts", "f", hours=1.0), labelled("Velmora dam burst", "f", hours=2.0)]
    (baseline, *_) = baselines(dated, static_encoder())
    assert contest(dated, baseline)["story"].report.measures["map"].value == 1
    assert len(contest(dated, baseline)["story"].report.measures) == 8


def test_a_single_pass_joins_by_either_linkage_and_takes_the_better() -> None:
    passes = SinglePass(4)
    for row in ([], [0.9], [0.95, 0.0], [0.5, 0.1, 0.3]):
        passes.add(np.array(row, np.float32))
    linkage, threshold, clusters = passes.best([0, 1, 2, 3], ["a", "a", "b", "c"])
    assert clusters[0] == clusters[1]
    assert len(set(clusters)) == 3
    assert (linkage, 0.4 < threshold <= 0.9) == ("mean", True)


def test_articles_before_the_first_labelled_one_take_part_in_the_pass() -> None:
    passes = SinglePass(3)
    for row in ([], [1.0], [1.0, 1.0]):
        passes.add(np.array(row, np.float32))
    assert passes.best([1, 2], ["a", "a"])[2] == [0, 0]
