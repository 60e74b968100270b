"""The tables that are made from the code are those that the code has now."""

import re

import pytest

from documents import OPERATIONS, PROCESSES, anchors, with_tables
from repository import ROOT, alert_rules, tracked_files
from themeline.shared.models import INGEST_TABLES, RELATED_TABLES
from themeline.shared.settings import Settings

VARIABLE = re.compile(r"\bTHEMELINE_[A-Z_]*[A-Z]\b")
# Written by the script for its own processes, or by the image's build.
INTERNAL = {"THEMELINE_PROJECT", "THEMELINE_SERVICE"}
TABLE_ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \| .* \| (ingest|related|api) \|$", re.MULTILINE)


def test_settings_and_metrics_are_those_of_the_code() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    assert text == with_tables(text), "run .venv/bin/python tests/documents.py"


def test_every_kind_of_settings_is_in_the_table() -> None:
    def kinds(base: type[Settings]) -> set[type[Settings]]:
        return {kind for child in base.__subclasses__() for kind in (child, *kinds(child))}

    # What others are made of is in their tables.
    known = {kind for kind in kinds(Settings) if not kind.__subclasses__()}
    assert set(PROCESSES.values()) == known


def test_every_setting_says_what_it_does() -> None:
    for kind in PROCESSES.values():
        for name, field in kind.model_fields.items():
            assert field.description, name


def test_every_variable_that_is_read_is_documented() -> None:
    documents = [OPERATIONS, ROOT / "CONTRIBUTING.md"]
    documented = {name for path in documents for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    read = {
        name
        for path in tracked_files()
        if path.relative_to(ROOT).parts[0] in ("deploy", "services", "shared", "themeline", "docker-compose.yml")
        for name in VARIABLE.findall(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert read - documented - INTERNAL == set()


@pytest.mark.parametrize("name", [rule["alert"] for rule in alert_rules() if "alert" in rule])
def test_every_alert_has_a_section(name: str) -> None:
    assert name.lower() in anchors(OPERATIONS.read_text(encoding="utf-8"))


def test_the_table_of_tables_names_each_with_its_writer() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    shown = {name: writer for names, writer in TABLE_ROW.findall(text) for name in re.findall(r"\w+", names)}
    assert shown == {model.__tablename__: "ingest" for model in INGEST_TABLES} | {
        model.__tablename__: "related" for model in RELATED_TABLES
    }
