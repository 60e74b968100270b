"""What is put on the queues, and when again; what is forgotten."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from themeline.ingest.store.leases import FEEDS, PAGES
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.models import Feed, Page, Source

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def many(session: Session) -> None:
    """Feeds and pages that are due, the first for longest."""
    source = Source(key="example-news", name="Example News")
    session.add(source)
    session.flush()
    for number in range(12):
        url, due = f"https://news.example/{number}", LONG_AGO + timedelta(seconds=number)
        digest = blake2b(url.encode(), digest_size=16).digest()
        session.add(Feed(source_id=source.id, url=url, added_as=url, next_poll_at=due))
        session.add(Page(source_id=source.id, url=url, url_digest=digest, entry={}, next_try_at=due))
    session.commit()


def due(sessions: Sessions, kind: str, now: datetime = NOW, *, limit: int = 4, ahead: int = 8) -> list[int]:
    table = {"feeds": FEEDS, "pages": PAGES}[kind]
    with unit_of_work(sessions) as session:
        return sorted(table.take_due(session, now=now, queued_for=FIVE_MINUTES, limit=limit, ahead=ahead))


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("kind", ["feeds", "pages"])
def test_who_waits_longest_is_queued_first_and_nobody_twice(sessions: Sessions, kind: str) -> None:
    taken = [due(sessions, kind, ahead=100) for _ in range(4)]
    assert taken == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], []]
    # a message that nobody took is taken for lost
    assert due(sessions, kind, NOW + 2 * FIVE_MINUTES) == [1, 2, 3, 4]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("kind", ["feeds", "pages"])
def test_no_more_are_queued_than_are_soon_read(sessions: Sessions, kind: str) -> None:
    assert [due(sessions, kind) for _ in range(3)] == [[1, 2, 3, 4], [5, 6, 7, 8], []]
    later = {"feeds": {"next_poll_at": NOW + FIVE_MINUTES}, "pages": {"next_try_at": NOW + FIVE_MINUTES}}[kind]
    table = {"feeds": FEEDS, "pages": PAGES}[kind]
    with unit_of_work(sessions) as session:
        lease = uuid4()
        assert table.claim(session, 3, lease, now=NOW, until=NOW + FIVE_MINUTES)
        assert table.release(session, 3, lease, later)
    assert due(sessions, kind) == [9]
