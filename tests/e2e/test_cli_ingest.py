import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import wait_for
from systems import RunningSystem, command_line, running_system


@pytest.fixture(scope="module")
def system(server_folder: Path) -> Iterator[RunningSystem]:
    with running_system(server_folder / "cli", "--workers", "1") as running:
        yield running


def article(number: int, **fields: object) -> dict[str, object]:
    body = "The river rose again over night and the bridge at Saint Irmel was closed to traffic."
    time = f"2026-10-0{number % 9 + 1}T08:00:00Z"
    given = {"url": f"https://cli.example/{number}", "title": f"Flood closes the bridge, day {number}", "text": body}
    return {**given, "source": "CLI Wire", "published": time, **fields}


def lines(*articles: dict[str, object]) -> str:
    return "".join(json.dumps(one) + "\n" for one in articles)


def test_a_file_is_sent_and_sent_again_without_a_change(system: RunningSystem, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(lines(*(article(number, url=f"https://twice.example/{number}") for number in range(5))))
    first = command_line("ingest", str(path), **system.urls)
    assert (first.returncode, first.stdout) == (0, "created 5 · updated 0 · unchanged 0 · rejected 0\n")
    second = command_line("ingest", str(path), **system.urls)
    assert (second.returncode, second.stdout) == (0, "created 0 · updated 0 · unchanged 5 · rejected 0\n")


def test_single_bad_articles_are_told_by_reason_and_do_not_fail_the_rest(system: RunningSystem, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    good = article(1, url="https://mixed.example/1")
    path.write_text(lines(good, {"text": "no title"}, {"text": "no title either"}) + "{not json\n")
    done = command_line("ingest", str(path), THEMELINE_PROJECT=str(tmp_path), **system.urls)
    assert done.returncode == 0
    assert done.stdout.startswith("created 1 · updated 0 · unchanged 0 · rejected 3\n")
    assert "2 × title" in done.stdout
    assert "line 2" in done.stdout
    assert "line 4" in done.stdout


def test_a_folder_is_read_with_its_compressed_files(system: RunningSystem, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.jsonl").write_text(lines(article(1, url="https://folder.example/1")))
    packed = gzip.compress(lines(article(2, url="https://folder.example/2")).encode())
    (tmp_path / "inner" / "b.jsonl.gz").write_bytes(packed)
    (tmp_path / "notes.md").write_text("not news")
    done = command_line("ingest", str(tmp_path), **system.urls)
    assert (done.returncode, done.stdout) == (0, "created 2 · updated 0 · unchanged 0 · rejected 0\n")


def test_a_truncated_file_gives_what_it_held_and_a_failure(system: RunningSystem, tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    many = lines(*(article(number, url=f"https://cut.example/{number}", salt=number**9) for number in range(400)))
    path.write_bytes(gzip.compress(many.encode())[:-200])
    done = command_line("ingest", str(path), **system.urls)
    assert done.returncode != 0
    assert not done.stdout.startswith("created 0")
    assert "damaged or ends early" in done.stderr


def test_the_box_is_laid_out_as_on_a_news_page_newest_first(system: RunningSystem, tmp_path: Path) -> None:
    path = tmp_path / "box.jsonl"
    path.write_text(lines(*(article(number, url=f"https://box.example/{number}") for number in range(6))))
    assert command_line("ingest", str(path), **system.urls).returncode == 0

    def box() -> list[str]:
        done = command_line("related", "https://box.example/3", **system.urls)
        printed = done.stdout.splitlines()
        return printed if len(printed) > 8 else []

    printed = wait_for(box, 60, what="a box with entries")
    assert printed[0] == "Sun, 04 Oct 2026 08:00:00 GMT"
    assert printed[1] == "Flood closes the bridge, day 3"
    entries = printed[printed.index("MORE ON THEME") + 2 :]
    days = [int(line.split()[1]) for line in entries[::3]]
    assert all(line.endswith("GMT") for line in entries[::3])
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("related", "https://nowhere.example/none"), "No such article"),
        (("related", "00000000-0000-4000-8000-000000000000"), "No such article"),
        (("related", "not an address"), ""),
        (("ingest", "/nonexistent.jsonl"), "No such file"),
        (("ingest",), "SOURCE"),
        (("related", "--limit", "0", "x"), "--limit"),
        (("frobnicate",), "No such command"),
    ],
)
def test_a_users_mistake_is_one_line(system: RunningSystem, arguments: tuple[str, ...], words: str) -> None:
    done = command_line(*arguments, **system.urls)
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_system_is_one_line_that_says_how_to_start_it(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(lines(article(1)))
    urls = {"THEMELINE_API_URL": "http://127.0.0.1:9", "THEMELINE_INGEST_URL": "http://127.0.0.1:9"}
    for arguments in (("related", "https://x.example/"), ("ingest", str(path))):
        done = command_line(*arguments, **urls)
        assert done.returncode != 0
        assert len(done.stderr.splitlines()) == 1
        assert "./themeline up" in done.stderr
