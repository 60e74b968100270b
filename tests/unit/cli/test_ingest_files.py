"""What `themeline ingest` keeps on disk: bookmarks and rejected articles; and what it looks at before."""

import io
import json
import os
from pathlib import Path

import pytest

from themeline.cli.errors import CommandError
from themeline.cli.ingest_bookmark import Bookmark, BookmarkFile
from themeline.cli.ingest_plan import ARCHIVE_BYTES, make_plan
from themeline.cli.ingest_rejected import RejectedFile
from themeline.cli.sources import AS_IT_IS, Entry, Place, Reading, Unreadable, read_source

SYSTEM = "http://127.0.0.1:8001"
BOOKMARK = Bookmark(Place(1, 7), Place(1, 5), "a.jsonl, line 7", {"created": 12})


def test_a_bookmark_is_found_again_until_it_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a.json"
    BookmarkFile(path, "print").save(BOOKMARK)
    assert BookmarkFile(path, "print").load() == BOOKMARK
    BookmarkFile(path, "print").remove()
    assert BookmarkFile(path, "print").load() is None
    assert not list(path.parent.iterdir())


def test_a_bookmark_of_other_content_is_none(tmp_path: Path) -> None:
    BookmarkFile(tmp_path / "a.json", "print").save(BOOKMARK)
    assert BookmarkFile(tmp_path / "a.json", "another").load() is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"fingerprint": "print"}', '{"fingerprint": "print", "answered": 3}']
)
def test_a_damaged_bookmark_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    assert BookmarkFile(tmp_path / "a.json", "print").load() is None


def test_a_bookmark_that_cannot_be_written_fails_nothing_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    bookmarks = BookmarkFile(tmp_path / "file" / "a.json", "print")
    bookmarks.save(BOOKMARK)
    assert bookmarks.failure is not None
    assert bookmarks.load() is None


def test_the_same_sources_have_the_same_name_and_print_until_one_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("one\n")
    first = make_plan([str(path)], AS_IT_IS, SYSTEM)
    assert make_plan([str(path)], AS_IT_IS, SYSTEM) == first
    told = path.stat()
    path.write_text("two\n")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    changed = make_plan([str(path)], AS_IT_IS, SYSTEM)
    assert (changed.name, changed.fingerprint == first.fingerprint) == (first.name, False)


def test_another_system_has_another_name_and_another_way_of_reading_another_print(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title\nA\n")
    first = make_plan([str(path)], AS_IT_IS, SYSTEM)
    assert make_plan([str(path)], AS_IT_IS, "http://elsewhere").name != first.name
    mapped = make_plan([str(path)], Reading(columns={"title": "title"}), SYSTEM)
    assert (mapped.name, mapped.fingerprint == first.fingerprint) == (first.name, False)


def test_a_folder_is_summed_up_and_changes_with_any_file(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text("{}\n")
    first = make_plan([str(tmp_path)], AS_IT_IS, SYSTEM)
    assert (first.origins, first.size, first.is_archive) == (2, 6, False)
    (tmp_path / "b.jsonl").write_text("{}\n{}\n")
    assert make_plan([str(tmp_path)], AS_IT_IS, SYSTEM).fingerprint != first.fingerprint


@pytest.mark.parametrize("source", ["-", "https://a.example/", "/nonexistent.jsonl"])
def test_what_cannot_be_read_again_has_no_name(source: str) -> None:
    plan = make_plan([source], AS_IT_IS, SYSTEM)
    assert (plan.name, plan.size) == (None, None)


def test_a_pipe_has_no_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    assert make_plan([str(tmp_path / "a.jsonl")], AS_IT_IS, SYSTEM).name is None


def test_much_is_an_archive(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("wb") as file:
        file.truncate(ARCHIVE_BYTES + 1)
    assert make_plan([str(tmp_path / "a.jsonl")], AS_IT_IS, SYSTEM).is_archive


def test_a_rejected_article_can_be_mended_in_place_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "rejected.jsonl"
    rejected = RejectedFile(path)
    rejected.add(Entry("a, line 1", {"text": "x"}), {"type": "urn:x", "title": "Missing", "field": "title"})
    rejected.add_unreadable(Unreadable("a, line 2", "not JSON", raw="{oops"))
    rejected.close()
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    problem = {"type": "urn:x", "title": "Missing", "field": "title"}
    assert first == {"where": "a, line 1", "problem": problem, "item": {"text": "x"}}
    assert second["raw"] == "{oops"
    first["item"]["title"] = "Mended"
    path.write_text(json.dumps(first))
    (found,) = read_source(str(path))
    assert isinstance(found, Entry)
    assert found.fields == {"text": "x", "title": "Mended"}


def test_without_a_rejected_article_there_is_no_file(tmp_path: Path) -> None:
    rejected = RejectedFile(tmp_path / "rejected.jsonl")
    rejected.close()
    assert rejected.path is None
    assert not list(tmp_path.iterdir())


def test_a_file_that_nobody_asked_for_stays_small_and_says_what_it_left_out(tmp_path: Path) -> None:
    rejected = RejectedFile(tmp_path / "rejected.jsonl", most_bytes=100)
    for number in range(10):
        rejected.add(Entry(str(number), {"text": "x" * 60}), {})
    rejected.close()
    kept = (tmp_path / "rejected.jsonl").read_text().splitlines()
    assert 0 < len(kept) < 10
    assert rejected.left_out == 10 - len(kept)


def test_a_continued_run_adds_to_the_file_of_rejected_articles(tmp_path: Path) -> None:
    for appends in (False, True):
        rejected = RejectedFile(tmp_path / "rejected.jsonl", appends=appends)
        rejected.add(Entry("here", {}), {})
        rejected.close()
    assert len((tmp_path / "rejected.jsonl").read_text().splitlines()) == 2


def test_a_file_of_rejected_articles_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        RejectedFile(tmp_path).add(Entry("here", {}), {})


def test_standard_input_takes_the_publisher_and_the_priority_that_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(b'{"title": "A"}\n{"title": "B", "source": "Own", "priority": "fresh"}\n')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
    found = [one.fields for one in read_source("-", Reading("Given", "backfill")) if isinstance(one, Entry)]
    assert [(one["source"], one["priority"]) for one in found] == [("Given", "backfill"), ("Own", "fresh")]
