import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER
from themeline.related.core.evaluation import (
    Grouped,
    Ranking,
    average_precision,
    bcubed,
    clustering,
    correlation,
    ndcg,
    retrieval,
)
from themeline.related.evaluate import main


def test_a_perfect_ranking_scores_one_and_a_late_hit_less() -> None:
    perfect, late = Ranking(np.array([1.0, 1, 0]), 2), Ranking(np.array([0.0, 1]), 1)
    assert ndcg(perfect) == average_precision(perfect) == 1
    assert ndcg(late) == pytest.approx(1 / np.log2(3))
    assert average_precision(late) == 0.5


def test_what_was_never_ranked_counts_as_missed() -> None:
    assert average_precision(Ranking(np.array([1.0]), 4)) == 0.25
    assert retrieval([Ranking(np.array([1.0]), 4)], ["a"])["r@10"].value == 0.25


def test_queries_with_nothing_relevant_are_left_out() -> None:
    found = retrieval([Ranking(np.array([1.0]), 1), Ranking(np.array([0.0]), 0)], ["a", "b"])
    assert found["map"].value == 1


def test_bcubed_measures_purity_and_completeness() -> None:
    precision, recall = bcubed([1, 1, 1, 2], ["a", "a", "b", "b"])
    assert precision.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1])
    assert recall.tolist() == [1, 1, 0.5, 0.5]
    found = clustering(Grouped.of([1, 1, 2], ["x", "x", "y"]), ["x", "x", "y"])
    assert found["bcubed_f1"].value == found["bcubed_f1"].low == 1


def test_correlations_of_equal_orders_are_one() -> None:
    pearson, spearman = correlation(np.array([1.0, 2, 3]), np.array([1.0, 4, 9]))
    assert spearman == pytest.approx(1)
    assert 0.9 < pearson < 1


def labelled(path: Path) -> Path:
    items = [
        {"id": at, "title": raw.title, "text": raw.text, "published": None, "story": story}
        for at, (raw, story) in enumerate([(FLOOD, "f"), (CHESS, "c"), (FLOOD_LATER, "f"), (BUDGET, "b")])
    ]
    lines = "".join(json.dumps(item) + "\n" for item in items)
    path.write_bytes(gzip.compress(lines.encode()) if path.suffix == ".gz" else lines.encode())
    return path


@pytest.mark.parametrize("name", ["news.jsonl", "news.jsonl.gz"])
def test_a_labelled_file_is_scored(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", str(labelled(tmp_path / name))]) == 0
    (found,) = json.loads(capsys.readouterr().out)["files"].values()
    assert list(found["levels"]) == ["story"]
    assert found["levels"]["story"]["engine"]["ndcg@10"]["value"] == 1
    assert found["levels"]["story"]["engine"]["clusters"]["value"] == 3


def test_similarities_are_compared_pair_by_pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    matrix = np.zeros((4, 4))
    matrix[0, 2] = 1
    (tmp_path / "similar.json").write_text(json.dumps(matrix.ravel().tolist()))
    assert main(["--json", "--pairs", str(labelled(tmp_path / "news.jsonl")), str(tmp_path / "similar.json")]) == 0
    assert json.loads(capsys.readouterr().out)["pearson"] > 0.9


@pytest.mark.parametrize("content", [b"", b"not json\n", b'{"text": "no title"}\n', b"\xff\xfe"])
def test_an_unusable_file_is_one_clear_line(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    assert main([str(path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_truncated_archive_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = labelled(tmp_path / "news.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-20])
    assert main([str(path)]) == 1
    assert "bad" in capsys.readouterr().err or "cannot be read"
