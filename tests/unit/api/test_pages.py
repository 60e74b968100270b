"""What the pages decide before anything is written: days, directions, addresses, paragraphs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.api.pages import day_of, direction, host_of, make_stamp, paragraphs, web_address
from themeline.api.queries.reading import Reading

AT = datetime(2025, 7, 12, 9, 12, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["Pacific/Honolulu", "America/New_York", "UTC", "Europe/Kyiv", "Asia/Kathmandu", "Pacific/Auckland"]
)
@pytest.mark.parametrize("month", [1, 7])
def test_a_day_is_shown_as_its_source_wrote_it(zone: str, month: int) -> None:
    written = datetime(2025, month, 12, tzinfo=ZoneInfo(zone))

    assert make_stamp(written.astimezone(UTC), Reading("day")).text == written.strftime("%a, %d %b %Y")


@given(st.integers(min_value=-10 * 4, max_value=13 * 4))
def test_every_zone_of_today_keeps_its_day(quarters: int) -> None:
    midnight = datetime(2025, 7, 12, tzinfo=UTC) - timedelta(minutes=15 * quarters)

    assert day_of(midnight).date().isoformat() == "2025-07-12"


def test_an_arrival_taken_for_a_day_is_the_day_of_the_arrival() -> None:
    assert day_of(datetime(2025, 7, 12, 23, 59, 59, 5, tzinfo=UTC)).date().isoformat() == "2025-07-12"


def test_a_time_keeps_the_form_of_a_news_page_and_says_when_its_zone_was_assumed() -> None:
    sure, unsure = make_stamp(AT, Reading("second")), make_stamp(AT, Reading("minute", zone_assumed=True))

    assert (sure.machine, sure.text) == ("2025-07-12T09:12:51Z", "Sat, 12 Jul 2025 09:12:51 GMT")
    assert (sure.zone_assumed, unsure.zone_assumed) == (False, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv under fire", "ltr"),
        ("NATO تحذر من التصعيد", "rtl"),
        ("שר הביטחון: The end", "rtl"),
        ("1234 …", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_direction_is_that_of_most_letters(text: str, expected: str) -> None:
    assert direction(text) == expected


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JavaScript://paper.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//paper.example/x",
        "/relative",
        "https:paper.example",
        "https://",
        "http://[broken",
        " java\tscript:alert(1)",
    ],
)
def test_what_is_no_web_address_is_never_linked(url: str | None) -> None:
    assert web_address(url) is None


def test_the_host_shown_is_the_one_that_is_visited() -> None:
    assert host_of("https://bank.example@evil.example:8443/login") == "evil.example"
    assert web_address("http://paper.example/a?b=1") == "http://paper.example/a?b=1"


def test_empty_lines_part_paragraphs_and_single_breaks_stay() -> None:
    assert paragraphs("one\ntwo\n\n \n\nthree\n") == ["one\ntwo", "three"]
    assert paragraphs(" \n\n ") == []
