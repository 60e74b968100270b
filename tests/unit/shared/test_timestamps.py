"""Publication times: a table of awkward strings by family, and properties over whole families."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from themeline.shared.core.timestamps import Precision, PublicationTime, http_date, parse_timestamp

TABLE = Path(__file__).parents[2] / "data" / "timestamps.tsv"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)

instants = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES).map(ZoneInfo)


def rows() -> list[list[str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}: {row[1]}")
def test_awkward_timestamps_are_read_as_their_authors_meant(row: list[str]) -> None:
    _, written, instant, *rest = row
    zone = ZoneInfo(rest[2] if len(rest) > 2 else "UTC")
    expected = None
    if instant != "-":
        at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
        expected = PublicationTime(at, Precision(rest[0]), zone_assumed=rest[1] == "yes")
    assert parse_timestamp(written, zone) == expected


def test_the_table_has_every_family_and_enough_strings() -> None:
    families = {row[0] for row in rows()}
    assert {"rfc1123", "rfc850", "iso", "day", "javascript", "epoch", "program", "refused"} <= families
    assert len(rows()) >= 120


def javascript_offset(at: datetime) -> str:
    offset = at.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


@given(instants, zones, st.text(st.characters(exclude_characters="()", exclude_categories=["Cs"]), max_size=40))
def test_every_javascript_date_string_is_read_in_any_zone(at: datetime, zone: ZoneInfo, name: str) -> None:
    local = at.replace(microsecond=0).astimezone(zone)
    offset = local.utcoffset() or timedelta()
    assume(offset.total_seconds() % 60 == 0)
    written = (
        f"{DAYS[local.weekday()]} {MONTHS[local.month - 1]} {local.day:02} {local.year:04} "
        f"{local:%H:%M:%S} GMT{javascript_offset(local)} ({name})"
    )
    assert parse_timestamp(written) == PublicationTime(at.replace(microsecond=0), Precision.SECOND, zone_assumed=False)


@given(instants)
def test_what_http_date_writes_is_read_back_to_the_second(at: datetime) -> None:
    read = parse_timestamp(http_date(at))
    assert read == PublicationTime(at.replace(microsecond=0), Precision.SECOND, zone_assumed=False)


@given(instants, st.integers(-12 * 60, 14 * 60), st.sampled_from(["T", " ", "t"]))
def test_every_iso_time_is_read_at_any_offset(at: datetime, minutes: int, separator: str) -> None:
    local = at.astimezone(timezone(timedelta(minutes=minutes)))
    for written in (local.isoformat(separator), local.isoformat(separator).replace(".", ",")):
        assert parse_timestamp(written) == PublicationTime(at, Precision.SECOND, zone_assumed=False)


@given(instants, st.integers(-12 * 60, 14 * 60))
def test_every_rfc_5322_time_is_read_at_any_offset(at: datetime, minutes: int) -> None:
    local = at.replace(microsecond=0).astimezone(timezone(timedelta(minutes=minutes)))
    read = parse_timestamp(format_datetime(local))
    assert read == PublicationTime(at.replace(microsecond=0), Precision.SECOND, zone_assumed=False)


@given(instants.filter(lambda at: at.year > 2001), st.sampled_from([0, 3, 6, 9]))
def test_epochs_are_told_apart_by_their_digits(at: datetime, power: int) -> None:
    at = at.replace(microsecond=0)
    read = parse_timestamp(str(int(at.timestamp()) * 10**power))
    assert read == PublicationTime(at, Precision.SECOND, zone_assumed=False)


@given(instants, zones)
def test_a_time_without_zone_is_read_in_the_default_zone_and_says_so(at: datetime, zone: ZoneInfo) -> None:
    local = at.replace(microsecond=0).astimezone(zone)
    assume(local.replace(fold=0).astimezone(UTC) == at.replace(microsecond=0))  # the later half of a fold
    read = parse_timestamp(f"{local:%Y-%m-%d %H:%M:%S}", zone)
    assert read == PublicationTime(at.replace(microsecond=0), Precision.SECOND, zone_assumed=True)


@given(st.text(max_size=250), st.sampled_from([None, True, False]))
@example("9" * 200, None)
@example("(" * 200, None)
@example("1e99", None)
@example("2025-07-12 12:00 ../../etc/passwd", None)
@example("\ud800 2025-07-12", None)
def test_no_text_at_all_raises(text: str, day_first: bool | None) -> None:  # noqa: FBT001
    read = parse_timestamp(text, day_first=day_first)
    assert read is None or 1900 <= read.at.year <= 2200


@given(st.text("0123456789TZW:+-./,() []JanFebMarGMTESTEurope/Kyivampm年月日", max_size=45))
def test_no_text_of_date_like_characters_raises(text: str) -> None:
    read = parse_timestamp(text, ZoneInfo("Europe/Kyiv"))
    assert read is None or read.at.tzinfo is UTC


def test_day_first_decides_dates_that_can_be_read_both_ways() -> None:
    day_first = parse_timestamp("07/12/2025", day_first=True)
    month_first = parse_timestamp("07/12/2025", day_first=False)
    assert day_first is not None
    assert month_first is not None
    assert (day_first.at.month, month_first.at.month) == (12, 7)


def test_text_longer_than_any_timestamp_is_not_searched() -> None:
    assert parse_timestamp("2025-07-12" + " " * 300) is None


def test_http_date_drops_fractions_and_converts_to_gmt() -> None:
    at = datetime(2025, 7, 12, 12, 12, 51, 999_999, tzinfo=timezone(timedelta(hours=3)))
    assert http_date(at) == "Sat, 12 Jul 2025 09:12:51 GMT"
