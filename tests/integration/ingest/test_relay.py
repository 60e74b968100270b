"""The relay as a process: outbox to queue, over real servers that come and go."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from sqlalchemy import Engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from ingest_client import Push, item, rows
from support import free_port, wait_for
from themeline.embedded.valkey import EmbeddedValkey
from themeline.shared.models import Article, Dispatch, OutboxEntry

# The longest poll there is; what arrives before its half has passed came by notification.
LONGEST_POLL = 10

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(database_url: str, valkey: EmbeddedValkey) -> Iterator[Start]:
    """Starts relays; what a test leaves running is ended."""
    started: list[subprocess.Popen[str]] = []
    redis_url = valkey.url  # a stopped server has none

    def start(**settings: str) -> subprocess.Popen[str]:
        given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "RELAY_POLL_SECONDS": "0.1"} | settings
        process = subprocess.Popen(
            [sys.executable, "-m", "themeline.ingest.relay"],
            env=os.environ | {f"THEMELINE_{name}": value for name, value in given.items()},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@contextmanager
def listening(engine: Engine, relays: int = 1) -> Iterator[None]:
    """Wait until so many relays listen for notifications."""
    statement = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
    )

    def ready() -> bool:
        with engine.connect() as connection:
            return bool(connection.scalar(statement) == relays)

    wait_for(ready, timeout=30, what="the relay listens")
    yield


def messages(url: str, queue: str = "related.fresh") -> list[dict[str, Any]]:
    """What waits in a queue, oldest first."""
    with redis.Redis.from_url(url) as client:
        return [json.loads(message) for message in reversed(client.lrange(queue, 0, -1))]


def sent(url: str, queue: str = "related.fresh") -> list[int]:
    """The articles in those messages."""
    return [id_ for message in messages(url, queue) for id_ in arguments(message)[0]]


def arguments(message: dict[str, Any]) -> list[Any]:
    positional: list[Any] = json.loads(base64.b64decode(message["body"]))[0]
    return positional


def ids(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Article.id).order_by(Article.id)))


def stopped(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Ask a relay to end, and return its log."""
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=15)
    assert process.returncode == 0, log
    return [json.loads(line) for line in log.splitlines()]


def test_a_push_wakes_the_relay_which_sends_one_message_with_ids_and_correlation_ids(
    start: Start, client: TestClient, engine: Engine, session: Session, valkey: EmbeddedValkey
) -> None:
    relay = start(RELAY_POLL_SECONDS=str(LONGEST_POLL))
    with listening(engine):
        before = time.time()
        client.post("/v1/articles", json=[item(), item()], headers={"X-Request-ID": "desk-7"})
        wait_for(lambda: messages(valkey.url), timeout=LONGEST_POLL / 2, what="the message")

    (message,) = messages(valkey.url)
    assert message["headers"]["task"] == "article.published"
    assert message["headers"]["correlation_ids"] == ["desk-7", "desk-7"]
    assert before <= message["headers"]["sent_at"] <= time.time()
    assert arguments(message) == [ids(session)]
    wait_for(lambda: rows(session, OutboxEntry) == 0, what="the outbox is empty")
    assert rows(session, Dispatch) == 2
    relay.kill()


def test_an_address_with_a_space_in_it_reaches_the_listener_too(
    start: Start, push: Push, engine: Engine, database_url: str, valkey: EmbeddedValkey
) -> None:
    address = make_url(database_url).update_query_dict({"options": "-c work_mem=8MB"})
    start(DATABASE_URL=address.render_as_string(hide_password=False), RELAY_POLL_SECONDS=str(LONGEST_POLL))
    with listening(engine):
        push(item())
        wait_for(lambda: messages(valkey.url), timeout=LONGEST_POLL / 2, what="the message")


def test_backfill_has_a_queue_of_its_own(start: Start, push: Push, session: Session, valkey: EmbeddedValkey) -> None:
    push(item(priority="backfill"), item())
    start()

    wait_for(lambda: sent(valkey.url) and sent(valkey.url, "related.backfill"), timeout=30, what="both messages")

    assert (sent(valkey.url, "related.backfill"), sent(valkey.url)) == (ids(session)[:1], ids(session)[1:])


def test_messages_carry_no_more_articles_than_set(
    start: Start, push: Push, session: Session, valkey: EmbeddedValkey
) -> None:
    push(*(item() for _ in range(25)))
    start(RELAY_BATCH="10")

    wait_for(lambda: len(sent(valkey.url)) == 25, timeout=30, what="all articles")

    assert [len(arguments(message)[0]) for message in messages(valkey.url)] == [10, 10, 5]
    assert sent(valkey.url) == ids(session)


