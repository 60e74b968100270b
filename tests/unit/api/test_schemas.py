from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.api.schemas import Time, http_date, rfc3339

# Mail dates read years of fewer than four digits as recent; zones could leave the last year.
instants = st.datetimes(
    min_value=datetime(1000, 1, 1),  # noqa: DTZ001  the zone is drawn beside it
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001  as above
    timezones=st.builds(timezone, st.timedeltas(-timedelta(hours=23), timedelta(hours=23))),
)


@pytest.mark.parametrize(
    ("microsecond", "written"),
    [
        (0, "2025-07-12T09:12:51Z"),
        (250_000, "2025-07-12T09:12:51.250Z"),
        (7, "2025-07-12T09:12:51.000007Z"),
    ],
)
def test_an_instant_has_a_fraction_only_where_there_is_one(microsecond: int, written: str) -> None:
    assert rfc3339(datetime(2025, 7, 12, 9, 12, 51, microsecond, tzinfo=UTC)) == written


@given(instants)
def test_both_forms_name_the_same_instant(at: datetime) -> None:
    assert datetime.fromisoformat(rfc3339(at)) == at
    assert parsedate_to_datetime(http_date(at)) == at.astimezone(UTC).replace(microsecond=0)


def test_the_http_form_is_in_english_and_gmt() -> None:
    helsinki = timezone(timedelta(hours=3))

    assert http_date(datetime(2025, 7, 12, 12, 12, 51, tzinfo=helsinki)) == "Sat, 12 Jul 2025 09:12:51 GMT"


def test_no_time_stays_none() -> None:
    assert Time.of(None) is None
