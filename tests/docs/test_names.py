"""What a document names exists: links, paths, modules, settings, metrics."""

import importlib
import re
from pathlib import Path

import pytest

from documents import OPERATIONS, anchors, documents, links, named_in
from repository import ROOT, SOURCES, metrics_in_code, tracked_files

DOTTED = re.compile(r"themeline(?:\.\w+)+")
PATHLIKE = re.compile(r"\.?[\w.-]+(?:/[\w.{}-]*)+")
METRIC = re.compile(r"themeline_[a-z_]+")
VARIABLE = re.compile(r"THEMELINE_[A-Z_]*[A-Z]\b")
# Folders of the source that no reader needs a line about.
UNLISTED = {"deploy/prometheus/tests", "tests/data/pages"}

every_document = pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))


@every_document
def test_links_lead_somewhere(path: Path) -> None:
    for link in links(path.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        name, _, fragment = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        if fragment:
            assert fragment in anchors(target.read_text(encoding="utf-8")), link


@every_document
def test_paths_exist(path: Path) -> None:
    folders = {file.relative_to(ROOT).parts[0] for file in tracked_files() if len(file.relative_to(ROOT).parts) > 1}
    for name in named_in(path.read_text(encoding="utf-8")):
        if PATHLIKE.fullmatch(name) and name.partition("/")[0] in folders:
            assert (ROOT / name).exists(), name


@every_document
def test_modules_and_what_is_in_them_exist(path: Path) -> None:
    for name in named_in(path.read_text(encoding="utf-8")):
        if DOTTED.fullmatch(name):
            assert resolve(name), name


@every_document
def test_metrics_and_variables_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = "\n".join(
        file.read_text(encoding="utf-8", errors="replace")
        for file in tracked_files()
        if file.suffix not in (".md", ".json", ".jsonl", ".gz")
    )
    settings = set(VARIABLE.findall(OPERATIONS.read_text(encoding="utf-8")))
    assert set(METRIC.findall(text)) <= metrics_in_code().keys()
    assert {name for name in VARIABLE.findall(text) if name not in code} <= settings


def resolve(name: str) -> object:
    """The module, or the attribute of one, that a dotted name names."""
    head, _, last = name.rpartition(".")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(head), last, None)


def test_the_architecture_has_a_line_for_every_folder() -> None:
    named = named_in((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert {line for line in map(line_of, folders_of_the_repository()) if line} - named == set()


def folders_of_the_repository() -> set[str]:
    return {str(path.parent.relative_to(ROOT)) for path in tracked_files()} - {"."} - UNLISTED


def line_of(folder: str) -> str:
    """How ARCHITECTURE.md names a folder: packages by import, others by path; "" where the parent's line will do."""
    for source in SOURCES:
        if folder.startswith(f"{source}/"):
            module = folder.removeprefix(f"{source}/").replace("/", ".")
            return "" if module.endswith((".versions", ".sample", ".templates", ".static")) else module
    parts = folder.split("/")
    deep = parts[0] == "tests" or parts[:2] == ["deploy", "grafana"]
    return "/".join(parts[: 2 if deep else len(parts)]) + "/"
