"""How feeds and sources are told of at a terminal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click import Abort, UsageError
from click.testing import CliRunner

from themeline.cli.errors import CommandError
from themeline.cli.feed_changes import interval_text
from themeline.cli.feed_command import Interval, command
from themeline.cli.feed_lines import HEAD, is_postponed, is_settled, length, row, told
from themeline.cli.managing import one_line
from themeline.cli.source_command import source_lines
from themeline.ingest.routes.examples import FEED, SOURCE

NOW = datetime(2026, 11, 26, 16, 35, 12, tzinfo=UTC)


def feed(**values: Any) -> dict[str, Any]:
    return FEED | values


def test_a_feed_is_a_row_under_its_head() -> None:
    cells = dict(zip(HEAD, row(FEED, NOW), strict=True))

    assert cells == {
        "HEALTH": "healthy",
        "SOURCE": "Daily Courier",
        "TITLE": "Daily Courier: latest",
        "ADDRESS": "https://courier.example/feed.xml",
        "READ": "5m ago",
        "NEXT": "in 5m",
        "EVERY": "10m",
        "PROBLEM": "",
    }


def test_a_row_tells_what_is_fixed_what_failed_and_what_never_was() -> None:
    failing = feed(
        failures=3, last_error="timeout: no answer", fixed_interval_seconds=600, succeeded_at=None, title=None
    )
    cells = dict(zip(HEAD, row(failing | {"next_poll_at": "2026-11-26T16:35:12.5Z"}, NOW), strict=True))

    assert (cells["TITLE"], cells["READ"], cells["NEXT"], cells["EVERY"]) == ("–", "never", "now", "10m (fixed)")
    assert cells["PROBLEM"] == "3 × timeout: no answer"
    retired = row(feed(state="retired", reason="it is gone", next_poll_at=None), NOW)
    assert (retired[5], retired[7]) == ("–", "it is gone")


def test_a_long_title_leaves_room_for_the_address() -> None:
    cells = [row(feed(title=title), NOW)[2] for title in ("x" * 40, "x" * 41, "x" * 38 + " \x1b[31m red")]

    assert cells == ["x" * 40, "x" * 39 + "…", "x" * 38 + "…"]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, "reads    URL: “Daily Courier: latest”, rss, 30 entries, 127 articles, 1 rejected"),
        (
            {"title": None, "format": None, "entries": 1, "articles": 1, "rejected": 0},
            "reads    URL: without title, unknown format, 1 entry, 1 article",
        ),
        (
            {"failures": 1, "last_error": "timeout: no answer"},
            "FAILING  URL: timeout: no answer; it is tried again by itself",
        ),
        (
            {"failures": 1, "last_error": "no-feed-found: it names no feed"},
            "FAILING  URL: no-feed-found: it names no feed; give the address of the feed itself",
        ),
        ({"state": "retired", "reason": "it is gone"}, "retired  URL: it is gone"),
    ],
)
def test_what_came_of_a_poll_is_one_line_with_what_to_do(values: dict[str, Any], line: str) -> None:
    assert told(feed(**values)).replace(FEED["url"], "URL") == line


def test_a_poll_has_ended_when_it_succeeded_failed_or_retired_the_feed() -> None:
    before = feed(polls=0, failures=0, succeeded_at=None)

    assert not is_settled(before, before)
    assert not is_settled(before | {"polls": 1}, before), "a site's feed was found, and is polled next"
    assert is_settled(before | {"polls": 2, "succeeded_at": "2026-11-26T16:35:12Z"}, before)
    assert is_settled(before | {"polls": 1, "failures": 1}, before)
    assert is_settled(before | {"state": "retired"}, before)


def test_a_poll_is_put_off_when_the_host_has_no_turn_for_longer_than_anybody_waits() -> None:
    before = feed(polls=3, failures=0, next_poll_at="2026-11-26T16:35:12Z")

    assert not is_postponed(before, before)
    assert not is_postponed(before | {"next_poll_at": "2026-11-26T16:35:40Z"}, before)
    assert is_postponed(before | {"next_poll_at": "2026-11-26T17:35:12Z"}, before)
    polled = {"polls": 4, "succeeded_at": "2026-11-26T16:35:13Z", "next_poll_at": "2026-11-26T17:35:12Z"}
    assert not is_postponed(before | polled, before)


@pytest.mark.parametrize(("seconds", "text"), [(90, "90s"), (300, "5m"), (5_400, "90m"), (86_400, "1d")])
def test_a_length_of_time_is_written_so_that_it_can_be_typed_again(seconds: int, text: str) -> None:
    assert interval_text(seconds) == text
    assert Interval().convert(text, None, None) == seconds


def test_strangers_words_cannot_move_the_cursor() -> None:
    assert one_line("a\x1b[2J\n b\u202ec") == "a [2J b c"
    assert "\x1b" not in told(feed(title="\x1b[31mred"))


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0s"), (-5, "0s"), (59, "59s"), (60, "1m"), (5_400, "1h"), (200_000, "2d")]
)
def test_lengths_are_told_in_their_largest_unit(seconds: int, written: str) -> None:
    assert length(timedelta(seconds=seconds)) == written


def test_intervals_are_read_with_their_unit() -> None:
    assert [Interval().convert(text, None, None) for text in ("90s", "15m", "6h", "1d")] == [90, 900, 21_600, 86_400]
    for text in ("15", "m", "1.5h", "-1m", "٣m", ""):
        with pytest.raises(UsageError):
            Interval().convert(text, None, None)


def test_nothing_is_removed_where_nobody_can_be_asked() -> None:
    done = CliRunner().invoke(command, ["remove", "https://courier.example/"], standalone_mode=False)

    assert isinstance(done.exception, CommandError | Abort)
    assert "--yes" in str(done.exception)


def test_a_source_is_told_setting_by_setting() -> None:
    lines = dict(line.split("  ", 1) for line in source_lines(SOURCE))

    assert {name: value.strip() for name, value in lines.items()} == {
        "key": "daily-courier",
        "name": "Daily Courier",
        "owner": "Coast Media",
        "zone": "Europe/Kyiv",
        "dates": "day first",
        "language": "detected",
        "crawl delay": "as robots.txt says",
        "full text": "yes",
        "feeds": "1",
        "articles": "127, the last 2026-11-26 16:10 UTC",
        "blocked": "courier.example/horoscope/*",
    }
