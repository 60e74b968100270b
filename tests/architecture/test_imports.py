"""The import rules hold, and each of them fails when it is broken."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from repository import ROOT, SOURCES

# contract: (a file, an import that it must not contain)
BREAKS = {
    "services": ("shared/src/themeline/shared/settings.py", "import themeline.api.settings"),
    "core": ("services/related/src/themeline/related/core/text.py", "import sqlalchemy"),
    "ingest": ("services/ingest/src/themeline/ingest/store/articles.py", "import themeline.ingest.publish"),
    "related": ("services/related/src/themeline/related/store/work.py", "import themeline.related.relate"),
    "api": ("services/api/src/themeline/api/queries/__init__.py", "import themeline.api.routes"),
    "metrics": ("services/related/src/themeline/related/store/work.py", "import prometheus_client"),
    "queue": ("services/api/src/themeline/api/settings.py", "import themeline.shared.queue"),
    "supervisor": ("deploy/embedded/src/themeline/embedded/errors.py", "import themeline.ingest.app"),
    "web": ("services/related/src/themeline/related/settings.py", "import fastapi"),
    "acyclic": ("services/ingest/src/themeline/ingest/settings.py", "import themeline.ingest.app"),
}


def lint(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(tree / folder) for folder in SOURCES)
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", *arguments],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


def contracts() -> set[str]:
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    return {name.rpartition(":")[2] for name in rules.sections() if name.startswith("importlinter:contract:")}


def test_every_import_rule_holds() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_every_import_rule_has_a_case_that_breaks_it() -> None:
    assert contracts() == set(BREAKS)


@pytest.mark.parametrize("contract", sorted(BREAKS))
def test_a_broken_import_rule_is_found(contract: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    name, statement = BREAKS[contract]
    with (tmp_path / name).open("a", encoding="utf-8") as module:
        module.write(f"\n{statement}\n")

    result = lint(tmp_path, "--contract", contract)

    assert result.returncode == 1, result.stdout
    assert "1 broken" in result.stdout
