"""Feeds over HTTP: changed, paused, removed, asked for now."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from feed_client import SOON, URL, add, at, row, write
from ingest_client import Push, item, rows
from themeline.shared.models import Article, Feed, FeedEntry


def test_a_fixed_interval_holds_from_the_next_poll_and_can_be_given_up(client: TestClient, session: Session) -> None:
    feed = add(client)
    write(session, feed, next_poll_at=datetime.now(UTC) + timedelta(hours=6))
    path = f"/v1/feeds/{feed['id']}"

    fixed = client.patch(path, json={"interval_seconds": 300}).json()
    free = client.patch(path, json={"interval_seconds": None}).json()

    assert (fixed["fixed_interval_seconds"], fixed["interval_seconds"]) == (300, 300)
    assert at(fixed["next_poll_at"]) - datetime.now(UTC) <= timedelta(seconds=300)
    assert free == fixed | {"fixed_interval_seconds": None}


def test_pausing_keeps_everything_and_resuming_polls_at_once(client: TestClient, session: Session) -> None:
    feed = add(client)
    write(session, feed, polls=4, failures=2, etag='"7"', next_poll_at=datetime.now(UTC) + timedelta(hours=6))
    path = f"/v1/feeds/{feed['id']}"

    paused = client.patch(path, json={"state": "paused"}).json()
    resumed = client.patch(path, json={"state": "active"}).json()

    assert (paused["state"], paused["health"], paused["next_poll_at"]) == ("paused", "paused", None)
    assert (resumed["state"], resumed["polls"]) == ("active", 4)
    assert at(resumed["next_poll_at"]) - datetime.now(UTC) < SOON
    assert row(session, feed).etag == '"7"'


def test_another_address_is_polled_at_once_and_knows_nothing_of_the_old_one(
    client: TestClient, session: Session
) -> None:
    feed = add(client)
    write(
        session, feed, etag='"7"', last_modified="yesterday", body_digest=b"7", lease=uuid4(),
        lease_until=datetime.now(UTC) + SOON, hub_state="active", hub_url="https://hub.example/", hub_token=uuid4(),
        next_poll_at=datetime.now(UTC) + timedelta(hours=6),
    )  # fmt: skip

    answer = client.patch(f"/v1/feeds/{feed['id']}", json={"url": "https://courier.example/new.xml"})

    changed = row(session, feed)
    assert (answer.status_code, changed.url, changed.added_as) == (200, "https://courier.example/new.xml", URL)
    assert (changed.etag, changed.last_modified, changed.body_digest, changed.lease) == (None, None, None, None)
    assert (changed.hub_state, changed.hub_url, changed.hub_token) == ("none", None, None)
    assert changed.next_poll_at - datetime.now(UTC) < SOON


def test_two_feeds_never_have_one_address(client: TestClient) -> None:
    add(client)
    other = add(client, "https://courier.example/other.xml")

    answer = client.patch(f"/v1/feeds/{other['id']}", json={"url": URL, "state": "paused"})

    assert problem(answer) == (409, "feed-exists")
    assert client.get(f"/v1/feeds/{other['id']}").json() == other


def test_source_and_title_change_and_absent_fields_stay(client: TestClient, session: Session) -> None:
    feed = add(client, title="Old", interval_seconds=300)
    write(session, feed, etag='"7"')
    path = f"/v1/feeds/{feed['id']}"

    changed = client.patch(path, json={"source": "Coast Weekly", "title": None})

    assert changed.json() == feed | {"source": {"key": "coast-weekly", "name": "Coast Weekly"}, "title": None}
    assert client.patch(path, json={}).json() == changed.json()
    assert row(session, feed).etag is None, "the feed is to be read again for its own title"


@pytest.mark.parametrize(
    "form",
    [{"state": "retired"}, {"state": None}, {"url": None}, {"source": None}, {"interval_seconds": 1}, {"id": "x"}],
)
def test_a_change_that_cannot_be_is_a_problem(client: TestClient, form: dict[str, Any]) -> None:
    feed = add(client)

    answer = client.patch(f"/v1/feeds/{feed['id']}", json=form)

    assert problem(answer) == (400, "invalid-body")
    assert answer.json()["field"] in form
    assert client.get(f"/v1/feeds/{feed['id']}").json() == feed


@pytest.mark.parametrize("by", ["adding", "changing"])
def test_a_retired_feed_is_read_again_when_a_person_says_so(client: TestClient, session: Session, by: str) -> None:
    feed = add(client, "https://courier.example/")
    write(session, feed, state="retired", reason="410 Gone", url=URL, failures=1, polls=5)
    retired = client.get(f"/v1/feeds/{feed['id']}").json()
    assert (retired["health"], retired["reason"], retired["next_poll_at"]) == ("retired", "410 Gone", None)

    if by == "adding":
        revived = add(client, "https://courier.example/")
        assert revived["url"] == "https://courier.example/", "the site is to be looked at again"
    else:
        revived = client.patch(f"/v1/feeds/{feed['id']}", json={"state": "active"}).json()
        assert revived["url"] == URL

    assert (revived["id"], revived["health"], revived["reason"]) == (feed["id"], "healthy", None)
    assert at(revived["next_poll_at"]) - datetime.now(UTC) < SOON


def test_a_removed_feed_is_gone_and_its_articles_stay(client: TestClient, session: Session, push: Push) -> None:
    feed = add(client)
    (result,) = push(item())
    id_ = row(session, feed).id
    session.execute(update(Article).values(feed_id=id_))
    session.add(FeedEntry(feed_id=id_, entry=b"1", content_hash=b"2"))
    session.commit()
    path = f"/v1/feeds/{feed['id']}"

    first, second = client.delete(path), client.delete(path)

    assert (first.status_code, first.content) == (204, b"")
    assert problem(second) == problem(client.get(path)) == (404, "unknown-feed")
    assert (rows(session, Feed), rows(session, FeedEntry)) == (0, 0)
    assert session.execute(select(Article.public_id, Article.feed_id)).all() == [(UUID(result["id"]), None)]


def test_asking_for_a_poll_makes_a_feed_due_and_only_an_active_one(client: TestClient, session: Session) -> None:
    feed = add(client)
    write(session, feed, next_poll_at=datetime.now(UTC) + timedelta(hours=6))
    path = f"/v1/feeds/{feed['id']}"

    answer = client.post(f"{path}/poll")

    assert answer.status_code == 202
    assert at(answer.json()["next_poll_at"]) - datetime.now(UTC) < SOON
    client.patch(path, json={"state": "paused"})
    assert problem(client.post(f"{path}/poll")) == (409, "feed-not-active")
