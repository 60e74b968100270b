"""An article and the news of it are one transaction; the relay's batch takes entries once, in order of urgency."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from ingest_client import Push, item, rows, waiting
from support import wait_for
from themeline.ingest.outbox import Message, relay_batch
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.events import QueueName
from themeline.shared.models import Article, ArticleKey, ArticleVersion, Dispatch, OutboxEntry, Source

STORED = (Source, Article, ArticleKey, ArticleVersion, OutboxEntry)
ALL = 1_000


def relayed(sessions: Sessions, limit: int = ALL) -> list[Message]:
    sent: list[Message] = []
    with unit_of_work(sessions) as session:
        assert relay_batch(session, sent.append, limit=limit) == sent
    return sent


def ids(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Article.id).order_by(Article.id)))


@pytest.mark.parametrize("table", ["outbox", "article_keys", "articles"])
def test_a_failing_insert_leaves_nothing_half_stored(
    client: TestClient, engine: Engine, session: Session, table: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE FUNCTION fail() RETURNS trigger AS 'BEGIN RAISE ''no''; END' LANGUAGE plpgsql"))
        connection.execute(text(f"CREATE TRIGGER fail AFTER INSERT ON {table} EXECUTE FUNCTION fail()"))

    answer = client.post("/v1/articles", json=[item(), item()])

    assert problem(answer) == (500, "internal-server-error")
    assert "no" not in answer.json()["detail"].split()
    assert [rows(session, stored) for stored in STORED] == [0] * len(STORED)


def test_a_connection_killed_between_article_and_outbox_leaves_nothing_and_is_answered_503(
    client: TestClient, engine: Engine, session: Session
) -> None:
    with ThreadPoolExecutor(1) as pool, engine.begin() as connection:
        connection.execute(text("LOCK TABLE outbox IN EXCLUSIVE MODE"))
        push = pool.submit(client.post, "/v1/articles", json=item())
        (pid,) = wait_for(lambda: waiting(engine), what="the push waits for the outbox")
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        answer = push.result(timeout=30)

    assert problem(answer) == (503, "database-unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert [rows(session, stored) for stored in STORED] == [0] * len(STORED)


def test_a_failing_withdrawal_changes_nothing(client: TestClient, push: Push, engine: Engine, session: Session) -> None:
    (result,) = push(item())
    with engine.begin() as connection:
        connection.execute(text("CREATE FUNCTION fail() RETURNS trigger AS 'BEGIN RAISE ''no''; END' LANGUAGE plpgsql"))
        connection.execute(text("CREATE TRIGGER fail AFTER INSERT ON outbox EXECUTE FUNCTION fail()"))

    assert problem(client.delete(f"/v1/articles/{result['id']}")) == (500, "internal-server-error")

    assert session.execute(select(Article.version, Article.withdrawn_at)).one() == (1, None)
    assert rows(session, ArticleVersion) == 0


def test_the_correlation_id_of_a_request_is_echoed_and_goes_with_its_articles(
    client: TestClient, session: Session
) -> None:
    answer = client.post("/v1/articles", json=[item(), item()], headers={"X-Request-ID": "desk-7 / Ann"})

    assert answer.headers["x-request-id"] == "desk-7 / Ann"
    assert session.scalars(select(OutboxEntry.correlation_id)).all() == ["desk-7 / Ann"] * 2


@pytest.mark.parametrize("given", [None, "", "x" * 65, "a\tb", b"\xc3\xa9"])
def test_without_a_usable_correlation_id_a_new_one_is_made(
    client: TestClient, session: Session, given: str | bytes | None
) -> None:
    headers = [] if given is None else [(b"X-Request-ID", given if isinstance(given, bytes) else given.encode())]

    answer = client.post("/v1/articles", json=item(), headers=headers)

    assert len(answer.headers["x-request-id"]) == 32
    assert session.scalars(select(OutboxEntry.correlation_id)).all() == [answer.headers["x-request-id"]]


def test_many_articles_travel_in_one_message_each_with_its_correlation_id(
    client: TestClient, sessions: Sessions, session: Session
) -> None:
    for name in ("one", "two"):
        client.post("/v1/articles", json=[item(), item()], headers={"X-Request-ID": name})

    (message,) = relayed(sessions)

    assert message == Message(QueueName.FRESH, tuple(ids(session)), ("one", "one", "two", "two"))
    assert rows(session, OutboxEntry) == 0
    assert session.scalars(select(Dispatch.article_id).order_by(Dispatch.article_id)).all() == list(message.article_ids)
    assert set(session.scalars(select(Dispatch.version))) == {1}


def test_fresh_articles_go_before_backfill_however_long_that_has_waited(
    push: Push, sessions: Sessions, session: Session
) -> None:
    push(*(item(priority="backfill") for _ in range(3)))
    push(item(), item())
    old, new = ids(session)[:3], ids(session)[3:]

    messages = [relayed(sessions, limit=2) for _ in range(4)]

    assert [[(message.queue, list(message.article_ids)) for message in batch] for batch in messages] == [
        [(QueueName.FRESH, new)],
        [(QueueName.BACKFILL, old[:2])],
        [(QueueName.BACKFILL, old[2:])],
        [],
    ]


def test_a_batch_over_both_priorities_is_one_message_for_each(push: Push, sessions: Sessions, session: Session) -> None:
    push(item(priority="backfill"), item())
    old, new = ids(session)

    assert [(message.queue, message.article_ids) for message in relayed(sessions)] == [
        (QueueName.FRESH, (new,)),
        (QueueName.BACKFILL, (old,)),
    ]


def test_an_article_that_waits_in_two_versions_is_sent_once(push: Push, sessions: Sessions, session: Session) -> None:
    draft = item()
    push(draft)
    push(draft | {"text": "New."}, item())

    (message,) = relayed(sessions)

    assert list(message.article_ids) == ids(session)
    assert session.scalars(select(Dispatch.version).order_by(Dispatch.article_id)).all() == [2, 1]


def test_a_failed_send_keeps_the_entries_and_a_crash_before_the_commit_sends_again(
    push: Push, sessions: Sessions, session: Session
) -> None:
    push(item(), item(priority="backfill"))
    sent: list[Message] = []

    def fail_at_the_second(message: Message) -> None:
        sent.append(message)
        if message.queue is QueueName.BACKFILL:
            raise ConnectionError

    with pytest.raises(ConnectionError), unit_of_work(sessions) as work:
        relay_batch(work, fail_at_the_second, limit=ALL)

    assert (rows(session, OutboxEntry), rows(session, Dispatch)) == (2, 0)
    assert relayed(sessions) == sent


def test_two_relays_never_send_one_entry_twice(push: Push, sessions: Sessions, session: Session) -> None:
    for _ in range(4):
        push(*(item() for _ in range(50)))
    start = threading.Barrier(2)

    def drain(_relay: int) -> list[int]:
        start.wait()
        sent = []
        while batch := relayed(sessions, limit=7):
            sent += [id_ for message in batch for id_ in message.article_ids]
        return sent

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(drain, range(2))

    assert sorted(one + other) == ids(session)
    assert rows(session, OutboxEntry) == 0


def test_entries_that_another_relay_is_sending_are_left_to_it(push: Push, sessions: Sessions, session: Session) -> None:
    push(item(), item(), item())
    first, second, third = ids(session)

    with unit_of_work(sessions) as work:
        (message,) = relay_batch(work, lambda _message: None, limit=2)
        assert message.article_ids == (first, second)
        assert [batch.article_ids for batch in relayed(sessions)] == [(third,)]


def test_the_relay_does_not_wait_for_an_article_that_is_being_revised(
    client: TestClient, push: Push, sessions: Sessions, engine: Engine
) -> None:
    draft = item()
    push(draft)
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE article_versions IN EXCLUSIVE MODE"))
            revision = pool.submit(client.post, "/v1/articles", json=draft | {"text": "New."})
            wait_for(lambda: waiting(engine), what="the revision holds its article and waits")
            assert len(relayed(sessions)) == 1
        assert revision.result(timeout=30).json()["results"][0]["status"] == "updated"
