import numpy as np
import pytest

from labelled import INVENTED, labelled
from themeline.related.core.orders import adjusted_rand, agreed, restored, sensitivity
from themeline.related.core.recall import BUDGETS, candidate_recall
from themeline.related.core.trial import items, pooled, report, run
from themeline.related.encoders import static_encoder
from themeline.related.lab.trials import stream_of


def test_the_adjusted_rand_index_is_that_of_its_definition() -> None:
    assert adjusted_rand([1, 1, 2, 2], [5, 5, 7, 7]) == 1
    assert adjusted_rand([1, 1, 2, 2], [1, 2, 1, 2]) == pytest.approx(-0.5)
    # Pairs together in both 1, in either 2 and 3, of 10: (1 - .6) / (2.5 - .6).
    assert adjusted_rand([0, 0, 1, 1, 2], [0, 0, 0, 1, 2]) == pytest.approx((1 - 0.6) / (2.5 - 0.6))
    assert adjusted_rand([1], [1]) == 1


def test_groupings_of_one_order_agree() -> None:
    assert agreed([[1, 1, 2]]) == {"adjusted_rand": 1.0, "bcubed_f1": 1.0}
    assert agreed([[1, 1, 2], [4, 4, 9]])["bcubed_f1"] == 1


def test_a_shuffled_stream_is_told_in_the_order_of_the_file() -> None:
    articles = stream_of(INVENTED)[:12]
    order = np.random.default_rng(3).permutation(12)
    engine = run([articles[at] for at in order], static_encoder())
    found = restored(engine, order)
    assert [found.stories[at] for at in order] == list(engine.stories)
    for number, others in engine.relations.items():
        assert {order[other - 1] + 1 for other in others} == set(found.relations[order[number - 1] + 1])


def test_dated_files_are_also_jittered_and_times_stay() -> None:
    kinds = sensitivity(stream_of(INVENTED), static_encoder(), None, 2)
    assert [one.kind for one in kinds] == ["jittered", "shuffled"]
    for one in kinds:
        assert one.runs == 2
        assert set(one.levels) == set(one.agreement) == {"story", "theme"}
        spread = one.levels["story"]["ndcg@10"]
        assert spread.low <= spread.mean <= spread.high
    undated = [labelled("Dam bursts", "a"), labelled("Dam burst", "a")]
    assert [one.kind for one in sensitivity(undated, static_encoder(), None, 1)] == ["shuffled"]


def test_candidate_recall_counts_true_pairs_with_earlier_articles() -> None:
    articles = stream_of(INVENTED)
    found = candidate_recall(articles, static_encoder())
    assert tuple(one.budget for one in found) == BUDGETS
    assert found[-1].levels["story"].value == found[-1].within["theme"].value == 1
    assert found[-1].candidates == pytest.approx(19.5)


def test_too_many_partners_for_a_budget_are_told_apart_from_missed_ones() -> None:
    articles = [labelled(f"Velmora dam bursts {at}", "flood") for at in range(120)]
    found = candidate_recall(articles, static_encoder())
    assert found[0].levels["story"].value < 0.75
    assert found[0].within["story"].value > found[0].levels["story"].value


def test_pooled_folds_are_the_whole() -> None:
    articles = stream_of(INVENTED)
    engine = run(articles, static_encoder())
    whole = report(articles, engine, "story")
    even = items(articles, engine, "story", lambda at: at % 2 == 0)
    odd = items(articles, engine, "story", lambda at: at % 2 == 1)
    assert whole is not None
    for name, measure in pooled([even, odd]).report("story").measures.items():
        assert measure.value == pytest.approx(whole.measures[name].value)
