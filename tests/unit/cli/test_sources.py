import io
import json
from pathlib import Path

import pytest

from themeline.cli.sources import Entry, Unreadable, read_source


def test_a_folder_is_read_in_the_order_of_its_names_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", ".hidden.jsonl", "readme.md"):
        (tmp_path / name).write_text(json.dumps({"title": name}) + "\n")
    assert [found.fields["title"] for found in read_source(str(tmp_path)) if isinstance(found, Entry)] == [
        "a.jsonl",
        "b.jsonl",
    ]


def test_an_empty_folder_is_a_failure_that_names_the_known_kinds(tmp_path: Path) -> None:
    (found,) = read_source(str(tmp_path))
    assert isinstance(found, Unreadable)
    assert found.whole
    assert ".jsonl" in found.reason


def test_a_missing_file_is_a_failure() -> None:
    (found,) = read_source("/nonexistent/file.jsonl")
    assert found == Unreadable("/nonexistent/file.jsonl", "cannot be read (No such file or directory)", whole=True)


def test_an_empty_name_is_a_failure_and_not_the_working_directory() -> None:
    (found,) = read_source("")
    assert isinstance(found, Unreadable)
    assert found.whole


def test_a_closed_standard_input_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    (found,) = read_source("-")
    assert isinstance(found, Unreadable)
    assert found.whole


def test_standard_input_is_recognised_by_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"title": "one"}\n{"title": "two"}\n'))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [found.where for found in read_source("-")] == ["standard input, line 1", "standard input, line 2"]


@pytest.mark.parametrize("address", ["http://", "http://["])
def test_an_address_that_is_none_says_so(address: str) -> None:
    (found,) = read_source(address)
    assert found == Unreadable(address, "is no address of a page", whole=True)
