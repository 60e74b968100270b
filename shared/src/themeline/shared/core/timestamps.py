"""Publication times as sources write them, read strictly.

One string in, one instant out, with how precise it was written and whether its zone had to be
assumed. A string that leaves anything open but the zone (no year, an undecidable order of day and month)
gives no time at all: an undated article is honest, a wrong date is not.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import format_datetime
from enum import StrEnum

from themeline.shared.core.dates import normalise_compact, parse_date
from themeline.shared.core.epochs import parse_epoch
from themeline.shared.core.times import TimeOfDay, find_time
from themeline.shared.core.zones import AMBIGUOUS, abbreviated_zone, fixed_offset, iana_zone

MAX_LENGTH = 200  # the longest timestamp seen in twelve parsers' test suites has 75 characters
FIRST_YEAR, LAST_YEAR = 1900, 2200  # what a news archive can hold; outside it the string is a mistake


class Precision(StrEnum):
    """The smallest part of a time that its source wrote."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class PublicationTime:
    """An instant, and how sure it is.

    Attributes:
        at: aware, in UTC; at precision `day` the start of that day in the zone it was read in.
        precision: the smallest part that was written; fractions of a second count as `second`.
        zone_assumed: the string had no usable zone, the default zone was taken.
    """

    at: datetime
    precision: Precision
    zone_assumed: bool


@dataclass(frozen=True, slots=True)
class _Zone:
    """A zone as written: either resolved, or an abbreviation that needs the local time."""

    fixed: tzinfo | None = None
    abbreviation: str = ""


