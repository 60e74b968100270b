import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from systems import plain_environment
from themeline.related.core.scoring import default_scorer, scorer_of
from themeline.related.scorers import UnusableScorerError, read_scorer, scorer_document, scorers


def written(path: Path, **changes: object) -> Path:
    path.write_text(json.dumps(json.loads(scorer_document(default_scorer(), "mine", {})) | changes))
    return path


def test_a_written_scorer_is_read_again(tmp_path: Path) -> None:
    found = read_scorer(written(tmp_path / "scorer.json"), "mine")
    assert np.allclose(found.story.weights, default_scorer().story.weights, atol=1e-3)


def test_a_given_scorer_judges_the_vectors_that_it_was_fitted_for_and_no_others(tmp_path: Path) -> None:
    path = written(tmp_path / "scorer.json")
    chosen = scorers(path, "mine")
    assert chosen("mine") is chosen("mine")
    assert chosen("wordllama-256") is scorer_of("wordllama-256")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"encoder": "other"}, "fitted for the encoder other"),
        ({"signals": ["lexical"]}, "other signals"),
        ({"story": {}}, "fit it"),
    ],
)
def test_an_unfitting_scorer_is_one_clear_line(changes: dict[str, object], says: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableScorerError, match=says) as told:
        read_scorer(written(tmp_path / "scorer.json", **changes), "mine")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("content", [None, b"", b"[]", b"\xff", b'{"signals": 3}'])
def test_what_is_no_scorer_is_one_clear_line(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "scorer.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnusableScorerError, match=r"scorer\.json") as told:
        read_scorer(path, "mine")
    assert "\n" not in str(told.value)


def test_the_worker_does_not_start_with_a_scorer_that_it_cannot_use(tmp_path: Path) -> None:
    settings = {
        "THEMELINE_DATABASE_URL": "postgresql+psycopg://user:secret@127.0.0.1:1/name",
        "THEMELINE_REDIS_URL": "redis://127.0.0.1:1/0",
        "THEMELINE_SCORER": str(written(tmp_path / "scorer.json")),
    }
    done = subprocess.run(
        [sys.executable, "-m", "themeline.related"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=plain_environment() | settings,
    )
    assert done.returncode == 2
    assert "THEMELINE_SCORER" in done.stderr
    assert "fitted for the encoder mine, not for wordllama-256" in done.stderr
    assert done.stderr.count("\n") == 1
