"""DELETE and restore."""

from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from ingest_client import Push, item, reason, rows, stored, without
from themeline.shared.models import Article, ArticleVersion, OutboxEntry


def test_withdrawing_twice_gives_the_same_answer_and_is_told_once(
    client: TestClient, push: Push, session: Session
) -> None:
    (result,) = push(item())
    path = f"/v1/articles/{result['id']}"

    first, second = client.delete(path), client.delete(path)

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json() == {"id": result["id"], "status": "withdrawn"}
    assert stored(session, result["id"]).withdrawn_at is not None
    assert session.scalars(select(OutboxEntry.version).order_by(OutboxEntry.id)).all() == [1, 2]
    assert session.scalars(select(OutboxEntry.urgency)).all() == [0, 0]


def test_restoring_twice_gives_the_same_answer_and_brings_the_article_back(
    client: TestClient, push: Push, session: Session
) -> None:
    draft = item()
    (result,) = push(draft)
    client.delete(f"/v1/articles/{result['id']}")
    path = f"/v1/articles/{result['id']}/restore"

    first, second = client.post(path), client.post(path)

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json() == {"id": result["id"], "status": "restored"}
    article = stored(session, result["id"])
    assert (article.withdrawn_at, article.version, article.text) == (None, 3, draft["text"])
    assert session.scalars(select(OutboxEntry.version).order_by(OutboxEntry.id)).all() == [1, 2, 3]
    assert push(draft) == [result | {"status": "unchanged"}]


def test_restoring_what_was_never_withdrawn_changes_nothing(client: TestClient, push: Push, session: Session) -> None:
    (result,) = push(item())

    assert client.post(f"/v1/articles/{result['id']}/restore").json()["status"] == "restored"

    assert stored(session, result["id"]).version == rows(session, OutboxEntry) == 1


def test_every_number_before_the_current_one_has_its_version(client: TestClient, push: Push, session: Session) -> None:
    draft = item(text="One.")
    (result,) = push(draft)
    client.delete(f"/v1/articles/{result['id']}")
    client.post(f"/v1/articles/{result['id']}/restore")
    push(draft | {"text": "Two."})

    kept = session.execute(select(ArticleVersion.version, ArticleVersion.text).order_by(ArticleVersion.version))
    assert [tuple(row) for row in kept] == [(1, "One."), (2, "One."), (3, "One.")]
    assert stored(session, result["id"]).version == 4


def test_pushing_a_withdrawn_article_again_is_rejected_with_a_problem_that_says_so(
    client: TestClient, push: Push, session: Session
) -> None:
    draft = item(external_id="7")
    (result,) = push(draft)
    client.delete(f"/v1/articles/{result['id']}")

    same, changed, headline, other = push(draft, draft | {"text": "New."}, without(draft, "text"), item())

    for refused in (same, changed, headline):
        assert reason(refused) == ("withdrawn", None)
        assert refused["id"] == result["id"]
        assert "withdrawn" in refused["problem"]["detail"]
        assert "/restore" in refused["problem"]["detail"]
    assert other["status"] == "created"
    article = stored(session, result["id"])
    assert (article.version, article.text) == (2, draft["text"])


def test_a_withdrawn_article_does_not_come_back_under_another_identifier_or_address(
    client: TestClient, push: Push, session: Session
) -> None:
    draft = item(external_id="7")
    (result,) = push(draft)
    client.delete(f"/v1/articles/{result['id']}")

    refused = push(
        draft | {"external_id": "8"},
        draft | {"external_id": "8", "source": "Evening Post"},
        draft | {"external_id": "8", "url": "https://paper.example/another-slug"},
        without(draft, "url", "external_id", "text"),
        without(draft, "external_id", "text") | {"url": "https://paper.example/list"},
    )

    assert [reason(one) for one in refused] == [("withdrawn", None)] * 5
    assert {one["id"] for one in refused} == {result["id"]}
    assert rows(session, Article) == 1


@pytest.mark.parametrize(
    "name",
    [
        "1",
        "no-id",
        "%00",
        "%F0%9F%A6%86",
        "%ff",
        "{0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11}",
        "0b0f6c0e5b1f4c5e9d0a2f7a6a1c9e11",
        "urn:uuid:0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11",
        "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e1g",
        "x" * 3_000,
        "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11",
    ],
)
def test_what_is_no_id_of_an_article_is_unknown(client: TestClient, name: str) -> None:
    for answer in (client.delete(f"/v1/articles/{name}"), client.post(f"/v1/articles/{name}/restore")):
        assert problem(answer) == (404, "unknown-article")
        assert len(answer.text) < 500


def test_an_id_in_capitals_is_the_same_article(client: TestClient, push: Push) -> None:
    (result,) = push(item())

    answer = client.delete(f"/v1/articles/{result['id'].upper()}")

    assert answer.json() == {"id": result["id"], "status": "withdrawn"}


def test_withdrawals_are_counted_when_they_change_something(client: TestClient, push: Push) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("themeline_article_withdrawals_total", {"action": "withdrawn"}) or 0

    (result,) = push(item())
    before = counted()
    client.delete(f"/v1/articles/{result['id']}")
    client.delete(f"/v1/articles/{result['id']}")
    client.delete(f"/v1/articles/{uuid4()}")

    assert counted() == before + 1