def test_while_redis_is_down_articles_are_accepted_and_flow_when_it_returns(
    start: Start, push: Push, engine: Engine, session: Session, valkey: EmbeddedValkey
) -> None:
    relay = start()
    push(item())
    wait_for(lambda: len(sent(valkey.url)) == 1, timeout=30, what="the first message")
    valkey.stop()

    for _ in range(3):
        assert push(item())[0]["status"] == "created"
    assert rows(session, OutboxEntry) == 3

    valkey.start()
    wait_for(lambda: set(ids(session)[1:]) <= set(sent(valkey.url)), timeout=30, what="the articles of the meantime")
    wait_for(lambda: rows(session, OutboxEntry) == 0, what="the outbox is empty")
    assert any(record["event"].startswith("relay pass failed") for record in stopped(relay))


def test_a_relay_started_while_redis_is_down_waits_and_ends_when_told(
    start: Start, push: Push, engine: Engine, session: Session, valkey: EmbeddedValkey
) -> None:
    push(item())
    valkey.stop()
    relay = start()
    with listening(engine):
        log = stopped(relay)

    assert log[-1]["event"] == "relay stopped"
    assert rows(session, OutboxEntry) == 1


def test_sigterm_stops_an_idle_relay_within_its_poll(start: Start, engine: Engine) -> None:
    relay = start()
    with listening(engine):
        events = [record["event"] for record in stopped(relay)]

    assert (events[0], events[-1]) == ("relay started", "relay stopped")


def test_sigterm_stops_a_relay_in_the_middle_of_a_long_outbox(
    start: Start, client: TestClient, session: Session, valkey: EmbeddedValkey
) -> None:
    client.post("/v1/articles", json=[{"title": str(number)} for number in range(1_000)])
    relay = start(RELAY_BATCH="1")
    wait_for(lambda: sent(valkey.url), timeout=30, what="the first message")

    stopped(relay)

    left = rows(session, OutboxEntry)
    assert left > 0
    assert len(sent(valkey.url)) + left == 1_000


def test_two_relays_never_send_one_article_twice(
    start: Start, client: TestClient, engine: Engine, session: Session, valkey: EmbeddedValkey
) -> None:
    start(RELAY_BATCH="3")
    start(RELAY_BATCH="3")
    with listening(engine, relays=2):
        for _ in range(10):
            client.post("/v1/articles", json=[item() for _ in range(20)])

    wait_for(lambda: rows(session, OutboxEntry) == 0, timeout=30, what="the outbox is empty")
    assert sorted(sent(valkey.url)) == ids(session)


def test_a_killed_relay_loses_nothing(
    start: Start, client: TestClient, session: Session, valkey: EmbeddedValkey
) -> None:
    client.post("/v1/articles", json=[{"title": str(number)} for number in range(300)])
    first = start(RELAY_BATCH="1")
    wait_for(lambda: len(sent(valkey.url)) > 10, timeout=30, what="some messages")
    first.kill()
    first.wait()

    start()
    wait_for(lambda: rows(session, OutboxEntry) == 0, timeout=30, what="the outbox is empty")

    assert set(sent(valkey.url)) == set(ids(session))
    assert len(sent(valkey.url)) <= 301


def test_a_relay_whose_database_connections_are_cut_goes_on(
    start: Start, push: Push, engine: Engine, session: Session, valkey: EmbeddedValkey
) -> None:
    start()
    with listening(engine), engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'themeline-relay%'"
            )
        )
    push(item())

    wait_for(lambda: sent(valkey.url) == ids(session), timeout=30, what="the message")


def test_the_relay_shows_its_metrics_and_whether_it_is_ready(
    start: Start, push: Push, session: Session, valkey: EmbeddedValkey
) -> None:
    port = free_port()
    start(METRICS_PORT=str(port))
    push(item(), item())
    wait_for(lambda: len(sent(valkey.url)) == 2, timeout=30, what="the messages")

    def page(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return str(answer.read(), "utf-8")

    wait_for(lambda: 'themeline_relay_articles_total{queue="related.fresh"} 2.0' in page("/metrics"))
    assert "themeline_outbox_entries 0.0" in page("/metrics")
    assert page("/readyz") == "ready\n"
