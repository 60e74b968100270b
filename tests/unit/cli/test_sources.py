import io
import json
from pathlib import Path

import pytest

from themeline.cli.sources import Entry, Place, Unreadable, read_source


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
    assert isinstance(found, Unreadable)
    assert found.whole
    assert "address" in found.reason


def test_files_are_numbered_and_how_much_was_read_rises_over_all_of_them(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"title": "one"}\n{"title": "two"}\n')
    found = [one for one in read_source(str(tmp_path)) if isinstance(one, Entry)]
    assert [one.place for one in found] == [Place(0, 1), Place(0, 2), Place(1, 1), Place(1, 2)]
    assert [one.read for one in found] == [17, 34, 51, 68]


def test_a_folder_that_may_not_be_read_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)
    (found,) = read_source(str(tmp_path))
    assert found == Unreadable(str(tmp_path), "cannot be read (Permission denied)", whole=True)
