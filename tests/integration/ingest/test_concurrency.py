"""Many requests at once, on the same and on overlapping articles."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from ingest_client import item, rows, stored, waiting
from support import wait_for
from themeline.ingest.settings import IngestSettings
from themeline.shared.models import Article, ArticleKey, ArticleVersion, OutboxEntry, Source

THREADS = 8


@pytest.fixture
def settings(database_url: str) -> IngestSettings:
    return IngestSettings(database_url=database_url, max_body_bytes=1024 * 1024)


def post_all(client: TestClient, bodies: list[Any]) -> list[Response]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda body: client.post("/v1/articles", json=body), bodies))


def test_eight_clients_that_push_the_same_article_at_once_store_one(client: TestClient, session: Session) -> None:
    answers = post_all(client, [item(url="https://paper.example/same", title="Same", text="Same.")] * 32)

    assert {answer.status_code for answer in answers} == {202}
    results = [answer.json()["results"][0] for answer in answers]
    assert Counter(result["status"] for result in results) == {"created": 1, "unchanged": 31}
    assert len({result["id"] for result in results}) == 1
    assert rows(session, Article) == rows(session, OutboxEntry) == rows(session, Source) == 1


def test_eight_clients_with_overlapping_articles_in_any_order_neither_fail_nor_lock_each_other_out(
    client: TestClient, session: Session
) -> None:
    dice = random.Random(7)
    drafts = [item(external_id=str(number), source=f"Paper {number % 5}") for number in range(60)]
    bodies = [dice.sample(drafts, 40) for _ in range(32)]

    answers = post_all(client, bodies)

    assert {answer.status_code for answer in answers} == {202}
    results = [result for answer in answers for result in answer.json()["results"]]
    pushed = {draft["url"] for body in bodies for draft in body}
    assert {result["status"] for result in results} == {"created", "unchanged"}
    assert sum(result["status"] == "created" for result in results) == len(pushed) == rows(session, Article)
    assert len({result["id"] for result in results}) == len(pushed)
    assert rows(session, ArticleKey) == 3 * len(pushed)
    assert rows(session, OutboxEntry) == len(pushed)


def test_versions_pushed_at_once_each_get_a_number_of_their_own(client: TestClient, session: Session) -> None:
    draft = item()
    client.post("/v1/articles", json=draft)
    bodies = [[draft | {"text": f"Text {number}."}, item()] for number in range(24)]

    answers = post_all(client, bodies)

    results = [answer.json()["results"][0] for answer in answers]
    assert {result["status"] for result in results} == {"updated"}
    assert stored(session, results[0]["id"]).version == 25
    assert session.scalars(select(ArticleVersion.version).order_by(ArticleVersion.version)).all() == list(range(1, 25))


def test_articles_that_gain_keys_crosswise_do_not_deadlock(client: TestClient) -> None:
    pairs = [(item(external_id=f"a{number}"), item(external_id=f"b{number}")) for number in range(20)]
    bare = [
        {"title": draft["title"], "source": draft["source"], "published": draft["published"]}
        for pair in pairs
        for draft in pair
    ]
    client.post("/v1/articles", json=bare)
    bodies = [order for one, other in pairs for order in ([one, other, item()], [item(), other, one])]

    answers = post_all(client, bodies)

    assert {answer.status_code for answer in answers} == {202}
    results = [result for answer in answers for result in answer.json()["results"]]
    assert Counter(result["status"] for result in results) == {"updated": 40, "unchanged": 40, "created": 40}


def test_withdrawing_and_pushing_at_once_leaves_one_truth(client: TestClient, session: Session) -> None:
    draft = item()
    id_ = client.post("/v1/articles", json=draft).json()["results"][0]["id"]

    def act(number: int) -> int:
        path = f"/v1/articles/{id_}"
        if number % 3 == 0:
            return client.delete(path).status_code
        if number % 3 == 1:
            return client.post(f"{path}/restore").status_code
        return client.post("/v1/articles", json=draft | {"text": f"Text {number}."}).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(act, range(48)))

    assert set(answers) <= {200, 202}
    article = stored(session, id_)
    announced = session.scalars(select(OutboxEntry.version).order_by(OutboxEntry.version)).all()
    kept = session.scalars(select(ArticleVersion.version).order_by(ArticleVersion.version)).all()
    assert announced == list(range(1, article.version + 1))
    assert kept == list(range(1, article.version))


@contextmanager
def held(engine: Engine, table: str) -> Iterator[None]:
    """Nobody can write to the table inside this block."""
    with engine.begin() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
        yield


def test_overload_is_answered_with_when_to_come_again_and_what_was_taken_is_stored(
    client: TestClient, engine: Engine, session: Session
) -> None:
    large = [item(text="word " * 120_000) for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        with held(engine, "articles"):
            pushes = [pool.submit(client.post, "/v1/articles", json=draft) for draft in large]
            wait_for(lambda: waiting(engine) and sum(push.done() for push in pushes) >= 4, what="some are refused")
            refused = [push.result() for push in pushes if push.done()]
            assert client.get("/livez").status_code == 200
        answers = [push.result() for push in pushes]

    for answer in refused:
        assert problem(answer) == (503, "busy")
        assert int(answer.headers["retry-after"]) >= 1
    taken = [answer for answer in answers if answer.status_code == 202]
    assert len(taken) == rows(session, Article) >= 4
    assert client.post("/v1/articles", json=large[0]).status_code == 202
