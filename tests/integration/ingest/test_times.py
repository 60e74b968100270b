"""Publication times as pushed: any format, none, and those still to come."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from ingest_client import TIME, Push, item, statuses, stored, without
from themeline.shared.models import Source


def ahead(**delta: float) -> str:
    return (datetime.now(UTC) + timedelta(**delta)).isoformat()


@pytest.mark.parametrize(
    ("published", "raw"),
    [
        (TIME, TIME),
        ("2025-07-12T09:12:51Z", "2025-07-12T09:12:51Z"),
        ("Sat Jul 12 2025 12:12:51 GMT+0300 (EEST)", "Sat Jul 12 2025 12:12:51 GMT+0300 (EEST)"),
        (1752311571, "1752311571"),
        ("the day before yesterday", "the day before yesterday"),
        ("99/99/9999", "99/99/9999"),
        ("Sat\x00 12 \ud800", "Sat\ufffd 12 \ufffd"),
        ([1, {"a": None}], '[1, {"a": null}]'),
        (True, "true"),
        (-1, "-1"),
        (1e300, "1e+300"),
        ("9" * 10_000, "9" * 500),
        ("", None),
        (None, None),
    ],
)
def test_no_date_is_a_reason_to_reject_and_what_was_written_is_kept(
    push: Push, session: Session, published: object, raw: str | None
) -> None:
    (result,) = push(item(published=published, updated=published))

    assert result["status"] == "created"
    article = stored(session, result["id"])
    assert article.published_raw == article.updated_raw == raw
    assert article.embargo_until is None


def test_a_date_more_than_an_hour_ahead_is_an_embargo(push: Push, session: Session) -> None:
    results = push(item(published=ahead(hours=2)), item(published=ahead(minutes=55)), item())

    assert statuses(results) == ["created"] * 3
    embargoes = [stored(session, result["id"]).embargo_until for result in results]
    assert embargoes[1:] == [None, None]
    assert embargoes[0] is not None
    assert timedelta(hours=1, minutes=59) < embargoes[0] - datetime.now(UTC) <= timedelta(hours=2)


def test_a_new_version_with_an_earlier_date_lifts_the_embargo(push: Push, session: Session) -> None:
    draft = item(published=ahead(days=1))
    (first,) = push(draft)
    assert stored(session, first["id"]).embargo_until is not None

    (result,) = push(draft | {"published": ahead(hours=-1)})

    assert result["status"] == "updated"
    assert stored(session, first["id"]).embargo_until is None


def test_a_time_without_zone_is_read_in_the_zone_of_its_source(push: Push, session: Session) -> None:
    push(item(source="Kiwi Post"))
    session.execute(update(Source).values(default_zone="Pacific/Auckland"))
    session.commit()
    draft = without(item(source="Kiwi Post", title="Tide", published="2025-07-12 21:12:51"), "url")

    (first,) = push(draft)
    (second,) = push(draft | {"published": "2025-07-12T09:12:51Z", "text": "More."})

    assert (second["id"], second["status"]) == (first["id"], "updated")


def test_a_source_with_a_zone_that_does_not_exist_is_read_in_utc(push: Push, session: Session) -> None:
    push(item(source="Nowhere"))
    session.execute(update(Source).values(default_zone="Not/AZone"))
    session.commit()

    assert statuses(push(item(source="Nowhere", published="2025-07-12 21:12:51"))) == ["created"]
