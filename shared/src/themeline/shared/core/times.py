"""The time of day inside a timestamp."""

import re
from dataclasses import dataclass
from datetime import time

_MERIDIEM = r"(?P<half>[ap])\.?\s?m\b\.?"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE | re.VERBOSE)
    for pattern in (
        # 12:12, 12:12:51, 12:12:51.123 or ,123, with or without AM/PM
        rf"""(?:(?<=\d)T|(?<![\d.])(?<!\d[+-]))(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})
             (?: :(?P<second>\d{{2}}) (?:[.,:](?P<fraction>\d{{1,12}}))? )? (?![\d:])
             (?:\s?{_MERIDIEM})?""",
        # 9 pm
        rf"(?<![\d.:])(?P<hour>\d{{1,2}})(?P<minute>)(?P<second>)(?P<fraction>)\s?{_MERIDIEM}",
        # 9h12, 09h12min51, 09時12分51秒, 9시 12분
        r"""(?<![\d.:])(?P<hour>\d{1,2})\s?[h時点시]\s?(?P<minute>\d{2})\s?(?:min|m|分|분)?
            (?:\s?(?P<second>\d{2})\s?[s秒초])?(?!\d)(?P<fraction>)(?P<half>)""",
        # 09.12 or 09.12.51, only at the end or before a zone
        r"""(?<![\d.:/-])(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)(?:\.(?P<second>[0-5]\d))?
            (?=\s?(?:[A-Z]{2,5}|[+-]\d{2}:?\d{2}|Z)?$)(?P<fraction>)(?P<half>)""",
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
    if match["half"]:
        hour = _on_24_hour_clock(hour, match["half"].lower())
    if (hour, minute, second) == (24, 0, 0):
        hour, carry = 0, 24 * 3600
    if second == 60:  # noqa: PLR2004 - a leap second
        second, carry = 59, carry + 1
    return TimeOfDay(time(hour, minute, second, micro), bool(match["second"]), carry)


def _on_24_hour_clock(hour: int, half: str) -> int:
    if half == "a":
        if hour > 12:  # noqa: PLR2004 - hours on a clock face
            raise ValueError(f"no {hour} o'clock before noon")
        return hour % 12
    return hour if hour > 12 else hour % 12 + 12  # noqa: PLR2004
