"""The days that a text speaks of: `on Thursday morning`, `yesterday`, `3 March`, `12.07.2025`.

Rules, precision before recall:
- A weekday is the nearest one past, the day of publication included, as newsrooms write within seven days
  of an event (the AP stylebook's rule); it is the nearest one to come in a clause that speaks of the future
  or where a word says so (`next Monday`).
- A day and month without a year are those nearest to publication.
- In all-figure dates the order of day and month must be certain or known of the source.
- Words that only may be dates are none: no capital where months and weekdays have one (`may 5`), or one
  where they have none (`Domenica`), names (`Sheffield Wednesday`), habits (`every Friday`).
"""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from themeline.related.core.date_words import date_words
from themeline.related.core.spoken_days import Prose, lower, spoken_days
from themeline.related.core.written_dates import Span, with_years_of_ranges, written_dates
from themeline.shared.core.timestamps import FIRST_YEAR, LAST_YEAR

# Beyond this a text is no article but a list, and its dates no events of one story.
MAX_CHARACTERS = 50_000
MAX_DAYS = 10


@dataclass(frozen=True, slots=True)
class EventDate:
    """A day that a text speaks of.

    Attributes:
        day: in the source's zone.
        precision: `day`, or the part of it: `morning`, `afternoon`, `evening`, `night`.
        text: the words that name it.
        position: where they begin in the text.
    """

    day: date
    precision: str
    text: str
    position: int


def find_event_dates(
    text: str,
    *,
    published: datetime | None,
    zone: tzinfo,
    language: str,
    day_first: bool | None = None,
    limit: int = MAX_DAYS,
) -> list[EventDate]:
    """The distinct days that a text names, in the order of the text, at most `limit`.

    Args:
        text: title and body; beyond `MAX_CHARACTERS` it is not read.
        published: what relative dates are counted from, aware; without it only dates with a year are found.
        zone: the source's zone, in which its today is the day of `published`.
        language: ISO 639-1; one without words of its own gets only its dates in figures.
        day_first: the source's order of day and month in all-figure dates; None: only certain ones count.
    """
    text = text[:MAX_CHARACTERS]
    words, today = date_words(language), published.astimezone(zone).date() if published else None
    lowered = lower(text)
    spans = with_years_of_ranges(written_dates(text, lowered, words, day_first=day_first))
    dated = [_dated(span, text, today) for span in spans]
    if words is not None and today is not None:
        spoken = spoken_days(Prose(text, lowered, words), [span.start for span in spans], today)
        dated += [EventDate(item.day, item.precision, text[item.start : item.end], item.start) for item in spoken]
    return _distinct([item for item in dated if item is not None], limit)


def _distinct(dated: list[EventDate], limit: int) -> list[EventDate]:
    """One entry a day: the first, or the first that tells the part of the day."""
    days: dict[date, EventDate] = {}
    for item in sorted(dated, key=lambda item: item.position):
        known = days.setdefault(item.day, item)
        if known.precision == "day" != item.precision:
            days[item.day] = item
    return list(days.values())[:limit]


def _dated(span: Span, text: str, today: date | None) -> EventDate | None:
    years = (span.year,) if span.year is not None else _years_around(today)
    days = [day for year in years if (day := _day(year, span)) is not None]
    if not days:
        return None
    day = min(days, key=lambda day: abs(day - (today or day)))
    return EventDate(day, "day", text[span.start : span.end], span.start)


def _years_around(today: date | None) -> tuple[int, ...]:
    return () if today is None else (today.year, today.year - 1, today.year + 1)


def _day(year: int, span: Span) -> date | None:
    try:
        return date(year, span.month, span.day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
