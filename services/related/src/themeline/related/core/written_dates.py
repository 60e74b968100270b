"""Dates written with a day of the month: `3 March`, `March 3, 2025`, `el 5 de mayo`, `12.07.2025`, `3月5日`.

A pattern over the whole text would cost more than all the rest. What a date must contain is looked for with
`str.find`, ten times quicker, and patterns are tried only around it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from themeline.related.core.date_words import DateWords

MONTHS = 12
CENTURIES = ("19", "20")  # of years in dates all in figures


@dataclass(frozen=True, slots=True)
class Span:
    """A month's day at `text[start:end]`, which may not exist; `year` is None where none is written."""

    start: int
    end: int
    year: int | None = None
    month: int = 0
    day: int = 0


_NUMBER_STARTS = r"(?:(?<![\w.,:/$€£+#–—-])|(?<=\d[–—-]))"
_YEAR_FIRST = re.compile(
    r"(?<![A-Za-z\d_./-])(\d{4})(?:([-/])(\d\d)\2(\d\d)|[年년]\s?(\d{1,2})[月월]\s?(\d{1,2})[日일])(?![A-Za-z\d_/-]|\.\d)"
)
_YEAR_LAST = re.compile(r"(?<![\w./-])(\d{1,2})(?:(\.)\s?(\d{1,2})\.\s?|([/-])(\d{1,2})\4)(\d{4})(?![\w/-]|\.\d)")
_RANGE_REACH = 9  # characters of ` through `
_YEAR_LAST_REACH = 8  # characters of `31. 12. `
_WITHOUT_YEAR = re.compile(r"(?<![\d年년])(\d{1,2})[月월]\s?(\d{1,2})[日일]")
# `3 March`, `3rd of March`, `5 de mayo`, `1er mai`, `3. März`; of `3-5 March` the last day counts.
_DAY_BEFORE = re.compile(
    _NUMBER_STARTS + r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[ \u00a0](?:(?:of|de|del) |d['’])?$", re.ASCII
)
_DAY_BEFORE_REACH = 14
# `March 3`, `Mar. 3rd`, `május 5`, but no quantities: `March 3,000`, `May 5 pct`
_DAY_AFTER = re.compile(
    r"\.?[ \u00a0](?:the )?(\d{1,2})(?:st|nd|rd|th)?"
    r"(?![\w%:°€$£]|[.,/]\d|[ -]?(?:per ?cent|pct|mln|million|bn|billion))",
    re.ASCII,
)
_YEAR_BEFORE = re.compile(r"(?<![\w.,-])(\d{4})\. $", re.ASCII)  # `2025. március 3.`
_YEAR_BEFORE_REACH = 7
_YEAR_AFTER = re.compile(r"\.?(?: ?,)?[ \u00a0\n](?:of |de |del )?(\d{4})(?!\w|[.,]\d)", re.ASCII)


def with_years_of_ranges(spans: Iterable[Span]) -> list[Span]:
    """In the order of the text; `15 August to 31 December 2025` names the year once, for both."""
    ordered = sorted(spans, key=lambda span: span.start)
    for at, (span, following) in enumerate(pairwise(ordered)):
        if span.year is None and 0 <= following.start - span.end <= _RANGE_REACH:
            ordered[at] = replace(span, year=following.year)
    return ordered


def written_dates(text: str, lower: str, words: DateWords | None, *, day_first: bool | None = None) -> Iterator[Span]:
    """Every date with a day and month, in no order.

    Args:
        text: any text.
        lower: the same in lower case, every character at its place.
        words: of its language; without them only dates in figures are found.
        day_first: the order in dates such as `03/04/2025`; None leaves out those that can be read both ways.
    """
    yield from _in_figures(text, day_first=day_first)
    if words is not None and words.spaced:
        yield from _with_name(text, lower, words)
    elif words is not None:
        for match in _WITHOUT_YEAR.finditer(text):
            yield Span(match.start(), match.end(), None, int(match[1]), int(match[2]))


def _in_figures(text: str, *, day_first: bool | None) -> Iterator[Span]:
    for century in CENTURIES:
        at = text.find(century)
        while at >= 0:
            if match := _YEAR_FIRST.match(text, at):
                month, day = (match[3], match[4]) if match[3] else (match[5], match[6])
                yield Span(at, match.end(), int(match[1]), int(month), int(day))
            elif at and text[at - 1] in "./- ":
                yield from _year_last(text, at, day_first=day_first)
            at = text.find(century, at + 1)


def _year_last(text: str, year: int, *, day_first: bool | None) -> Iterator[Span]:
    """The date whose year begins at `year`; a dotted one is day first wherever such are in use."""
    for start in range(max(0, year - _YEAR_LAST_REACH), year - 3):
        match = _YEAR_LAST.match(text, start)
        if match is not None and match.start(6) == year:
            first, second = int(match[1]), int(match[3] or match[5])
            day_first = True if match[2] or first > MONTHS else False if second > MONTHS else day_first
            if day_first is not None or first == second:
                day, month = (first, second) if day_first else (second, first)
                yield Span(start, match.end(), int(match[6]), month, day)
            return


def _with_name(text: str, lower: str, words: DateWords) -> Iterator[Span]:
    for beginning in words.month_beginnings:
        at = lower.find(beginning)
        while at >= 0:
            end = at + len(beginning)
            if not lower[max(0, at - 1) : at].isalpha() and (text[at].isupper() or not words.capitalised):
                while lower[end : end + 1].isalpha():
                    end += 1
                month = words.months.get(lower[at:end])
                if month is not None and (span := _around(text, at, end, month)) is not None:
                    yield span
            at = lower.find(beginning, end)


def _around(text: str, start: int, end: int, month: int) -> Span | None:
    """The date whose month is named at `text[start:end]`, its day before or after it."""
    if day := _DAY_BEFORE.search(text, max(0, start - _DAY_BEFORE_REACH), start):
        start = day.start()
    elif day := _DAY_AFTER.match(text, end):
        end = day.end()
        if year := _YEAR_BEFORE.search(text, max(0, start - _YEAR_BEFORE_REACH), start):
            return Span(year.start(), end, int(year[1]), month, int(day[1]))
    else:
        return None
    year = _YEAR_AFTER.match(text, end)
    return Span(start, year.end() if year else end, int(year[1]) if year else None, month, int(day[1]))
