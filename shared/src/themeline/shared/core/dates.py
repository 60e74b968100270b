"""The day inside a timestamp: year, month and day must all be written."""

import re
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from dateutil import parser as dateutil_parser

from themeline.shared.core.month_names import ENGLISH_MONTHS, in_english

# POSIX: two-digit years 69 to 99 are 19xx, 00 to 68 are 20xx. A fixed rule, where a sliding window would
# make the answer depend on today.
CENTURY_PIVOT = 69
MONTHS = 12

_EXIF = re.compile(r"^(\d{4}):(\d\d):(\d\d)(?=[ T]|$)", re.ASCII)
_APACHE = re.compile(r"(?<=\d{4}):(?=\d\d:\d\d)", re.ASCII)
_WEEK_DATE = re.compile(r"^(\d{4})-?W(\d\d)-?([1-7])(?=T|\s|$)", re.ASCII)
_ORDINAL_DATE = re.compile(r"^(\d{4})-(\d{3})(?=T|\s|Z|$)", re.ASCII)
_COMPACT_DATE = re.compile(r"^(\d{4})(\d\d)(\d\d)(?=T|\s|Z|$)", re.ASCII)
_ALL_DIGITS = re.compile(r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d{3})?)?(?=\D|$)", re.ASCII)
_COMPACT_TIME = re.compile(r"(?<=\d)[T ](\d\d)(\d\d)(\d\d)?(?=[.,]\d|\s?Z|\s?[+-]\d|\s?[A-Z]{3,5}$|$)", re.ASCII)
_HOUR_ONLY = re.compile(r"(?<=\d)(?:T(\d\d)(?=Z|[+-]|$)| (\d\d)$)", re.ASCII)
_SIX_DIGIT_YEAR = re.compile(r"^\+00(?=\d{4}-)", re.ASCII)  # ISO 8601's expanded years, as JavaScript writes them
_YEAR_BEFORE_CHRIST = re.compile(r"(?<!\S)-\d{4}", re.ASCII)
_ISO_START = re.compile(r"^\d{4}-\d\d-\d\d", re.ASCII)

_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/. 年년]\s?(\d{1,2})\s?[-/. 月월]\s?(\d{1,2})\s?[日일.]?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})\.?", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})", re.ASCII)
_SPACED = re.compile(r"(\d\d) (\d\d) (\d{4})", re.ASCII)
_EDGES = " ,;:|·•-./"
_MONTH_NAME = re.compile(r"(?<![^\W\d_])(?:" + "|".join(ENGLISH_MONTHS) + r")(?![^\W\d_])")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[ /-]([A-Z][a-z]{2})[ /-](\d{4})", re.ASCII)
_MONTH_DAY_YEAR = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}),? (\d{4})", re.ASCII)
_SPACED_DOTS = re.compile(r"(?<=\d)\. (?=\d)", re.ASCII)  # 12. 7. 2025
_MIDDLE_DOTS = re.compile(r"(?<=[^\W\d_])\.|(?<=\d)\.(?=\s)|\s,")


def normalise_compact(text: str) -> str:
    """Spell week dates, days of the year, `20250712T121251`, EXIF and Apache log times out in full.

    Raises:
        ValueError: such a date does not exist.
    """
    text = _APACHE.sub(" ", _EXIF.sub(r"\1-\2-\3", _SIX_DIGIT_YEAR.sub("", text)))
    if (week := _WEEK_DATE.match(text)) is not None:
        text = date.fromisocalendar(*_numbers(week)).isoformat() + text[week.end() :]
    elif (ordinal := _ORDINAL_DATE.match(text)) is not None:
        year, day = _numbers(ordinal)
        text = (date(year, 1, 1) + timedelta(days=day - 1)).isoformat() + text[ordinal.end() :]
    elif (compact := _COMPACT_DATE.match(text)) is not None:
        text = date(*_numbers(compact)).isoformat() + text[compact.end() :]
    elif (digits := _ALL_DIGITS.match(text)) is not None:
        text = _spelled(digits) + text[digits.end() :]
    if _ISO_START.match(text) is None:
        return text
    return _HOUR_ONLY.sub(r" \1\2:00", _COMPACT_TIME.sub(_with_colons, text, count=1))


