from prometheus_client import REGISTRY

from themeline.related.core.regrouping import Merged, Split
from themeline.related.regroup import Changes
from themeline.related.tasks import record_changes


def test_every_merge_and_split_is_counted_by_its_level() -> None:
    kinds = [("story", "merged"), ("story", "split"), ("theme", "merged"), ("theme", "split")]
    before = [_counted(*kind) for kind in kinds]
    record_changes(Changes((Merged(2, 1), Merged(3, 1), Split(4, (8, 9))), (Split(5, (6,)),)))
    assert [_counted(*kind) - old for kind, old in zip(kinds, before, strict=True)] == [2, 1, 0, 1]


def _counted(level: str, change: str) -> float:
    labels = {"level": level, "change": change}
    return REGISTRY.get_sample_value("themeline_regroupings_total", labels) or 0.0
