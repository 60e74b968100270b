"""What feeds say about when they may be read."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from themeline.ingest.core.feeds.model import Hints

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {
    "hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30), "yearly": timedelta(days=365),
}  # fmt: skip
_MAX_NUMBER = 1_000_000  # minutes in almost two years; a larger one is a mistake
_HOURS = 24


def syndication_hints(feed: Any) -> Hints:
    """The hints of a feed's head, as feedparser names them. What makes no sense is left out."""
    ttl = _number(dict.get(feed, "ttl"))
    return Hints(
        ttl=timedelta(minutes=ttl) if ttl else None,
        skip_hours=frozenset(_hours(dict.get(feed, "skip_hours") or ())),
        skip_days=frozenset(_days(dict.get(feed, "skip_days") or ())),
        update_period=_update_period(dict.get(feed, "sy_updateperiod"), dict.get(feed, "sy_updatefrequency")),
    )


def _hours(values: Iterable[object]) -> Iterable[int]:
    for value in values:
        hour = _number(value)
        if hour is not None and hour <= _HOURS:  # RSS 0.91 counted from 1 to 24
            yield hour % _HOURS


def _days(values: Iterable[object]) -> Iterable[int]:
    names = (value.strip().lower() for value in values if isinstance(value, str))
    return (_DAYS.index(name) for name in names if name in _DAYS)


def _update_period(period: object, frequency: object) -> timedelta | None:
    length = _PERIODS.get(period.strip().lower()) if isinstance(period, str) else None
    times = _number(frequency) if frequency is not None else 1
    return None if length is None or not times else length / times


def _number(value: object) -> int | None:
    text = value.strip() if isinstance(value, str) else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_MAX_NUMBER)) + 1 else None
    return number if number is not None and number <= _MAX_NUMBER else None
