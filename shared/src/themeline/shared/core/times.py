"""The time of day inside a timestamp."""

import re
from dataclasses import dataclass
from datetime import time

NOON = 12
LEAP_SECOND = 60

# The half of the day, after the time (AM, p.m., μ.μ.) or before it (PM, 오후, 下午, 午後).
_HALF = r"(?P<half>[apπμ])\.?\s?[mμ](?!\w)\.?"
_HALF_FIRST = r"(?:(?<!\w)(?P<first>[ap]m|오전|오후|上午|下午|午前|午後)\s?)?"
_AFTERNOON = frozenset({"p", "μ", "pm", "오후", "下午", "午後"})
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE | re.VERBOSE)
    for pattern in (
        # 12:12, 12:12:51, 12:12:51.123 or ,123, with or without AM/PM; 8:8:8, but not 8:8, which is a score
        rf"""{_HALF_FIRST}(?:(?<=\d)T|(?<![\d.])(?<!\d[+-]))(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}}|\d(?=:\d))
             (?: :(?P<second>\d{{1,2}}) (?:[.,:](?P<fraction>\d{{1,12}}))? )? (?![\d:])
             (?:\s?{_HALF})?""",
        # 9 pm
        rf"(?<![\d.:])(?P<hour>\d{{1,2}})(?P<minute>)(?P<second>)(?P<fraction>)(?P<first>)\s?{_HALF}",
        # 9h12, 09h12min51, 09時12分51秒, 9시 12분
        rf"""{_HALF_FIRST}(?<![\d.:])(?P<hour>\d{{1,2}})\s?[h時时点點시]\s?(?P<minute>\d{{1,2}})\s?(?:min|m|分|분)?
             (?:\s?(?P<second>\d{{1,2}})\s?[s秒초])?(?!\d)(?P<fraction>)(?P<half>)""",
        # 09.12 or 09.12.51, only at the end or before a zone
        r"""(?<![\d.:/-])(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)(?:\.(?P<second>[0-5]\d))?
            (?=\s?(?:[A-Z]{2,5}|[+-]\d{2}:?\d{2}|Z)?$)(?P<fraction>)(?P<half>)(?P<first>)""",
    )
)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day, and what to add to it: `24:00` is midnight a day on, `:60` the second after `:59`."""

    at: time
    has_seconds: bool
    carry_seconds: int


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time of day at `text[start:end]`."""

    time: TimeOfDay
    start: int
    end: int


def find_time(text: str) -> FoundTime | None:
    """The first time of day written in the text.

    Raises:
        ValueError: there is one, but no such time exists (`25:00`, `13:00 AM`).
    """
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match is not None:
            return FoundTime(_time_of(match), match.start(), match.end())
    return None


def _time_of(match: re.Match[str]) -> TimeOfDay:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    micro = int((match["fraction"] or "")[:6].ljust(6, "0"))
    carry = 0
    half = (match["half"] or match["first"] or "").lower()
    if half:
        hour = _on_24_hour_clock(hour, afternoon=half in _AFTERNOON)
    if (hour, minute, second) == (24, 0, 0):
        hour, carry = 0, 24 * 3600
    if second == LEAP_SECOND:
        second, carry = 59, carry + 1
    return TimeOfDay(time(hour, minute, second, micro), bool(match["second"]), carry)


def _on_24_hour_clock(hour: int, *, afternoon: bool) -> int:
    if not afternoon and hour > NOON:
        raise ValueError(f"no {hour} o'clock before noon")
    # `13:00 PM` is said by clocks that print both; it can only mean 13:00.
    return hour if hour > NOON else hour % NOON + NOON * afternoon
