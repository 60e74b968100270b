"""What the worker counts from the start."""

from prometheus_client import REGISTRY

from themeline.related import metrics


def test_what_may_not_happen_for_long_is_counted_from_zero() -> None:
    metrics.count_from_zero("an encoder")
    assert REGISTRY.get_sample_value("themeline_encoder_failures_total", {"encoder": "an encoder"}) == 0
    for level in ("story", "theme"):
        for change in ("merged", "split"):
            labels = {"level": level, "change": change}
            assert REGISTRY.get_sample_value("themeline_regroupings_total", labels) is not None
