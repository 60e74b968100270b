"""What was not accepted is kept, so that it can be asked after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from ingest_client import Push, item, rows, statuses, without
from themeline.ingest.core.drafts import Rejection
from themeline.ingest.core.rejections import gathered, rejected_item
from themeline.ingest.core.ways import PUSH
from themeline.ingest.store import rejected_items
from themeline.shared.core.urls import url_digest
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.models import Article, RejectedItem

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def row(number: int, at: datetime) -> dict[str, Any]:
    return {
        "digest": number.to_bytes(4),
        "way": "push",
        "type": "missing-field",
        "detail": str(number),
        "last_at": at,
    }


def kept(session: Session) -> list[RejectedItem]:
    session.rollback()
    return list(session.scalars(select(RejectedItem).order_by(RejectedItem.type, RejectedItem.url)))


def test_a_rejected_item_is_kept_with_what_it_said_it_was_and_why_it_was_rejected(push: Push, session: Session) -> None:
    push(item(url="https://WWW.paper.example/a/?utm_source=x", external_id="7", title=" \t"))

    (row,) = kept(session)
    assert (row.way, row.type, row.field) == ("push", "missing-field", "title")
    assert "no readable text" in row.detail
    assert (row.url, row.external_id, row.source, row.title) == (
        "https://www.paper.example/a/", "7", "daily-courier", None,
    )  # fmt: skip
    assert row.url_digest == url_digest("https://paper.example/a")
    assert row.times == 1
    assert row.first_at == row.last_at


def test_an_item_without_a_source_is_one_of_its_host(push: Push, session: Session) -> None:
    push(without(item(url="https://www.paper.example/a", title=""), "source"))
    assert [row.source for row in kept(session)] == ["paper-example"]


def test_the_same_mistake_again_is_counted_and_told_as_it_was_last(push: Push, session: Session) -> None:
    address = "https://paper.example/a"
    push(item(url=address, title=""), item(url=address, title=""))
    push(item(url=address, title="x" * 2_000))
    push(item(url=address, title="x" * 3_000))

    too_large, missing = sorted(kept(session), key=lambda row: row.type, reverse=True)
    assert (missing.type, missing.times) == ("missing-field", 2)
    assert (too_large.type, too_large.times) == ("too-large", 2)
    assert "3,000" in too_large.detail
    assert too_large.first_at < too_large.last_at


def test_a_withdrawn_article_that_is_sent_again_leaves_a_trace(
    client: TestClient, push: Push, session: Session
) -> None:
    draft = item()
    (result,) = push(draft)
    client.delete(f"/v1/articles/{result['id']}")
    push(draft, item())

    (row,) = kept(session)
    assert (row.type, row.url) == ("withdrawn", draft["url"])


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        7,
        "text",
        [[]],
        {},
        {"title": 7, "url": 7, "source": [], "external_id": {}},
        {"title": "\ud800\x00", "url": "http://\ud800", "source": "\x00", "external_id": "\x00\n\ud800"},
        {"title": "x" * 5_000_00, "url": "y" * 500_000, "source": "z" * 500_000, "external_id": "i" * 500_000},
    ],
    ids=["null", "number", "text", "list", "empty", "wrong types", "unstorable", "long"],
)
def test_whatever_is_rejected_can_be_kept(push: Push, session: Session, garbage: Any) -> None:
    assert statuses(push(garbage, item())) == ["rejected", "created"]
    (row,) = kept(session)
    assert all(len(value) <= 2_000 for value in (row.url, row.external_id, row.source, row.title, row.detail) if value)


def test_lines_that_are_no_json_are_one_row(client: TestClient, session: Session) -> None:
    body = b'{"title": "one"}\n{oops\n]\n'
    answer = client.post("/v1/articles", content=body, headers={"Content-Type": "application/x-ndjson"})

    assert answer.json()["rejected"] == 2
    (row,) = kept(session)
    assert (row.type, row.times) == ("invalid-json", 2)


def test_what_is_accepted_leaves_nothing_here(push: Push, session: Session) -> None:
    draft = item()
    push(draft, draft, without(draft, "text"))
    assert kept(session) == []


def test_accepted_neighbours_are_stored_even_when_rejected_ones_cannot_be_kept(push: Push, session: Session) -> None:
    session.execute(text("alter table rejected_items rename to elsewhere"))
    session.commit()
    try:
        assert statuses(push(item(), item(title=""))) == ["created", "rejected"]
    finally:
        session.execute(text("alter table elsewhere rename to rejected_items"))
        session.commit()
    assert rows(session, Article) == 1


def test_what_is_old_and_what_is_too_much_is_forgotten_oldest_first(sessions: Sessions, session: Session) -> None:
    now = session.scalar(select(func.now())) or LONG_AGO
    made = [now, now - timedelta(days=29), LONG_AGO]
    session.execute(insert(RejectedItem), [row(number, at) for number, at in enumerate(made)])
    session.commit()

    with unit_of_work(sessions) as work:
        rejected_items.prune(work)
    assert sorted(one.detail for one in kept(session)) == ["0", "1"]

    more = (row(number, now - timedelta(seconds=number)) for number in range(3, rejected_items.MOST_KEPT + 3))
    session.execute(insert(RejectedItem), list(more))
    session.commit()
    with unit_of_work(sessions) as work:
        rejected_items.prune(work)

    assert rows(session, RejectedItem) == rejected_items.MOST_KEPT
    assert "1" not in {one.detail for one in kept(session)}


def test_garbage_without_end_is_tidied_up_on_the_way(sessions: Sessions, session: Session) -> None:
    session.execute(insert(RejectedItem), [row(0, LONG_AGO)])
    session.commit()
    why = Rejection("missing-field", "A field is missing", "`title` is required.", "title")
    garbage = gathered(rejected_item({"url": f"https://paper.example/{n}"}, why, PUSH) for n in range(20_000))

    with unit_of_work(sessions) as work:
        rejected_items.record(work, garbage)

    assert rows(session, RejectedItem) == 20_000
    assert "0" not in {one.detail for one in kept(session)}
