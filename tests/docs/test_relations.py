"""docs/relations.md: its tables are those of the shipped weights, and its commands exist."""

import json
import re
import subprocess
import sys

import pytest

from documents import blocks
from proof import (
    PROOF,
    RELATIONS,
    calibration_table,
    markers,
    table_in,
    unseen_table,
    with_tables,
)
from themeline.related.core.baselines import NAMES
from themeline.related.core.scoring import DEFAULT_ENCODER, scorer_of
from themeline.related.lab.documents import digest

TABLES = ("systems", "pairs", "candidates", "orders", "unseen", "calibration")
INTERVAL = r"[-–\d.]+ \[[-–\d.]+, [-–\d.]+\]"


@pytest.fixture(scope="module")
def text() -> str:
    return RELATIONS.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_rows(name: str, text: str) -> None:
    found = table_in(text, name)
    assert found.startswith(("| ", "`"))
    assert len(found.splitlines()) > 3


def test_the_model_card_is_that_of_the_shipped_weights() -> None:
    shipped = digest(scorer_of(DEFAULT_ENCODER))
    assert json.loads(PROOF.read_text(encoding="utf-8"))["weights"] == shipped, "run `./themeline fit FILE… --ship`"


def test_the_figures_on_unseen_labels_are_those_of_the_model_card(text: str) -> None:
    proof = json.loads(PROOF.read_text(encoding="utf-8"))
    assert table_in(text, "unseen") == unseen_table(proof), "run tests/proof.py, as its first lines say"
    assert table_in(text, "calibration") == calibration_table(proof), "run tests/proof.py, as its first lines say"


def test_the_engine_stands_beside_every_baseline_with_intervals(text: str) -> None:
    for part in re.split(r"\n\n(?=`)", table_in(text, "systems")):
        rows = {row.split(" | ")[0].strip("| *"): row for row in part.splitlines() if row.startswith("| ")}
        assert {"engine**, cross-validated", "engine, in sample", *NAMES} <= rows.keys()
        assert all(len(re.findall(INTERVAL, rows[name])) == 4 for name in NAMES)


def test_tables_are_written_between_their_markers() -> None:
    begin, end = markers("pairs")
    assert with_tables(f"a\n{begin}\nold\n{end}\nb", {"pairs": "new"}) == f"a\n{begin}\n\nnew\n\n{end}\nb"
    with pytest.raises(ValueError, match="no place for the table pairs"):
        with_tables("nothing", {"pairs": "new"})


def test_the_commands_and_options_it_names_exist(text: str) -> None:
    called = [
        line.split() for block in blocks(text, "sh") for line in block.splitlines() if line.startswith("./themeline")
    ]
    commands = (("evaluate",), ("fit",), ("bench", "engine"))
    assert {words[1] for words in called} == {command[0] for command in commands}
    for command in commands:
        asked = [sys.executable, "-m", "themeline.cli", *command, "--help"]
        known = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout
        options = {word for words in called if words[1] == command[0] for word in words if word.startswith("--")}
        assert options - {"--ship"} <= set(re.findall(r"--[a-z-]+", known))
