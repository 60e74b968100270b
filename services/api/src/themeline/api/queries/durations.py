"""Lengths of time and numbers of times, in words."""

from datetime import timedelta

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
# From two of a unit on it is told in that unit: 90 s, then 2 min.
_FROM = 2


def lasting(length: timedelta) -> str:
    """Write a length of time as a person would: `140 ms`, `3 s`, `5 min`, `7 h`, `12 d`."""
    seconds = max(length.total_seconds(), 0)
    if seconds < _FROM:
        return f"{seconds * 1000:.0f} ms"
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= _FROM * size)
    return f"{seconds // size:.0f} {unit}"


def times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")
