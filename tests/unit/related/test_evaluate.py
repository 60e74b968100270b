import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from labelled import INVENTED, invented, write
from themeline.related.core.baselines import NAMES
from themeline.related.core.evaluation import RESAMPLES, Grouped, Interval, Resampling, clustering, correlations
from themeline.related.evaluate import main
from themeline.related.lab.documents import dumped
from themeline.related.lab.tables import number

MEASURES = ["ndcg@10", "map", "p@5", "r@10", "bcubed_precision", "bcubed_recall", "bcubed_f1", "clusters"]


def test_intervals_are_over_labels_not_articles() -> None:
    values = np.repeat([0.0, 1.0] * 10, 50)
    by_article = Resampling(range(1_000)).mean(values)
    by_label = Resampling(np.repeat(range(20), 50).tolist()).mean(values)
    assert by_article.value == by_label.value == 0.5
    assert by_label.high - by_label.low > 5 * (by_article.high - by_article.low)


def test_of_few_labels_articles_are_resampled() -> None:
    found = Resampling(["a"] * 50 + ["b"] * 50).mean(np.arange(100.0))
    assert 40 < found.low < found.value < found.high < 60


def test_nothing_to_measure_has_no_value() -> None:
    assert math.isnan(Resampling([]).mean(np.zeros(0)).value)


def test_the_number_of_clusters_has_an_interval_around_it() -> None:
    groups, labels = [1, 1, 2, 3, 3, 4, 5], list("aabccde")
    found = clustering(Grouped.of(groups, labels), labels)["clusters"]
    assert found.value == pytest.approx(5)
    assert found.low < 5 < found.high or found.low == found.high == 5


def test_a_lead_on_the_same_articles_is_surer_than_either_value() -> None:
    rng = np.random.default_rng(2)
    hard = rng.random(300)
    resampling = Resampling(range(300))
    better, worse = resampling.mean(hard + 0.05), resampling.mean(hard)
    lead = better.above(worse)
    assert (lead.value, lead.low, lead.high) == pytest.approx((0.05, 0.05, 0.05))
    assert better.low < worse.high


def test_correlations_of_pairs_have_intervals_over_articles() -> None:
    rng = np.random.default_rng(4)
    left = rng.random((12, 12))
    found = correlations(left, left**3)
    assert found["spearman"].value == pytest.approx(1)
    assert found["pearson"].low < found["pearson"].value <= 1
    assert len(found["pearson"].draws) == RESAMPLES


def test_the_document_has_the_engine_the_baselines_and_what_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "--candidates", "--shuffles", "2", str(INVENTED)]) == 0
    shown = capsys.readouterr()
    assert not shown.err
    found = json.loads(shown.out)
    assert (found["version"], found["encoder"], found["scorer"]) == (1, "wordllama-256", "shipped")
    file = found["files"][str(INVENTED)]
    assert (file["articles"], file["dated"]) == (40, True)
    assert list(file["levels"]) == ["story", "theme"]
    story = file["levels"]["story"]
    assert (story["articles"], story["labels"]) == (40, 10)
    assert list(story["engine"]) == MEASURES
    assert list(story["baselines"]) == list(NAMES)
    for system in (story["engine"], *story["baselines"].values()):
        for measure in MEASURES:
            assert system[measure]["low"] <= system[measure]["value"] <= system[measure]["high"]
    assert set(story["above_best_baseline"]) == {"ndcg@10", "map", "bcubed_f1"}
    assert [one["budget"] for one in file["candidates"]] == [50, 100, 200, 300]
    assert set(file["orders"]) == {"jittered", "shuffled"}


def test_the_table_names_every_system_and_ends_with_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(INVENTED)]) == 0
    shown = capsys.readouterr()
    assert not shown.err
    head, *_ = [line for line in shown.out.splitlines() if "engine" in line]
    assert head.split() == ["engine", *NAMES]
    assert "40 articles through the engine" in shown.out.splitlines()[-1]
    assert " a second" in shown.out.splitlines()[-1]


def test_the_engine_alone_has_no_other_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--no-baselines", str(INVENTED)]) == 0
    assert "tf-idf" not in capsys.readouterr().out


def test_a_file_without_dates_is_measured_in_its_own_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "undated.jsonl", [item | {"published": None} for item in invented()])
    assert main(["--json", "--no-baselines", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["files"][str(path)]["dated"] is False


def test_pairs_are_compared_beside_the_baselines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = invented()[:10]
    (tmp_path / "s.json").write_text(json.dumps(np.eye(10).ravel().tolist()))
    articles = write(tmp_path / "a.jsonl", items)
    assert main(["--pairs", "--json", str(articles), str(tmp_path / "s.json")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found["systems"]) == ["engine", *NAMES]
    assert found["pearson"] is None, "all pairs are judged alike: there is no correlation"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"title": "no label"}', "label some"),
        ('{"title": "list", "story": ["a"]}', "a label must be"),
        ("[" * 100_000, "line 1"),
    ],
)
def test_a_file_that_cannot_be_scored_is_one_clear_line(
    content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.jsonl").write_text(content + "\n")
    assert main([str(INVENTED), str(tmp_path / "bad.jsonl")]) == 1
    told = capsys.readouterr()
    assert not told.out
    assert says in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("name", ["broken.jsonl.gz", "absent.jsonl", "."])
def test_a_file_that_cannot_be_read_is_one_clear_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00broken")
    assert main([str(tmp_path / name)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--encoder", "nonsense"], ["--scorer", "absent.json"]])
def test_unusable_options_are_one_clear_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, str(INVENTED)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_line_separator_within_a_text_ends_no_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = [item | {"text": "one\u2028two"} for item in invented()]
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")
    assert main(["--json", "--no-baselines", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["files"][str(path)]["articles"] == 40


def test_numbers_that_are_none_are_null_in_json() -> None:
    nan = float("nan")
    assert json.loads(dumped({"a": [nan, math.inf, 0.12345]})) == {"a": [None, None, 0.1235]}
    assert Interval(nan, nan, nan).above(Interval(nan, nan, nan)).draws.shape == (RESAMPLES,)
    assert (number(nan), number(0.5), number(-0.25), number(1.0), number(41.6)) == ("–", ".500", "-.250", "1.000", "42")


def test_the_command_writes_no_progress_where_there_is_no_terminal() -> None:
    words = [sys.executable, "-m", "themeline.cli", "evaluate", "--json", "--no-baselines", str(INVENTED)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    assert not done.stderr
    assert json.loads(done.stdout)["version"] == 1
