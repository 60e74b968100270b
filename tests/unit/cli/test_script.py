"""The script at the root of the project, which has to work before anything is installed."""

import ast
import importlib.machinery
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "themeline"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("themeline_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("index-url", "https://mirror.example/simple", ["--default-index", "https://mirror.example/simple"]),
        ("extra-index-url", "https://more.example/simple", ["--index", "https://more.example/simple"]),
        ("find-links", "/wheels", ["--find-links", "/wheels"]),
        ("trusted-host", "mirror.example", ["--allow-insecure-host", "mirror.example"]),
        ("no-index", "1", ["--no-index"]),
        ("no-index", "false", []),
        ("timeout", "180", []),
    ],
)
def test_settings_of_pip_are_told_to_uv(script: ModuleType, name: str, value: str, words: list[str]) -> None:
    assert script.uv_words(name, value) == words


def test_an_older_python_can_read_the_script_and_is_told_what_is_missing() -> None:
    # The newest syntax that every Python 3.7 and later understands.
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_every_distribution_of_the_workspace_is_linked(script: ModuleType) -> None:
    found = {str(path.parent.relative_to(SCRIPT.parent)) for path in SCRIPT.parent.glob("*/**/pyproject.toml")}
    assert set(script.DISTRIBUTIONS) <= found


def test_an_environment_is_current_only_with_the_requirements_it_was_made_for(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THEMELINE_ENV", str(tmp_path))
    environment = script.Environment("runtime")
    assert not environment.is_current()
    environment.python.parent.mkdir()
    environment.python.symlink_to("/bin/sh")
    (tmp_path / "pyvenv.cfg").write_text("version = 3.13.1")
    environment.stamp.write_text("\n".join(environment.signature("dev")))
    assert environment.is_current(), "the set for development contains the other one"
    environment.stamp.write_text("runtime\nanother digest")
    assert not environment.is_current()
