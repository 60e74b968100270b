"""Runs over files, with a service that is a function."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from themeline.cli.errors import CommandError
from themeline.cli.ingest_bookmark import BookmarkFile
from themeline.cli.ingest_progress import Shown
from themeline.cli.ingest_rejected import RejectedFile
from themeline.cli.ingest_run import ForgottenError, Run, unsent
from themeline.cli.pushing import MOST_ITEMS, Line
from themeline.cli.sources import Reading
from themeline.cli.tally import Tally


class Service:
    """Holds titles; answers as the ingest service does, until it has answered enough."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.received: list[str] = []
        self.answers_left = -1

    def push(self, lines: Sequence[Line]) -> Iterator[tuple[Line, dict[str, Any]]]:
        if self.answers_left == 0:
            raise CommandError("the service is away")
        self.answers_left -= 1
        for line in lines:
            title = line.entry.fields.get("title", "")
            self.received.append(title)
            if not title:
                yield line, {"status": "rejected", "problem": {"title": "Missing"}}
                continue
            yield line, {"status": "unchanged" if title in self.held else "created"}
            self.held.add(title)


def articles(count: int, start: int = 0) -> str:
    return "".join(json.dumps({"title": f"article {number}"}) + "\n" for number in range(start, start + count))


def run(service: Service, bookmarks: BookmarkFile, tally: Tally | None = None) -> Run:
    return Run(service.push, tally or Tally(), Shown(), bookmarks=bookmarks, earlier=bookmarks.load())


def interrupted(service: Service, source: Path, bookmarks: BookmarkFile, answers: int = 3) -> None:
    service.answers_left = answers
    with pytest.raises(CommandError):
        run(service, bookmarks).send([str(source)])
    service.answers_left = -1


@pytest.fixture
def bookmarks(tmp_path: Path) -> BookmarkFile:
    return BookmarkFile(tmp_path / "bookmark.json", "print")


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.json"])
def test_an_interrupted_run_is_continued_where_it_was(tmp_path: Path, bookmarks: BookmarkFile, name: str) -> None:
    titles = [f"article {number}" for number in range(5 * MOST_ITEMS)]
    content = articles(len(titles))
    if name == "a.csv":
        content = "title,text\n" + "".join(f'{title},"x\ny"\n' for title in titles)
    if name == "a.json":
        content = json.dumps([{"title": title} for title in titles])
    source = tmp_path / name
    source.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    service, tally = Service(), Tally()
    interrupted(service, source, bookmarks)
    assert len(service.received) == 3 * MOST_ITEMS
    run(service, bookmarks, tally).send([str(source)])
    # The last accepted article comes twice: it shows that the system is the same.
    assert service.received == [*titles[: 3 * MOST_ITEMS], *titles[3 * MOST_ITEMS - 1 :]]
    assert tally.counts == {"created": len(titles)}
    assert bookmarks.load() is None


def test_a_folder_is_continued_in_the_file_where_it_was(tmp_path: Path, bookmarks: BookmarkFile) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.jsonl").write_text(articles(32, start=32 * number))
    service = Service()
    interrupted(service, folder, bookmarks, answers=2)
    run(service, bookmarks).send([str(folder)])
    assert len(service.received) == 40 * 32 + 1
    assert len(service.held) == 40 * 32


def test_a_system_that_was_emptied_is_noticed(tmp_path: Path, bookmarks: BookmarkFile) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(articles(5 * MOST_ITEMS))
    interrupted(Service(), source, bookmarks)
    with pytest.raises(ForgottenError):
        run(Service(), bookmarks).send([str(source)])


def test_rejected_articles_are_counted_and_kept_once_over_an_interruption(
    tmp_path: Path, bookmarks: BookmarkFile
) -> None:
    source = tmp_path / "a.jsonl"
    broken = '{"text": "no title"}\n{oops\n'
    source.write_text((articles(MOST_ITEMS - 2) + broken) * 5)
    service, tally, kept = Service(), Tally(), tmp_path / "rejected.jsonl"
    service.answers_left = 3
    rejected = RejectedFile(kept)
    with pytest.raises(CommandError):
        Run(service.push, Tally(), Shown(), rejected, bookmarks).send([str(source)])
    rejected.close()
    service.answers_left = -1
    rejected = RejectedFile(kept, appends=True)
    Run(service.push, tally, Shown(), rejected, bookmarks, bookmarks.load()).send([str(source)])
    rejected.close()
    places = [json.loads(line)["where"].split("line ")[1] for line in kept.read_text().splitlines()]
    assert places == [str(n * MOST_ITEMS + offset) for n in range(5) for offset in (MOST_ITEMS - 1, MOST_ITEMS)]
    assert tally.counts["rejected"] == 10


def test_a_run_that_was_killed_after_its_last_answer_is_a_success(tmp_path: Path, bookmarks: BookmarkFile) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(articles(10))
    service, tally = Service(), Tally()
    first = run(service, bookmarks)
    first.send([str(source)])
    assert first.reached is not None
    bookmarks.save(first.reached)  # as it was before the file was removed
    run(service, bookmarks, tally).send([str(source)])
    assert tally.is_success
    assert tally.counts == {"created": 10}


def test_a_dry_run_finds_what_the_service_would_reject(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("title,url\nA,https://a.example/\nB,ftp://nowhere\n,https://a.example/3\n")
    tally = Tally()
    Run(unsent, tally, Shown()).send([str(source)], Reading())
    assert next(tally.lines()) == "readable 1 · rejected 2"
    assert {reason.split(":")[0] for reason in tally.reasons} == {"url", "title"}


def test_a_source_that_failed_as_a_whole_is_no_rejected_article(tmp_path: Path) -> None:
    rejected, tally = RejectedFile(tmp_path / "rejected.jsonl"), Tally()
    Run(Service().push, tally, Shown(), rejected).send([str(tmp_path / "nothing.jsonl")])
    assert len(tally.failed_sources) == 1
    assert rejected.path is None


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = tmp_path / f"{count}.jsonl"
        with source.open("w") as file:
            for number in range(count):
                file.write(json.dumps({"title": f"article {number}", "text": "words " * 100, "number": number}) + "\n")

        def answered(lines: Sequence[Line]) -> Iterator[tuple[Line, dict[str, Any]]]:
            return ((line, {"status": "created"}) for line in lines)

        tracemalloc.start()
        try:
            Run(answered, Tally(), Shown()).send([str(source)])
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(8_000) < peak(2_000) * 1.2
