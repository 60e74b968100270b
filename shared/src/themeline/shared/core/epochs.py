"""Seconds, milliseconds, microseconds and nanoseconds since 1970, told apart by their number of digits."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

# Whole digits → units per second. Between 1973 and 2286 these lengths do not overlap; lengths between
# them are no time that news could have. Twelve digits are milliseconds before September 2001, unless
# they spell a date (`202507121212`), which is checked first; likewise fourteen and seventeen.
UNITS_PER_SECOND = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6, 18: 10**9, 19: 10**9}
SPELLED_DATES = frozenset({12, 14, 17})  # YYYYMMDDhhmm, …ss, …mmm

_NUMBER = re.compile(r"(\d+)(\.\d+)?(?:[eE]\+?(\d{1,2}))?", re.ASCII)
_DOTNET = re.compile(r"\\?/Date\((\d{9,16})(?:[+-]\d{4})?\)\\?/", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_epoch(text: str) -> datetime | None:
    """The instant of a bare number of seconds, ms, µs or ns since 1970, or of .NET's `/Date(ms)/`.

    Returns:
        An aware UTC instant; None when the text is anything else, such as a date spelled in digits.
    """
    dotnet = _DOTNET.fullmatch(text)
    if dotnet is not None:
        return _EPOCH + timedelta(milliseconds=int(dotnet[1]))
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    number = Decimal(text)
    digits = len(str(int(number)))
    if match[3] is None and match[2] is None and _spells_a_date(match[1]):
        return None
    units = UNITS_PER_SECOND.get(digits)
    if units is None:
        return None
    return _EPOCH + timedelta(microseconds=int(number * 10**6 / units))


def _spells_a_date(digits: str) -> bool:
    if len(digits) not in SPELLED_DATES:
        return False
    try:
        day = datetime.strptime(digits[:12], "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return False
    return 1900 <= day.year <= 2200  # noqa: PLR2004 - the years of `parse_timestamp`
