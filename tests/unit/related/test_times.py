"""An article's time: what the source wrote, and how sure it is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.related.core.times import CLAMPED, EPOCH, PROSE, UNREADABLE, ArticleTime, article_time, zone_named

ARRIVAL = datetime(2025, 7, 14, 8, tzinfo=UTC)


def _time(raw: str | None, *, zone: str = "UTC", origin: str = "push", language: str | None = None) -> ArticleTime:
    return article_time(raw, zone=zone_named(zone), origin=origin, ingested_at=ARRIVAL, language=language)


def test_a_full_timestamp_is_read_with_its_own_zone() -> None:
    found = _time("Sat Jul 12 2025 17:58:46 GMT+0300 (Eastern European Summer Time)", zone="America/New_York")
    assert found.published_at == datetime(2025, 7, 12, 14, 58, 46, tzinfo=UTC)
    assert (found.precision, found.zone_assumed, found.evidence) == ("second", False, "push.published")
    assert found.sort_at == found.published_at


def test_a_time_without_zone_is_read_in_the_zone_of_its_source() -> None:
    found = _time("2025-07-12 10:00:00", zone="Europe/Vienna")
    assert found.published_at == datetime(2025, 7, 12, 8, tzinfo=UTC)
    assert found.zone_assumed


@pytest.mark.parametrize("zone", ["Nowhere/Land", "", "../../etc/passwd"])
def test_an_unknown_zone_counts_as_utc(zone: str) -> None:
    assert _time("2025-07-12 10:00:00", zone=zone).published_at == datetime(2025, 7, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(("day_first", "month"), [(True, 5), (False, 3), (None, None)])
def test_the_source_tells_the_order_of_day_and_month(day_first: bool | None, month: int | None) -> None:  # noqa: FBT001
    found = article_time(
        "03/05/2025 10:00", zone=ZoneInfo("UTC"), origin="push", ingested_at=ARRIVAL, day_first=day_first
    )
    assert (found.published_at and found.published_at.month) == month


def test_a_time_in_words_is_read_in_the_articles_language_and_flagged() -> None:
    found = _time("Thứ bảy, 12 tháng 7, 2025, 09:12", language="vi-VN", zone="Asia/Saigon")
    assert found.published_at == datetime(2025, 7, 12, 2, 12, tzinfo=UTC)
    assert (found.flags, found.precision, found.zone_assumed) == ((PROSE,), "minute", True)
    assert _time("12 tháng 7 2025").flags == (UNREADABLE,)


@pytest.mark.parametrize("origin", ["push", "feed"])
def test_a_future_time_in_words_is_no_embargo_but_a_mistake(origin: str) -> None:
    ahead = _time("Đăng ngày 12 tháng 8, 2025", language="vi", origin=origin)
    assert (ahead.published_at, ahead.flags) == (ARRIVAL, (PROSE, CLAMPED))


def test_an_article_without_a_date_sorts_by_its_arrival() -> None:
    found = _time(None)
    assert (found.published_at, found.precision, found.evidence, found.flags) == (None, None, None, ())
    assert found.sort_at == ARRIVAL


def test_a_date_that_cannot_be_read_is_flagged() -> None:
    found = _time("the day before yesterday, I think")
    assert (found.published_at, found.flags, found.sort_at) == (None, (UNREADABLE,), ARRIVAL)


def test_a_pushed_future_date_stays() -> None:
    later = ARRIVAL + timedelta(days=2)
    found = _time(later.isoformat())
    assert (found.published_at, found.flags) == (later, ())


def test_a_feeds_future_date_is_clamped_to_its_arrival_and_flagged() -> None:
    found = _time((ARRIVAL + timedelta(hours=2)).isoformat(), origin="feed")
    assert (found.published_at, found.sort_at, found.flags) == (ARRIVAL, ARRIVAL, (CLAMPED,))
    assert found.evidence == "feed.published"


def test_a_feeds_clock_may_run_ahead_a_little() -> None:
    soon = ARRIVAL + timedelta(minutes=59)
    found = _time(soon.isoformat(), origin="feed")
    assert (found.published_at, found.flags) == (soon, ())


@pytest.mark.parametrize(
    "raw", ["Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z", "1970-01-01T02:00:00+02:00", "1970-01-01"]
)
def test_the_epoch_is_no_date_of_a_feeds_entry_and_one_of_an_archives(raw: str) -> None:
    found = _time(raw, origin="feed")
    assert (found.published_at, found.precision, found.flags, found.sort_at) == (None, None, (UNREADABLE,), ARRIVAL)
    assert _time(raw).published_at == EPOCH
    assert _time("Thu, 01 Jan 1970 00:00:01 GMT", origin="feed").published_at == EPOCH + timedelta(seconds=1)


@given(st.text(max_size=60), st.sampled_from(["push", "feed"]))
def test_whatever_a_source_writes_there_is_a_time_to_sort_by(raw: str, origin: str) -> None:
    found = _time(raw, origin=origin)
    assert found.sort_at.tzinfo is not None
    assert found.sort_at == (found.published_at or ARRIVAL)
