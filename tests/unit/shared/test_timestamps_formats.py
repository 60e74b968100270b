"""Strings of other parsers' test suites, and everything that JavaScript's `Date` prints, in every zone."""

from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pytest

from themeline.shared.core.timestamps import parse_timestamp
from times_table import NEWS, rows, table

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Clock changes of America and Europe, a leap day, the end of a year, the future. Before 1973 Liberia had an
# offset with seconds, which `Date` does not print.
INSTANTS = (
    datetime(1975, 1, 2, tzinfo=UTC),
    datetime(2000, 2, 29, 12, 34, 56, tzinfo=UTC),
    datetime(2025, 3, 9, 9, 59, 59, tzinfo=UTC),
    datetime(2025, 3, 30, 1, tzinfo=UTC),
    datetime(2025, 7, 12, 14, 58, 46, tzinfo=UTC),
    datetime(2025, 10, 26, 1, tzinfo=UTC),
    datetime(2025, 11, 2, 6, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC),
)


def test_of_the_news_formats_nearly_all_are_read_right_and_hardly_any_wrong() -> None:
    found = table()
    news = sum((found[family] for family in NEWS), Counter[str]())
    assert news.total() >= 250
    assert news["right"] >= 0.98 * news.total()
    assert news["wrong"] <= 0.01 * news.total()


def test_no_string_of_any_suite_is_read_wrong() -> None:
    assert [row.written for row in rows() if row.verdict() == "wrong"] == []


def _printed(at: datetime, zone: tzinfo) -> dict[str, str]:
    """What the methods of `Date` print, by their definition in ECMA-262; `toLocaleString` as en-US does."""
    local = at.astimezone(zone)
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    day = f"{DAYS[local.weekday()]} {MONTHS[local.month - 1]} {local.day:02} {local.year:04}"
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    half, hour = "AM" if local.hour < 12 else "PM", local.hour % 12 or 12
    return {
        "toString": f"{day} {local:%H:%M:%S} GMT{offset} ({zone})",
        "toUTCString": f"{DAYS[at.weekday()]}, {at.day:02} {MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT",
        "toISOString": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "toDateString": day,
        "toLocaleString": f"{local.month}/{local.day}/{local.year}, {hour}:{local:%M:%S} {half}",
    }


@pytest.mark.parametrize("at", INSTANTS, ids=str)
def test_what_javascript_prints_is_read_in_every_zone(at: datetime) -> None:
    wrong = []
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        local = at.astimezone(zone)
        first = local.replace(fold=0).astimezone(UTC)  # in the second hour of a fold the clock cannot tell
        midnight = local.replace(hour=0, minute=0, second=0, fold=0).astimezone(UTC)
        expected = dict.fromkeys(("toString", "toUTCString", "toISOString"), at)
        expected |= {"toDateString": midnight, "toLocaleString": first}
        for method, written in _printed(at, zone).items():
            read = parse_timestamp(written, zone, day_first=False)
            if read is None or read.at != expected[method]:
                wrong.append((name, method, written, read))
    assert wrong == []


@pytest.mark.parametrize(
    "written",
    [
        "+010000-01-01T00:00:00.000Z",
        "-000001-01-01T00:00:00.000Z",
        "Fri Jan 01 -0001 00:00:00 GMT+0000 (Coordinated Universal Time)",
        "Fri Dec 31 275759 00:00:00 GMT+0000 (Coordinated Universal Time)",
        "Invalid Date",
        "NaN",
        "undefined",
        "[object Object]",
    ],
)
def test_what_javascript_prints_of_no_time_in_the_news_is_refused(written: str) -> None:
    assert parse_timestamp(written) is None