def parse_date(text: str, *, day_first: bool | None) -> date | None:
    """The day that a text without time of day and zone names.

    Args:
        text: such as `Sat, 12 Jul 2025`, `2025-07-12`, `12.07.2025`.
        day_first: the order of day and month where digits leave it open; None leaves such texts unread.

    Returns:
        None unless year, month and day are all there and nothing but a weekday is left over.

    Raises:
        ValueError: no such day exists.
    """
    if _YEAR_BEFORE_CHRIST.search(text) is not None:
        return None
    text = _SPACED_DOTS.sub(".", in_english(text))
    text = " ".join(_MIDDLE_DOTS.sub(" ", text).split()).strip(_EDGES)
    if _MONTH_NAME.search(text) is not None:
        return _named_date(text)
    return _date_in_figures(text, day_first=day_first)


def _date_in_figures(text: str, *, day_first: bool | None) -> date | None:
    if (match := _YEAR_FIRST.fullmatch(text)) is not None:
        return date(*_numbers(match))
    if (match := _YEAR_LAST.fullmatch(text)) is not None:
        first, separator, second, year = match.groups()
        # Dotted dates are written day first wherever they are in use.
        day_first = True if separator == "." else day_first
        return _ordered(int(first), int(second), int(year), day_first=day_first)
    if day_first is not None and (match := _SPACED.fullmatch(text)) is not None:
        return _ordered(*_numbers(match), day_first=day_first)
    if day_first is not None and (match := _SHORT_YEAR.fullmatch(text)) is not None:
        first, _, second, year = match.groups()
        return _ordered(int(first), int(second), _full_year(int(year)), day_first=day_first)
    return None


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(group) for group in match.groups())


def _spelled(digits: re.Match[str]) -> str:
    year, month, day, hour, minute, second, milli = digits.groups()
    clock = f"{hour}:{minute}" + (f":{second}" if second else "") + (f".{milli}" if milli else "")
    return f"{year}-{month}-{day} {clock}"


def _with_colons(match: re.Match[str]) -> str:
    return " " + ":".join(part for part in match.groups() if part)


def _ordered(first: int, second: int, year: int, *, day_first: bool | None) -> date | None:
    if first > MONTHS or first == second:
        return date(year, second, first)
    if second > MONTHS:
        return date(year, first, second)
    if day_first is None:
        return None
    return date(year, second, first) if day_first else date(year, first, second)


def _full_year(year: int) -> int:
    return year + (1900 if year >= CENTURY_PIVOT else 2000)


class _Result(Protocol):
    """What dateutil has found; a part is None when the text does not have it."""

    year: int | None
    month: int | None
    day: int | None
    hour: int | None
    weekday: int | None
    tzname: str | None
    tzoffset: int | None


class _Strict(dateutil_parser.parserinfo):
    """dateutil's words, without its guesses: nothing is filled in from today."""

    def convertyear(self, year: int, century_specified: bool = False) -> int:  # noqa: FBT001, FBT002 - dateutil's
        return year if century_specified or year >= 100 else _full_year(year)  # noqa: PLR2004 - two digits

    def validate(self, res: Any) -> bool:
        found: _Result = res
        whole = None not in (found.year, found.month, found.day)
        return whole and found.hour is None and found.tzname is None and super().validate(res)


_NAMED_MONTH = dateutil_parser.parser(_Strict(dayfirst=True))
_DEFAULT = datetime(2000, 1, 1)  # noqa: DTZ001 - never shows: _Strict.validate asks for all three parts


def _named_date(text: str) -> date | None:
    """The day of a text with a month's name; dateutil reads what is not one of the two usual orders."""
    if (match := _DAY_MONTH_YEAR.fullmatch(text)) is not None:
        return date(int(match[3]), ENGLISH_MONTHS.index(match[2]) + 1, int(match[1]))
    if (match := _MONTH_DAY_YEAR.fullmatch(text)) is not None:
        return date(int(match[3]), ENGLISH_MONTHS.index(match[1]) + 1, int(match[2]))
    try:
        return _NAMED_MONTH.parse(text, default=_DEFAULT, ignoretz=True).date()
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError):
        # dateutil lets slips of its own through on odd input; to us it is text without a date.
        return None
