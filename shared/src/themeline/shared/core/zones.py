"""Time zones as timestamps write them: offsets, IANA names and abbreviations.

Abbreviations are read as RFC 822 and the tz database use them. Where one abbreviation is in use for
several zones, only the source's own zone can say which is meant; without that nothing is guessed.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

# The widest offsets in use: Baker Island -12:00, Line Islands +14:00. The tz database goes back to
# local mean times as far as ±15:14 (Manila before 1845), outside the years read here.
EARLIEST_OFFSET = timedelta(hours=-12)
LATEST_OFFSET = timedelta(hours=14)

UNIVERSAL = frozenset({"Z", "UT", "UTC", "GMT", "WET", "ZULU", "UCT", "TU"})

# In use for more than one zone with different offsets: India/Israel/Ireland, China/Cuba/US Central,
# Britain/Bangladesh/Bougainville, Atlantic/Arabia, Gulf/South Georgia, Amazon/Armenia,
# Samoa/Singapore, Ecuador/East Caribbean, Western Australia/West Samoa.
AMBIGUOUS = frozenset({"IST", "CST", "BST", "AST", "GST", "AMT", "SST", "ECT", "WST"})

# Minutes east of Greenwich. North America as in RFC 822, section 5.1; the rest as in the tz database.
ABBREVIATIONS: dict[str, int] = {
    # North America
    "NST": -210, "NDT": -150, "ADT": -180, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "HDT": -540,
    "HAST": -600, "HADT": -540,
    # Latin America
    "BRT": -180, "BRST": -120, "ART": -180, "CLT": -240, "CLST": -180, "COT": -300, "PET": -300,
    "VET": -240, "BOT": -240, "UYT": -180, "PYT": -240, "GFT": -180, "GYT": -240,
    # Europe
    "WEST": 60, "CET": 60, "CEST": 120, "MET": 60, "MEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "MSD": 240, "FET": 180, "TRT": 180, "SAMT": 240, "YEKT": 300,
    "OMST": 360, "KRAT": 420, "NOVT": 420, "IRKT": 480, "YAKT": 540, "VLAT": 600, "MAGT": 660,
    # Africa
    "WAT": 60, "CAT": 120, "SAST": 120, "EAT": 180, "MUT": 240,
    # Asia
    "IDT": 180, "IRST": 210, "IRDT": 270, "AZT": 240, "GET": 240, "AFT": 270, "PKT": 300, "UZT": 300,
    "TJT": 300, "TMT": 300, "NPT": 345, "BDT": 360, "BTT": 360, "ALMT": 300, "MMT": 390, "ICT": 420,
    "WIB": 420, "WITA": 480, "WIT": 540, "HKT": 480, "SGT": 480, "MYT": 480, "PHT": 480, "ULAT": 480,
    "JST": 540, "KST": 540,
    # Oceania
    "AWST": 480, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
    "FJT": 720, "CHST": 600, "TOT": 780,
}  # fmt: skip

# Standard or daylight time, whichever holds: as North American newsrooms write it.
GENERIC = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}

_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?(?::?(\d{2}))?", re.ASCII)


def fixed_offset(text: str) -> tzinfo | None:
    """The zone of an offset such as `+0300`, `-03:30`, `+3` or `+00:00`.

    Returns:
        None when the text is no offset, or one that no place uses.
    """
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    sign, hours, minutes, seconds = match.groups()
    if int(minutes or 0) > 59 or int(seconds or 0) > 59:  # noqa: PLR2004 - a minute has 60 seconds
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds or 0))
    if sign == "-":
        offset = -offset
    if not EARLIEST_OFFSET <= offset <= LATEST_OFFSET:
        return None
    return timezone(offset) if offset else UTC


@lru_cache(maxsize=1024)
def iana_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name such as `Europe/Kyiv`, written in any case of letters; None if unknown."""
    for spelling in (name, name.title()):
        try:
            return ZoneInfo(spelling)
        except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of the database
            continue
    return None


def abbreviated_zone(name: str, local: datetime, default_zone: tzinfo) -> tzinfo | None:
    """The zone of an abbreviation such as `EEST` at a local time.

    The default zone's own use of the abbreviation comes first: `IST` is Indian time for a source in
    India, `PST` is Philippine time for one in Manila.

    Args:
        name: the abbreviation, upper case.
        local: the time the abbreviation stands beside, without a zone.
        default_zone: the source's zone.

    Returns:
        None when the abbreviation is unknown, or ambiguous and not one of the default zone's own.
    """
    if name in UNIVERSAL:
        return UTC
    moments = (local, local.replace(month=1, day=1), local.replace(month=7, day=1))
    for moment in moments:
        aware = moment.replace(tzinfo=default_zone)
        offset = aware.utcoffset()
        if aware.tzname() == name and offset is not None:
            return timezone(offset)
    if name in GENERIC:
        return iana_zone(GENERIC[name])
    minutes = ABBREVIATIONS.get(name)
    return None if minutes is None else timezone(timedelta(minutes=minutes))
