"""The days that a text speaks of."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.related.core.date_words import LANGUAGES, date_words
from themeline.related.core.event_dates import EventDate, find_event_dates

WEDNESDAY = datetime(2025, 3, 5, 9, tzinfo=UTC)


def _found(text: str, language: str = "en", *, day_first: bool | None = None, limit: int = 30) -> list[EventDate]:
    return find_event_dates(text, published=WEDNESDAY, zone=UTC, language=language, day_first=day_first, limit=limit)


def _days(text: str, language: str = "en", *, day_first: bool | None = None) -> list[str]:
    return [found.day.isoformat() for found in _found(text, language, day_first=day_first)]


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "The bridge opened on Tuesday.", ["2025-03-04"]),
        ("en", "The vote is due on Friday; the bill was tabled on Monday.", ["2025-03-07", "2025-03-03"]),
        ("en", "Ministers will meet, on Thursday, in Brussels.", ["2025-03-06"]),
        ("en", "She said on Tuesday that the court will rule next Wednesday.", ["2025-03-04", "2025-03-12"]),
        ("en", "Talks since Wednesday have failed.", ["2025-02-26"]),
        ("en", "It happened on Wednesday.", ["2025-03-05"]),
        ("en", "He left last Wednesday, not yesterday.", ["2025-02-26", "2025-03-04"]),
        ("en", "The day before yesterday it rained; it may rain the day after tomorrow.", ["2025-03-03", "2025-03-07"]),
        ("en", "On Thursday, March 13, and on 14 March", ["2025-03-13", "2025-03-14"]),
        ("en", "from 15 August to 31 December 2023", ["2023-08-15", "2023-12-31"]),
        ("en", "a law of the 4th of July, 2024, amended Dec. 30", ["2024-07-04", "2024-12-30"]),
        ("de", "Am Montag begann der Streik, am nächsten Dienstag endet er.", ["2025-03-03", "2025-03-11"]),
        ("de", "Der Rat wird am Freitag entscheiden, am 3. Mai 2024 zögerte er.", ["2025-03-07", "2024-05-03"]),
        ("fr", "Le maire a annoncé mardi sa démission, effective lundi prochain.", ["2025-03-04", "2025-03-10"]),
        ("fr", "le 1er mars, aujourd’hui et le 14 juillet 2024", ["2025-03-01", "2025-03-05", "2024-07-14"]),
        ("es", "El próximo jueves; el lunes pasado; el 5 de mayo de 2024", ["2025-03-06", "2025-03-03", "2024-05-05"]),
        ("it", "Lunedì scorso, ieri e l'8 marzo", ["2025-03-03", "2025-03-04", "2025-03-08"]),
        ("pt", "na segunda-feira e na próxima quinta-feira", ["2025-03-03", "2025-03-06"]),
        ("nl", "volgende maandag, op 5 mei 2024", ["2025-03-10", "2024-05-05"]),
        ("sv", "i måndags, på fredag", ["2025-03-03", "2025-03-07"]),
        ("pl", "w niedzielę i 3 maja 2024 roku", ["2025-03-02", "2024-05-03"]),
        ("uk", "у вівторок і 24 лютого 2022 року", ["2025-03-04", "2022-02-24"]),
        ("ru", "во вторник и 9 мая 2024 года", ["2025-03-04", "2024-05-09"]),
        ("hu", "tegnap és 2025. március 3.", ["2025-03-04", "2025-03-03"]),
        ("ja", "首相は2025年3月1日と3月3日、昨日に", ["2025-03-01", "2025-03-03", "2025-03-04"]),
        ("ko", "2025년 3월 1일과 어제", ["2025-03-01", "2025-03-04"]),
    ],
)
def test_days_are_found_in_the_words_of_each_language(language: str, text: str, days: list[str]) -> None:
    assert _days(text, language) == days


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Sunday Times, Sheffield Wednesday and Black Friday"),
        ("en", "He may 5 times march 3 miles every Friday, on Mondays, on a Sunday."),
        ("en", "It rose to March 3,000 and May 5 pct, 55 April, 1st place"),
        ("en", 'the "Today" programme, today\'s world'),
        ("en", "30 February 2025, 2025-02-30, 1.12.1850, 13:45, 2025-03-04T10:00"),
        ("en", "version 1.2.2024.5, 192.168.2020.1, F-16, AB-2025-01-02, 03/04/2025"),
        ("de", "Der Freitag erscheint jeden Montag; guten Morgen, sonntags so."),
        ("fr", "Le Journal du Dimanche, chaque lundi"),
        ("es", "La mañana fue fría; cada domingo"),
        ("it", "in 5 set, Domenica Rossi"),
        ("hi", "कल सोमवार"),
        ("xx", "on Thursday, 3 March"),
    ],
)
def test_what_only_may_be_a_day_is_none(language: str, text: str) -> None:
    assert _days(text, language) == []


def test_the_part_of_the_day_is_kept_with_the_words() -> None:
    found = _found("On Thursday night shots were heard; police came yesterday morning. It ended last night.")
    assert [(item.precision, item.text, item.position) for item in found] == [
        ("night", "Thursday night", 3),
        ("morning", "yesterday morning", 48),
    ]
    assert _found("Am Donnerstagmorgen und Montagabend", "de")[1].precision == "evening"


def test_a_day_is_listed_once_and_the_list_is_bounded() -> None:
    assert [item.text for item in _found("March 3, then 3 March and on Monday")] == ["March 3"]
    many = ", ".join(f"{day} April 2024" for day in range(1, 31))
    assert len(_found(many, limit=10)) == 10
    assert len(find_event_dates(many, published=WEDNESDAY, zone=UTC, language="en")) == 10


def test_today_is_the_day_of_the_sources_zone() -> None:
    late = datetime(2025, 3, 4, 23, tzinfo=UTC)
    kyiv = find_event_dates("today", published=late, zone=ZoneInfo("Europe/Kyiv"), language="en")
    assert [item.day for item in kyiv] == [date(2025, 3, 5)]


def test_without_a_publication_time_only_dates_with_a_year_count() -> None:
    found = find_event_dates(
        "yesterday and on 3 March, not on the 4th of March 2024", published=None, zone=UTC, language="en"
    )
    assert [item.day for item in found] == [date(2024, 3, 4)]


def test_the_source_tells_the_order_of_day_and_month() -> None:
    assert _days("on 03/04/2025", day_first=True) == ["2025-04-03"]
    assert _days("on 03/04/2025", day_first=False) == ["2025-03-04"]
    assert _days("on 25/12/2024 and 12/25/2023") == ["2024-12-25", "2023-12-25"]


def test_figures_are_read_in_a_language_without_words() -> None:
    assert _days("2025-03-01 12.03.2025 2025/03/02", "und") == ["2025-03-01", "2025-03-12", "2025-03-02"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_twelve_months_and_its_relative_days(language: str) -> None:
    words = date_words(language)
    assert words is not None
    assert set(words.months.values()) == set(range(1, 13))
    assert {-1, 0, 1} - {0} <= {days for days, _ in words.relative.values()}
    assert all(name.startswith(tuple(words.month_beginnings)) for name in words.months)
    assert set(words.weekdays.values()) in ({*range(7)}, set())


@given(st.integers(0, 6), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_weekday_is_at_most_six_days_back_and_in_a_future_clause_six_ahead(weekday: int, today: date) -> None:
    name = (date(2025, 3, 3) + timedelta(weekday)).strftime("%A")
    published = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)

    def day(text: str) -> date:
        return find_event_dates(text, published=published, zone=UTC, language="en")[0].day

    past, ahead = day(f"It fell on {name}."), day(f"It will fall on {name}.")
    assert past.weekday() == ahead.weekday() == weekday
    assert 0 <= (today - past).days <= 6
    assert 0 <= (ahead - today).days <= 6


@given(
    st.text("0123456789-/.:, MarchTuesdayon\u0130年月日tomorrow'\"\n", max_size=120) | st.text(max_size=200),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_no_text_raises_and_every_day_found_stands_in_it(text: str, language: str) -> None:
    for item in _found(text, language):
        assert text[item.position : item.position + len(item.text)] == item.text
        assert 1900 <= item.day.year <= 2200


def test_words_are_had_without_importing_all_of_dateparser() -> None:
    code = (
        "import sys; from themeline.related.core.date_words import date_words; date_words('de');"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
