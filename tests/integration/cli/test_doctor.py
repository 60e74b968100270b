"""What the doctor finds in a database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from factories import make_source
from themeline.cli.check_database import check_database
from themeline.cli.findings import Finding
from themeline.shared.models import Feed


def found_of_feeds(database_url: str) -> Finding:
    (found,) = (finding for finding in check_database(database_url) if finding.subject == "feeds")
    return found


def lay_down(session: Session, number: int, *, failing: int = 0, due: timedelta = timedelta(hours=1)) -> None:
    source, at = make_source(session), datetime.now(UTC) + due
    for place in range(number):
        url = f"https://courier.example/{place}.xml"
        failures = 1 if place < failing else 0
        session.add(Feed(source_id=source.id, url=url, added_as=url, next_poll_at=at, failures=failures, polls=1))
    session.commit()


def test_feeds_that_are_read_in_time_are_well_though_some_fail(database_url: str, session: Session) -> None:
    assert found_of_feeds(database_url) == Finding("feeds", "0 are read, 0 fail, the longest overdue for 0 s")

    lay_down(session, 6, failing=4)

    assert found_of_feeds(database_url) == Finding("feeds", "6 are read, 4 fail, the longest overdue for 0 s")


@pytest.mark.parametrize(
    ("failing", "due", "words"),
    [(5, timedelta(hours=1), "feeds list --failing"), (0, timedelta(hours=-1), "is the fetcher running")],
)
def test_feeds_that_nobody_reads_or_that_fail_together_are_a_fault(
    database_url: str, session: Session, failing: int, due: timedelta, words: str
) -> None:
    lay_down(session, 6, failing=failing, due=due)

    assert words in found_of_feeds(database_url).remedy
