from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.api.parameters import MAX_WINDOW, BoxParameters, parse_instant, parse_window


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(hours=24)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("0090m", timedelta(minutes=90)),
        ("all", None),
    ],
)
def test_a_window_is_read(text: str, length: timedelta | None) -> None:
    assert parse_window(text) == length


@given(st.text() | st.from_regex(r"-?\d+[a-z]?"))
def test_a_window_is_read_within_its_bounds_or_refused_with_a_reason(text: str) -> None:
    try:
        length = parse_window(text)
    except ValueError as error:
        assert str(error).startswith("is ")  # noqa: PT017  a refusal is one of two right answers
    else:
        assert length is None or timedelta(0) < length <= MAX_WINDOW


def test_the_window_of_a_box_is_a_week_unless_told_otherwise() -> None:
    assert BoxParameters().reach == timedelta(days=7)


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-12T09:12:51Z",
        "2025-07-12T12:12:51+03:00",
        "2025-07-12T12:12:51 03:00",
        "2025-07-12T12:12:51 0300",
        "2025-07-12 09:12:51Z",
        "2025-07-12T09:12:51.000Z",
    ],
)
def test_an_instant_is_read_in_every_usual_form(text: str) -> None:
    assert parse_instant(text) == datetime(2025, 7, 12, 9, 12, 51, tzinfo=UTC)


def test_a_date_is_its_midnight_in_utc() -> None:
    assert parse_instant("2025-07-12") == datetime(2025, 7, 12, tzinfo=UTC)


@given(st.text())
def test_a_text_is_an_instant_with_a_zone_or_refused(text: str) -> None:
    try:
        read = parse_instant(text)
    except ValueError:
        return
    assert isinstance(read, datetime)
    assert read.tzinfo is not None
