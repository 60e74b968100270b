"""Times as pages show them to readers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.shared.core.human_times import read_human_time
from themeline.shared.core.timestamps import Precision, PublicationTime

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)

# Nothing of this says when something was published.
GARBAGE = (
    """
may;1st;2025;March;12;march 2025;12 2025;the year 2025 had 12 months;Article 12 of July 2025 law;Born in 2025 on a 12
May 2025 be 12 times better;12 dogs 2025;10 downing street 2025;Chapter 12, verse 2025;July 2025;page 3 of 2025
3 of 12, 2025;on the 3rd of 2025;now;today 2025;yesterday 2025;in 3 days 2025;2025 12 am;12 pm 2025;12:30 2025
sat 12 2025;1 2 2025;31 2 2025;31 February 2025;12 July 2025 or 13 July 2025;12 July 2025 2024;ISBN 978-3-16-148410-0
+1 202 555 2025;covid-19 2021;May the 4th 2025 be with you;sun 2025 3 rise;Version 12.7.2025.3;Updated;9/11;24/7 2025
12 July;3 min read;2025 Themeline Ltd 12;Price 12 EUR 2025;1 second;12 m 2025;IV 2025 12;2k25;Ted 12 Jul 2025 Talk
12-2025;7 2025 12;1752311571;{{ date }};<time>;null
""".replace("\n", ";")
    .strip(";")
    .split(";")
)


def _read(text: str, language: str | None, reference: datetime | None = None) -> PublicationTime | None:
    return read_human_time(text, language=language, default_zone=PARIS, day_first=True, reference=reference)


@pytest.mark.parametrize(
    ("language", "text", "at", "precision"),
    [
        ("fr", "Publié le 3 mars 2025 à 14h32", "2025-03-03T13:32", "minute"),
        ("fr", "Mis à jour le 03/05/2025 à 14:32", "2025-05-03T12:32", "minute"),
        ("de", "12. März 2025, 9:05 Uhr", "2025-03-12T08:05", "minute"),
        ("de-AT", "Veröffentlicht am 12. März 2025 um 9:05 Uhr", "2025-03-12T08:05", "minute"),
        ("es", "Publicado el 3 de marzo de 2025 a las 14:32", "2025-03-03T13:32", "minute"),
        ("it", "Pubblicato il 3 marzo 2025 alle ore 14:32", "2025-03-03T13:32", "minute"),
        ("pt-BR", "Publicado em 3 de março de 2025 às 14h32", "2025-03-03T13:32", "minute"),
        ("uk", "Опубліковано 12 липня 2025, 09:12", "2025-07-12T07:12", "minute"),
        ("vi", "12 tháng 7 2025", "2025-07-11T22:00", "day"),
        ("ar", "12 يوليو 2025", "2025-07-11T22:00", "day"),
        ("hi", "12 जुलाई 2025, 09:12", "2025-07-12T07:12", "minute"),
        ("th", "12 กรกฎาคม 2025", "2025-07-11T22:00", "day"),
        ("he", "12 ביולי 2025", "2025-07-11T22:00", "day"),
        ("ka", "12 ივლისი 2025", "2025-07-11T22:00", "day"),
    ],
)
def test_times_on_pages_are_read_in_their_language(language: str, text: str, at: str, precision: str) -> None:
    expected = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert _read(text, language) == PublicationTime(expected, Precision(precision), zone_assumed=True)


@pytest.mark.parametrize(
    ("language", "text", "ago"),
    [
        ("en", "3 hours ago", timedelta(hours=3)),
        ("de", "vor 3 Stunden", timedelta(hours=3)),
        ("fr", "il y a 2 jours", timedelta(days=2)),
        ("fr", "Publié il y a 2 heures", timedelta(hours=2)),
        ("es", "hace 5 minutos", timedelta(minutes=5)),
    ],
)
def test_relative_times_are_refused_unless_it_is_known_when_they_were_true(
    language: str, text: str, ago: timedelta
) -> None:
    assert _read(text, language) is None
    read = _read(text, language, NOON)
    assert read is not None
    assert read.at == NOON - ago


@pytest.mark.parametrize("language", ["en", "fr", "vi", None])
def test_garbage_is_refused_rather_than_guessed(language: str | None) -> None:
    assert [text for text in GARBAGE if _read(text, language)] == []


@pytest.mark.parametrize("text", ["in 2 hours", "tomorrow", "in 3 days", "5 years ago"])
def test_what_is_to_come_or_long_gone_is_no_relative_time_of_publication(text: str) -> None:
    assert _read(text, "en", NOON) is None


def test_an_unknown_language_gets_what_can_be_read_strictly() -> None:
    assert _read("12 Jul 2025", "xx") is not None
    assert _read("12 tháng 7 2025", "xx") is None


def test_a_text_longer_than_any_time_on_a_page_is_not_looked_at() -> None:
    assert _read("Published on 12 July 2025" + "!" * 100, "en") is None


@given(
    st.text(max_size=40) | st.text("0123456789 /.-:JulyMaofst", max_size=30),
    st.sampled_from(["en", "de", "zh", "x", ""]),
    st.sampled_from([None, NOON]),
)
def test_no_text_raises(text: str, language: str, reference: datetime | None) -> None:
    read = _read(text, language, reference)
    assert read is None or read.at.tzinfo is UTC
