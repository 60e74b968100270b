"""Times as pages show them to readers: `Publié le 3 mars 2025 à 14h32`, `vor 3 Stunden`.

For what people read, never for fields that machines write. Whoever calls this declares dateparser among
its own dependencies; it is imported at the first text that nothing else could read, for that takes 0.25 s.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from themeline.shared.core.times import find_time
from themeline.shared.core.timestamps import (
    FIRST_YEAR,
    LAST_YEAR,
    Precision,
    PublicationTime,
    parse_timestamp,
    tidy,
)

MAX_LENGTH = 100  # the longest seen on news pages, with weekday, label and zone, has 75 characters
# How far back pages count (`11 months ago`); `in 2 hours` is no time of publication.
LONGEST_AGO = timedelta(days=400)

# What pages write before a time, by its beginning, in the languages of `month_names`.
_LABELS = tuple(
    """
    publi public pubbl publ udgivet updat uppdat oppdat opdat mis mise à jour modifi créé le am el al il
    veröffentlicht aktualisi erstellt stand zuletzt geändert actualiz atualiz aggiorn gepubliceerd bijgewerkt
    laatst posted created last opubl aktual zveřejn vydáno опубл оновлен обновл дата dátum yayın güncel δημοσ
    ενημ julkais päivitet közzét frissít đăng cập nhật diterbitkan diperbarui date on at о в у ngày lúc lần cuối
    ultima última último dernière ultimo először publikov objavlj posodob ažurir
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)
_WORDS_BEFORE = re.compile(r"^(?:[^\W\d_]+[:.,]?\s+){1,5}?(?=\S*\d)")
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[^\s\d.,:;/-]{3}")  # at least a month, or `tháng` before its number
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")


def read_human_time(
    text: str,
    *,
    language: str | None,
    default_zone: tzinfo,
    day_first: bool | None = None,
    reference: datetime | None = None,
) -> PublicationTime | None:
    """Read a time that was written for people.

    Strictly where that is possible, then without a label (`Updated on`), at last by dateparser in this one
    language, where the day and the year that it found must stand in the text and no other number may.

    Args:
        text: the words beside or in place of a timestamp.
        language: BCP 47; without it dateparser is not asked.
        default_zone: taken when the text has no zone.
        day_first: the order of day and month in all-figure dates.
        reference: when the text was true, aware, such as the time of retrieval; without it `3 hours ago` is none.

    Returns:
        None for all that does not name one day. Never raises. Takes about 1 ms where dateparser is asked.
    """
    if not 0 < len(text) <= MAX_LENGTH:
        return None
    tidied = tidy(text)
    bare = _without_label(tidied)
    for candidate in dict.fromkeys((tidied, bare)):
        if not candidate.isdigit():  # an epoch is no time that people read
            read = parse_timestamp(candidate, default_zone, day_first=day_first)
            if read is not None:
                return read
    if language is None:
        return None
    primary = language.split("-")[0].lower()
    read = _absolute(bare, primary, default_zone, day_first=day_first)
    if read is None and reference is not None:
        # `il y a 2 jours` begins with a word that labels end with, so a label is one word here
        label, _, rest = tidied.partition(" ")
        read = _relative(tidied, primary, reference)
        if read is None and label.casefold().startswith(_LABELS):
            read = _relative(rest, primary, reference)
    return read


def _without_label(text: str) -> str:
    match = _WORDS_BEFORE.match(text)
    if match is None:
        return text
    kept = match.end()
    for word in _WORD.finditer(match[0]):
        if not word[0].casefold().startswith(_LABELS):
            kept = word.start()
            break
    return text[kept:]


def _absolute(text: str, language: str, zone: tzinfo, *, day_first: bool | None) -> PublicationTime | None:
    year = _YEAR.findall(text)
    if len(year) != 1 or _NAME.search(text) is None:
        return None
    found = _parse(text, language, day_first=day_first, parsers=["absolute-time"])
    if found is None or not _accounts_for(text, found):
        return None
    clock = _clock(text)
    if clock is None and (found.hour or found.minute):
        return None
    at = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    precision = Precision.DAY if clock is None else Precision.SECOND if found.second else Precision.MINUTE
    utc = at.astimezone(UTC)
    in_range = FIRST_YEAR <= utc.year <= LAST_YEAR
    return PublicationTime(utc, precision, zone_assumed=found.tzinfo is None) if in_range else None


def _relative(text: str, language: str, reference: datetime) -> PublicationTime | None:
    now = reference.astimezone(UTC)
    found = _parse(text, language, parsers=["relative-time"], now=now)
    if found is None or found.tzinfo is not None:
        return None
    at = found.replace(tzinfo=UTC)
    if not now - LONGEST_AGO <= at <= now:
        return None
    exact = now - at < timedelta(days=1)
    return PublicationTime(at, Precision.MINUTE if exact else Precision.DAY, zone_assumed=False)


def _accounts_for(text: str, found: datetime) -> bool:
    """Every number of the text is a part of what was found, its day and year among them."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    parts = {found.year, found.month, found.day, found.hour, found.hour % 12 or 12, found.minute, found.second}
    return {found.year, found.day} <= set(numbers) <= parts


def _clock(text: str) -> object | None:
    try:
        return find_time(text)
    except ValueError:
        return None


def _parse(
    text: str, language: str, *, parsers: list[str], day_first: bool | None = None, now: datetime | None = None
) -> datetime | None:
    import dateparser  # type: ignore[import-untyped]  # takes 0.25 s, and most processes never need it

    settings: dict[str, Any] = {
        "PARSERS": parsers,
        "REQUIRE_PARTS": ["day", "month", "year"],
        "STRICT_PARSING": True,
    }
    if day_first is not None:
        settings["DATE_ORDER"] = "DMY" if day_first else "MDY"
    if now is not None:
        settings |= {"RELATIVE_BASE": now.replace(tzinfo=None), "TIMEZONE": "UTC"}
    try:
        found: datetime | None = dateparser.parse(text, languages=[language], settings=settings)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError, KeyError):
        # a language that dateparser does not know, or a slip of its own on odd input
        return None
    return found