_OFFSET = r"[+-]\d{2}:?\d{2}(?::?\d{2})?(?!\d)|[+-]\d{1,2}(?![\d:])(?=\s*(?:$|\())"
# A zone directly after a time of day, or at the end of a date.
_ZONE = re.compile(
    rf"""\s*(?:
      (?:GMT|UTC|UT|Z)\s?(?P<prefixed>[+-]\d{{1,2}}(?::?\d{{2}})?(?::?\d{{2}})?)(?![\d:])
    | [A-Z]{{3,5}}(?P<named>[+-]\d{{2}}(?::?\d{{2}})?)(?![\d:])
    | (?P<offset>{_OFFSET})
    | (?P<iana>[A-Z]+(?:/[A-Z0-9_+-]+){{1,2}})
    | (?P<name>[A-Z]{{1,5}})(?![\w/])
    )""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_TRAILING_ZONE = re.compile(
    r"""(?:
      (?<=\d)(?P<tight>Z|[+-]\d\d:\d\d)
    | \s(?P<loose>(?:GMT|UTC)?[+-]\d\d:?\d\d|[A-Z]{1,5}|[A-Z]+(?:/[A-Z_+-]+){1,2})
    )$""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_COMMENT = re.compile(r"\(([^()]*)\)")  # anywhere and nested, as RFC 822 allows
_BRACKETS = re.compile(r"\[(!?[^\[\]]*)\]")
_GO_MONOTONIC = re.compile(r"\s+m=[+-][\d.]+$")
_LABEL = re.compile(
    r"^(?:first |last )?(?:published|updated|posted|modified|created|date)(?: (?:on|at))?\s*:?\s+",
    re.IGNORECASE,
)
# Minus sign, dashes and hyphens to one sign; marks of writing direction (printed by browsers) to none.
_DASHES = str.maketrans(
    {
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u200e": None,
        "\u200f": None,
    }
)


def parse_timestamp(raw: str, default_zone: tzinfo = UTC, *, day_first: bool | None = None) -> PublicationTime | None:
    """Read a timestamp in any of the formats news sources write.

    RFC 822/1123 with every dialect of zones, RFC 3339 and ISO 8601, JavaScript's `Date` strings, epochs
    in seconds to nanoseconds, `ctime`, Apache logs, dates with month names. Weekdays are ignored, right or
    wrong.

    Args:
        raw: the string as written.
        default_zone: taken when the string has no zone (a `ZoneInfo` or a fixed offset). In a gap of local
            time the offset before the gap holds, in a fold the first of the two instants is taken.
        day_first: the order of day and month in all-numeric dates that can be read both ways;
            None leaves such dates unread (dotted ones are always day first).

    Returns:
        None for everything that does not name one day between 1900 and 2200. Never raises.
    """
    if len(raw) > MAX_LENGTH:
        return None
    text = tidy(raw)
    epoch = parse_epoch(text)
    if epoch is not None:
        return _in_range(PublicationTime(epoch, Precision.SECOND, zone_assumed=False))
    try:
        return _read(text, default_zone, day_first=day_first)
    except (ValueError, OverflowError):  # 31 February, 25 o'clock, instants before year 1
        return None


def http_date(at: datetime) -> str:
    """The form of RFC 9110, `Sat, 12 Jul 2025 09:12:51 GMT`, of an aware instant; fractions are dropped."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def tidy(raw: str) -> str:
    """One kind of space and dash, no marks of writing direction, no `Published on` before it."""
    text = " ".join(unicodedata.normalize("NFKC", raw).translate(_DASHES).split())
    return _LABEL.sub("", _GO_MONOTONIC.sub("", text))


def _read(text: str, default_zone: tzinfo, *, day_first: bool | None) -> PublicationTime | None:
    text, remark = _split_remark(text)
    text = normalise_compact(text)
    found = find_time(text)
    if found is None:
        before, zone = _trailing_zone(text)
        rest, clock = before, None
    else:
        clock = found.time
        zone, after = _leading_zone(text[found.end :])
        rest = f"{text[: found.start]} {after}"
        if zone is None:
            rest, zone = _trailing_zone(rest.strip())
    day = parse_date(rest, day_first=day_first)
    if day is None:
        return None
    return _combine(day, clock, zone or _zone_of(remark), default_zone)


def _split_remark(text: str) -> tuple[str, str]:
    """Take out `(Eastern European Summer Time)` or `[Europe/Kyiv]`; the first one may name the zone."""
    remark = ""
    for pattern in (_BRACKETS, _COMMENT):
        while (match := pattern.search(text)) is not None:
            remark = remark or match[1].lstrip("!").strip()
            text = f"{text[: match.start()]} {text[match.end() :]}".strip()
    return text, remark


def _zone_of(word: str) -> _Zone | None:
    match = _ZONE.fullmatch(word)
    return None if match is None else _resolve(match)


def _resolve(match: re.Match[str]) -> _Zone | None:
    offset = match["prefixed"] or match["named"] or match["offset"]
    if offset:
        zone = fixed_offset(offset)
        if zone is None:
            raise ValueError(f"no place uses the offset {offset}")
        return _Zone(fixed=zone)
    if match["iana"]:
        zone = iana_zone(match["iana"])
        return None if zone is None else _Zone(fixed=zone)
    return _Zone(abbreviation=match["name"].upper())


def _leading_zone(after: str) -> tuple[_Zone | None, str]:
    """Split what follows a time of day into its zone and the rest (`EEST 2025`)."""
    match = _ZONE.match(after)
    zone = None if match is None else _resolve(match)
    if match is None or zone is None:
        return None, after
    if zone.abbreviation and not _is_zone_name(zone.abbreviation):
        return None, after
    rest = after[match.end() :]
    if zone.fixed is not None and zone.fixed == fixed_offset(rest.strip()):
        return zone, ""  # Go's `+0800 +08`, of zones without a name
    if zone.fixed is not None and (name := _ZONE.match(rest)) is not None and name["name"]:
        # Go and Ruby repeat the zone by name: `+0300 EEST`. The offset has said it all.
        rest = rest[name.end() :] if _is_zone_name(name["name"].upper()) else rest
    return zone, rest


def _trailing_zone(text: str) -> tuple[str, _Zone | None]:
    match = _TRAILING_ZONE.search(text)
    if match is None:
        return text, None
    zone = _zone_of(match["tight"] or match["loose"])
    if zone is None or (zone.abbreviation and not _is_zone_name(zone.abbreviation)):
        return text, None
    return text[: match.start()], zone


def _is_zone_name(name: str) -> bool:
    return name in AMBIGUOUS or abbreviated_zone(name, datetime(FIRST_YEAR, 1, 1), UTC) is not None  # noqa: DTZ001


def _combine(day: date, clock: TimeOfDay | None, zone: _Zone | None, default_zone: tzinfo) -> PublicationTime | None:
    local = datetime.combine(day, clock.at if clock else time())
    known = zone and (zone.fixed or abbreviated_zone(zone.abbreviation, local, default_zone))
    at = local.replace(tzinfo=known or default_zone).astimezone(UTC)
    if clock is None:
        precision = Precision.DAY
    else:
        at += timedelta(seconds=clock.carry_seconds)
        precision = Precision.SECOND if clock.has_seconds else Precision.MINUTE
    return _in_range(PublicationTime(at, precision, zone_assumed=known is None))


def _in_range(value: PublicationTime) -> PublicationTime | None:
    return value if FIRST_YEAR <= value.at.year <= LAST_YEAR else None
