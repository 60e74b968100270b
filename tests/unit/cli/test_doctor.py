"""What the doctor makes of the variables that are set."""

import re

import pytest

from documents import OPERATIONS, PROCESSES
from repository import ROOT
from themeline.cli.check_machine import PREFIX, check_configuration

NAME = re.compile(rf"{PREFIX}[A-Z_]*[A-Z]")


def test_no_documented_setting_is_called_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    documented = {f"{PREFIX}{name.upper()}" for kind in PROCESSES.values() for name in kind.model_fields}
    documented |= set(NAME.findall((ROOT / "deploy/env.example").read_text() + OPERATIONS.read_text()))
    assert f"{PREFIX}FETCH_ALLOW" in documented
    for name in documented:
        monkeypatch.setenv(name, "")

    found = [finding.text for finding in check_configuration()]

    assert [text for text in found if text.startswith("nothing reads")] == []


def test_a_setting_of_the_fetcher_that_it_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}FETCHERS", "none")

    assert f"{PREFIX}FETCHERS is not usable" in [finding.text for finding in check_configuration()]


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}FETCH_ALOW", "10.1.0.0/16")

    (remedy,) = [finding.remedy for finding in check_configuration() if "FETCH_ALOW" in finding.text]

    assert remedy == f"did you mean {PREFIX}FETCH_ALLOW?"
