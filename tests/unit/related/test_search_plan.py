"""Which way of finding near vectors is the cheaper one."""

from datetime import UTC, date, datetime, timedelta

from themeline.related.core.search_plan import reading_is_cheaper, window_sizes

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


def test_a_window_is_counted_by_whole_days_on_both_sides() -> None:
    per_day = {date(2026, 3, day): 10 for day in range(1, 31)}
    assert window_sizes(per_day, [NOON], timedelta(days=2)) == [50]


def test_a_window_with_no_more_than_is_wanted_is_read() -> None:
    assert reading_is_cheaper(200, stored=1_000_000, wanted=201)


def test_a_small_share_of_a_large_collection_is_read_not_walked() -> None:
    assert reading_is_cheaper(1_243, stored=19_043, wanted=201)


def test_a_large_share_of_a_large_collection_is_walked() -> None:
    assert not reading_is_cheaper(10_536, stored=19_043, wanted=201)


def test_the_way_changes_once_as_the_window_grows() -> None:
    ways = [reading_is_cheaper(window, stored=100_000, wanted=201) for window in range(100, 100_000, 100)]
    assert ways == sorted(ways, reverse=True)
    assert len(set(ways)) == 2
