import json
import re
from pathlib import Path
from typing import Any

import pytest

from labelled import INVENTED, invented, write
from themeline.related import evaluate, fit
from themeline.related.core.scoring import scorer_of
from themeline.related.scorers import read_scorer


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fitted") / "new"
    assert fit.main([str(INVENTED), "--folds", "2", "--output", str(folder)], "1.2.3") == 0
    return folder


def test_a_fit_writes_a_scorer_that_evaluate_takes(fitted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scorer = fitted / "scorer.json"
    assert evaluate.main([str(INVENTED), "--json", "--no-baselines", "--scorer", str(scorer)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["scorer"] == str(scorer)
    assert found["files"][str(INVENTED)]["levels"]["theme"]["engine"]["ndcg@10"]["value"] > 0.9


def test_a_scorer_carries_its_proof(fitted: Path) -> None:
    proof = json.loads((fitted / "scorer.json").read_text())["proof"]
    assert set(proof["files"]["invented.jsonl"]) == set(proof["calibration"]) == {"story", "theme"}
    measures = proof["files"]["invented.jsonl"]["story"]
    assert set(measures) == {"unseen", "seen"}
    assert 0 < measures["unseen"]["ndcg@10"]["low"] <= measures["unseen"]["ndcg@10"]["value"] <= 1
    assert proof["calibration"]["theme"]["all"]["brier"] < proof["calibration"]["theme"]["all"]["base_rate"]


def test_the_model_card_says_how_the_scorer_was_made_and_how_well_it_does(fitted: Path) -> None:
    card = (fitted / "scorer.md").read_text()
    assert "`./themeline fit invented.jsonl --folds 2`" in card
    assert "1.2.3" in card
    assert str(INVENTED.parent) not in card
    for heading in ("Data", "Quality", "Calibration", "Weights", "Limits"):
        assert f"\n## {heading}\n" in card
    assert re.search(r"\| `ndcg@10` \| [\d.]+ \[[\d.]+, [\d.]+\] \|", card)
    assert re.search(r"\| story \| all \| [\d,]+ \| [\d.]+% \| 0\.\d{4} \| 0\.\d{4} \|", card)
    assert card.count("| 0.9–1.0 |") == 2


def test_files_labelled_by_theme_alone_keep_the_story_model(tmp_path: Path) -> None:
    items = [item | {"story": None} for item in invented()]
    assert fit.main([str(write(tmp_path / "a.jsonl", items)), "--folds", "2", "--output", str(tmp_path)]) == 0
    shipped = scorer_of("wordllama-256")
    assert (
        read_scorer(tmp_path / "scorer.json", "wordllama-256").story.weights.tolist() == shipped.story.weights.tolist()
    )
    assert "`story`: its model is the one shipped" in (tmp_path / "scorer.md").read_text()


def test_with_several_files_each_is_also_tested_unseen(tmp_path: Path) -> None:
    items = invented()
    halves = [[item for item in items if (item["theme"] in ("rail", "comet")) is half] for half in (True, False)]
    files = [str(write(tmp_path / f"{at}.jsonl", half)) for at, half in enumerate(halves)]
    assert fit.main([*files, "--folds", "2", "--output", str(tmp_path)]) == 0
    assert (tmp_path / "scorer.md").read_text().count("other files' scorer |") == 4


def relabelled(count: int, **labels: Any) -> list[dict[str, Any]]:
    return [item | {"story": None, "theme": None} | labels for item in invented()[:count]]


@pytest.mark.parametrize(
    ("items", "says"),
    [
        (relabelled(5), "label some"),
        (relabelled(5, story="one"), "all labelled articles belong together"),
        ([item | {"story": item["id"], "theme": None} for item in invented()], "no two articles share a label"),
        ([item | {"theme": None} for item in invented() if item["theme"] == "rail"], "too few labels: 2"),
    ],
)
def test_labels_that_teach_nothing_are_one_clear_line(
    items: list[dict[str, Any]], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit.main([str(write(tmp_path / "few.jsonl", items)), "--output", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
    assert not (tmp_path / "scorer.json").exists()


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert fit.main([str(INVENTED), "--output", str(tmp_path / "file" / "folder")]) == 1
    assert "--output" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--encoder", "nonsense"], ["--folds", "1"]])
def test_unusable_options_are_one_clear_line(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit.main([str(INVENTED), "--output", str(tmp_path), *arguments]) == 1
    assert capsys.readouterr().err.count("\n") == 1
