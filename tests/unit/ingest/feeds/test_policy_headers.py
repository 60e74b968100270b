"""What answers say about when to ask again."""

from datetime import UTC, datetime, timedelta

import pytest

from themeline.ingest.core.feeds.policy import max_age, retry_after

NOW = datetime(2026, 1, 14, 12, 30, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)), (" 0 ", timedelta(0)), ("9" * 50, DAY), (None, None), ("", None),
        ("soon", None), ("-5", None), ("1.5", None), ("Wed, 14 Jan 2026 13:30:00 GMT", HOUR),
        ("Wed, 14 Jan 2026 11:30:00 GMT", timedelta(0)),
        ("Wed, 14 Jan 2099 13:30:00 GMT", DAY), ("Wednesday, 14-Jan-26 13:30:00 GMT", HOUR), ("١٢٠", None),
        ("Wed, 14 Jan 99999 13:30:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value: str | None, expected: timedelta | None) -> None:
    assert retry_after(value, NOW) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("max-age=300", 5 * MINUTE), ("public,Max-Age = 60, x", MINUTE), ('max-age="60"', MINUTE),
        ("s-maxage=300", None), ("no-cache, max-age=300", None), ("max-age=300, no-store", None), ("max-age=-1", None),
        (None, None), ("", None),
    ],
)  # fmt: skip
def test_an_answer_is_fresh_for_as_long_as_it_says(value: str | None, expected: timedelta | None) -> None:
    assert max_age(value) == expected
