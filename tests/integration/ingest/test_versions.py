"""Why there is a version, and which request made it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from factories import make_quarantine
from ingest_client import Push, item, rows, stored, without
from themeline.ingest.accept import accept
from themeline.ingest.core.ways import Way
from themeline.shared.db import Sessions
from themeline.shared.models import ArticleVersion, OutboxEntry

FROM_A_FEED = Way("feed", "feed")


def causes(session: Session, id: str) -> list[str]:  # noqa: A002
    """The cause of each version of an article, from the first to the current one."""
    article = stored(session, id)
    kept = select(ArticleVersion.cause).where(ArticleVersion.article_id == article.id).order_by(ArticleVersion.version)
    return [*session.scalars(kept), article.cause]


def test_each_version_says_why_there_is_one(client: TestClient, push: Push, session: Session) -> None:
    full = item()
    (result,) = push(without(full, "text"))
    push(full)
    push(full | {"text": "Corrected."})
    client.delete(f"/v1/articles/{result['id']}")
    client.post(f"/v1/articles/{result['id']}/restore")

    assert causes(session, result["id"]) == ["published", "completed", "changed", "withdrawn", "restored"]


def test_the_text_of_a_page_completes_the_teaser_of_a_feed(sessions: Sessions, session: Session) -> None:
    entry = without(item(external_id="guid"), "text")
    (first,) = accept(sessions, [entry | {"text": "It began.", "teaser": True}], FROM_A_FEED, correlation_id="poll")
    (second,) = accept(sessions, [entry | {"text": "It began. It ended."}], Way("feed", "page"), correlation_id="page")
    (third,) = accept(sessions, [entry | {"text": "It began!", "teaser": True}], FROM_A_FEED, correlation_id="poll")

    assert [first.status, second.status, third.status] == ["created", "updated", "unchanged"]
    assert first.id is not None
    assert causes(session, first.id) == ["published", "completed"]
    assert stored(session, first.id).text == "It began. It ended."


def test_a_teaser_that_is_pushed_replaces_no_body(push: Push, session: Session) -> None:
    full = item()
    (result,) = push(full)

    assert push(full | {"text": "It began.", "teaser": True})[0]["status"] == "unchanged"
    assert stored(session, result["id"]).text == full["text"]


def test_an_article_keeps_the_request_that_made_its_version(
    client: TestClient, sessions: Sessions, session: Session
) -> None:
    fields = item()
    (created,) = accept(sessions, [fields], FROM_A_FEED, correlation_id="first")
    accept(sessions, [fields], FROM_A_FEED, correlation_id="nothing new")
    assert created.id is not None
    assert stored(session, created.id).correlation_id == "first"

    accept(sessions, [fields | {"text": "New."}], FROM_A_FEED, correlation_id="second")
    assert stored(session, created.id).correlation_id == "second"

    client.delete(f"/v1/articles/{created.id}", headers={"X-Request-ID": "third"})
    assert stored(session, created.id).correlation_id == "third"


def test_a_quarantined_article_that_is_retried_has_a_new_version_on_its_way(
    client: TestClient, push: Push, session: Session
) -> None:
    draft = item()
    (result,) = push(draft)
    make_quarantine(session, stored(session, result["id"]))
    session.commit()

    answer = client.post(f"/v1/articles/{result['id']}/retry")

    assert (answer.status_code, answer.json()) == (200, {"id": result["id"], "status": "retried"})
    assert causes(session, result["id"]) == ["published", "retried"]
    assert session.scalars(select(OutboxEntry.version).order_by(OutboxEntry.id)).all() == [1, 2]
    assert push(draft) == [result | {"status": "unchanged"}]
    assert problem(client.post(f"/v1/articles/{result['id']}/retry")) == (409, "not-quarantined")


@pytest.mark.parametrize("state", ["pending", "withdrawn", "quarantined in an earlier version"])
def test_what_is_not_in_quarantine_cannot_be_retried(
    client: TestClient, push: Push, session: Session, state: str
) -> None:
    draft = item()
    (result,) = push(draft)
    if state != "pending":
        make_quarantine(session, stored(session, result["id"]))
        session.commit()
    if state == "withdrawn":
        client.delete(f"/v1/articles/{result['id']}")
    if state == "quarantined in an earlier version":
        push(draft | {"text": "Corrected."})
    sent = rows(session, OutboxEntry)

    assert problem(client.post(f"/v1/articles/{result['id']}/retry")) == (409, "not-quarantined")
    assert rows(session, OutboxEntry) == sent


@pytest.mark.parametrize("name", ["1", "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11"])
def test_nobody_can_be_retried(client: TestClient, name: str) -> None:
    assert problem(client.post(f"/v1/articles/{name}/retry")) == (404, "unknown-article")
