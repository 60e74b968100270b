import json
from pathlib import Path

from themeline.embedded import logs
from themeline.embedded.logs import ChildLog, readable


def write(log: ChildLog, *lines: str) -> None:
    with log.open() as output:
        output.write("".join(f"{line}\n" for line in lines).encode())


def test_warnings_and_bare_lines_are_shown_and_the_rest_is_not(tmp_path: Path) -> None:
    log = ChildLog(tmp_path, "api")
    write(
        log,
        json.dumps({"event": "article stored", "level": "info"}),
        json.dumps({"event": "redis is away", "level": "warning", "queue": "related.fresh"}),
        "Traceback (most recent call last):",
    )
    assert log.news() == ["warning redis is away queue=related.fresh", "Traceback (most recent call last):"]
    assert log.news() == []


def test_a_line_still_being_written_waits_for_its_end(tmp_path: Path) -> None:
    log = ChildLog(tmp_path, "api")
    with log.open() as output:
        output.write(b"half a ")
        output.flush()
        assert log.news() == []
        output.write(b"line\n")
    assert log.news() == ["half a line"]


def test_many_warnings_at_once_are_cut(tmp_path: Path) -> None:
    log = ChildLog(tmp_path, "api")
    write(log, *(f"line {number}" for number in range(1000)))
    news = log.news()
    assert len(news) == logs.MOST_LINES_SHOWN + 1
    assert "990 more" in news[-1]


def test_a_server_is_quoted_only_in_an_emergency(tmp_path: Path) -> None:
    log = ChildLog(tmp_path, "postgresql", server=True)
    write(log, "LOG:  ready", "ERROR:  duplicate key", "PANIC:  could not write to file: No space left on device")
    assert log.news() == ["PANIC:  could not write to file: No space left on device"]


def test_the_log_of_the_run_before_is_kept_once(tmp_path: Path) -> None:
    write(ChildLog(tmp_path, "api"), "first run")
    write(ChildLog(tmp_path, "api"), "second run")
    ChildLog(tmp_path, "api")
    assert (tmp_path / "api.log.1").read_text() == "second run\n"
    assert (tmp_path / "api.log").read_text() == ""


def test_a_log_never_grows_without_bound(tmp_path: Path) -> None:
    log = ChildLog(tmp_path, "api")
    line = "x" * 1000
    with log.open() as output:
        for _ in range(3):
            output.write(f"{line}\n".encode() * (logs.LARGEST_LOG // 1000))
            output.flush()
            log.news()
    assert log.path.stat().st_size < logs.LARGEST_LOG
    assert log.path.with_suffix(".log.1").stat().st_size < 2 * logs.LARGEST_LOG
    write(log, "after the cut")
    assert log.news() == ["after the cut"]


def test_the_last_lines_are_readable(tmp_path: Path) -> None:
    log = ChildLog(tmp_path, "api")
    exception = "Traceback …\nValueError: no such thing"
    write(log, "one", json.dumps({"event": "gave up", "level": "error", "exception": exception}))
    assert log.last_lines() == ["one", "error gave up ValueError: no such thing"]


def test_a_line_that_only_looks_like_json_is_left_alone() -> None:
    assert readable("{not json") == "{not json"
    assert readable('["a list"]') == '["a list"]'
