"""Days named from the day of publication: weekdays (`on Thursday morning`) and `yesterday`, `demain`, `heute Abend`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from themeline.related.core.date_words import DateWords

DAYS_IN_WEEK = 7

_CLAUSE_END = re.compile(r"[.!?;:,\n\"“”«»()]|\b(?:that|dass|que|che|что|що|że|že|dat|att)\b")
_ASIDE = re.compile(r",(?=\s\w{2,3}\s$)")  # `to be released, on Wednesday`: the clause goes on
_CLAUSE_REACH = 90  # characters to each side in which the tense of a clause is looked for
_OPENING = 12  # a weekday this close to the start of its clause may have its verb behind it
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n\"“„«»(\-–—•]\s*)$")
_LAST_WORD = re.compile(r"([^\W\d_][\w'’]*)[ \u00a0]$")
_LAST_WORD_REACH = 30
_NEXT_WORD = re.compile(r"[ \u00a0]([^\W\d_]+)")
# Between a weekday and a date of the same day: `Thursday, March 3`, `jeudi 3 mars`, `torsdag den 3 mars`.
_SAME_DAY = re.compile(r",?[ \u00a0](?:(?:the|den|dem|der|de|le|el|il|em) )?")
# After these a weekday is a time, whatever stands behind it: `on Thursday President …`, `said Friday`.
_TIME_WORDS = frozenset(
    "on by until till since from before after early late last next this through between said mid and".split()  # noqa: SIM905
)
_QUOTES = frozenset("\"“”„«»'‘’")
_POSSESSIVE = ("'s", "’s")


@dataclass(frozen=True, slots=True)
class Prose:
    """A text, the same in lower case with every character at its place, and the words of its language."""

    text: str
    lower: str
    words: DateWords


@dataclass(frozen=True, slots=True)
class SpokenDay:
    """A day, or the part of it that `precision` names, at `text[start:end]`."""

    day: date
    precision: str
    start: int
    end: int


def lower(text: str) -> str:
    """Lower case with every character at its place (`İ` would become two)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def spoken_days(prose: Prose, dates: Iterable[int], today: date) -> list[SpokenDay]:
    """The days named by weekday or relative to `today`.

    Args:
        prose: the text.
        dates: where written dates begin in it; a weekday just before one is part of it.
        today: the day of publication in the source's zone.
    """
    found = list(_weekdays(prose, frozenset(dates), today))
    for phrase, (days, precision) in prose.words.relative.items():
        for start, end in _places(prose, phrase):
            if any(other.start < end and start < other.end for other in found):
                continue  # the longer of two phrases counts: `day after tomorrow`
            if not _is_time(prose, start, end) or (days == 0 and prose.text.startswith(_POSSESSIVE, end)):
                continue  # `today's` says how things are
            after, part = _part_of_day(prose, end)
            found.append(SpokenDay(today + timedelta(days), part or precision, start, after))
    return found


def speaks_of_future(text: str, start: int, end: int, words: DateWords) -> bool:
    """The clause around `text[start:end]` is about what is to come."""
    if words.grammar is None:
        return False
    before = _CLAUSE_END.split(_ASIDE.sub("", text[max(0, start - _CLAUSE_REACH) : start]))[-1]
    clause = f" {before} "
    if len(before) <= _OPENING or _word_after(text, end).lower() in words.grammar.future:
        clause += _CLAUSE_END.split(text[end : end + _CLAUSE_REACH], maxsplit=1)[0] + " "
    clause = clause.lower().replace("'ll", " 'll").replace("’ll", " 'll")
    return any(f" {phrase} " in clause for phrase in words.grammar.future)


def _weekdays(prose: Prose, dates: frozenset[int], today: date) -> Iterator[SpokenDay]:
    for name, weekday in prose.words.weekdays.items():
        for start, end in _places(prose, name):
            apart = _SAME_DAY.match(prose.text, end)
            if (apart is not None and apart.end() in dates) or not _is_time(prose, start, end):
                continue
            day = today + timedelta(_days_away(prose, start, end, weekday - today.weekday()))
            after, part = _part_of_day(prose, end)
            yield SpokenDay(day, part or "day", start, after)


def _days_away(prose: Prose, start: int, end: int, difference: int) -> int:
    """How far a weekday is from today, given the difference of their numbers."""
    grammar = prose.words.grammar
    around = {_word_before(prose, start).lower(), _word_after(prose.text, end).lower()}
    if grammar is not None and not grammar.following.isdisjoint(around):
        return (difference - 1) % DAYS_IN_WEEK + 1
    if grammar is not None and not grammar.previous.isdisjoint(around):
        return -((-difference - 1) % DAYS_IN_WEEK + 1)
    if speaks_of_future(prose.text, start, end, prose.words):
        return difference % DAYS_IN_WEEK
    return -(-difference % DAYS_IN_WEEK)


def _places(prose: Prose, phrase: str) -> Iterator[tuple[int, int]]:
    """Where the phrase stands as words of their own; `str.find` is far quicker here than one pattern of them all."""
    at = prose.lower.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if not prose.words.spaced or (not prose.lower[max(0, at - 1) : at].isalnum() and _ends_word(prose, end)):
            yield at, end
        at = prose.lower.find(phrase, end)


def _ends_word(prose: Prose, end: int) -> bool:
    """A word ends here, or a part of the day is written on to it (`Montagabend`)."""
    return not prose.lower[end : end + 1].isalnum() or _part_of_day(prose, end)[1] is not None


def _part_of_day(prose: Prose, end: int) -> tuple[int, str | None]:
    """The part of the day that follows, and where it ends."""
    parts = prose.words.grammar.parts if prose.words.grammar else {}
    for word, part in parts.items():
        for space in ("", " "):
            after = end + len(space) + len(word)
            if prose.lower.startswith(space + word, end) and not prose.lower[after : after + 1].isalnum():
                return after, part
    return end, None


def _is_time(prose: Prose, start: int, end: int) -> bool:
    """Neither a habit nor a name nor another word."""
    words, before = prose.words, _word_before(prose, start)
    phrase = prose.lower[start:end]
    if words.grammar is not None and before.lower() in words.grammar.never_after and " " not in phrase:
        return False
    if not words.spaced:
        return True
    if prose.text[start - 1 : start] in _QUOTES and prose.text[end : end + 1] in _QUOTES and start:
        return False  # the programme "Today"
    capital = prose.text[start].isupper()
    weekday = words.capitalised and phrase in words.weekdays
    if capital != weekday and not (capital and _opens_sentence(prose, start)):
        return False
    return not weekday or words.nouns_capitalised or not _is_name(prose, before, end)


def _is_name(prose: Prose, before: str, end: int) -> bool:
    """Beside another word with a capital, as in `Sheffield Wednesday`, `Sunday Times`."""
    if before.lower() in _TIME_WORDS:
        return False
    return before[:1].isupper() or _word_after(prose.text, end)[:1].isupper()


def _opens_sentence(prose: Prose, start: int) -> bool:
    return _SENTENCE_START.search(prose.text, max(0, start - 4), start) is not None


def _word_before(prose: Prose, start: int) -> str:
    match = _LAST_WORD.search(prose.text, max(0, start - _LAST_WORD_REACH), start)
    return match[1] if match else ""


def _word_after(text: str, end: int) -> str:
    match = _NEXT_WORD.match(text, end)
    return match[1] if match else ""
