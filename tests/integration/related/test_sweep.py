"""The sweep sends again what was lost on the way, and nothing else."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import update

from factories import make_article
from integration.related.scene import FLOOD, Scene
from support import wait_for
from themeline.ingest.outbox import Message, relay_batch
from themeline.related.settings import SweepSettings
from themeline.related.sweep import Sweep, run
from themeline.shared import queue
from themeline.shared.db import unit_of_work
from themeline.shared.events import QueueName
from themeline.shared.models import Article, Attempt, Dispatch, OutboxEntry

GRACE = timedelta(seconds=90)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def settings(database_url: str, redis_url: str) -> SweepSettings:
    return SweepSettings(
        database_url=database_url, redis_url=redis_url, sweep_grace_seconds=GRACE.total_seconds(), sweep_batch=3
    )


@pytest.fixture
def sweep(settings: SweepSettings, scene: Scene, redis: Redis) -> Sweep:
    return Sweep(settings, scene.sessions, redis, queue.make_celery("tests", settings.redis_url))


def test_what_was_sent_long_ago_and_has_no_outcome_is_sent_again_in_batches(
    scene: Scene, sweep: Sweep, redis: Redis
) -> None:
    ids = scene.push_all(FLOOD)
    _sent(scene, ids, GRACE * 2)
    assert sweep.once() == 4
    assert _messages(redis) == [ids[:3], ids[3:]]


def test_what_was_sent_a_moment_ago_is_given_time(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    _sent(scene, scene.push_all(FLOOD), GRACE / 2)
    assert sweep.once() == 0
    assert _messages(redis) == []


def test_what_is_related_set_aside_or_still_in_the_outbox_is_not_sent(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    ready, aside, waiting = ids = scene.push_all(FLOOD[:3])
    _sent(scene, ids, GRACE * 2)
    scene.handle(ready)
    with unit_of_work(scene.sessions) as session:
        session.add(Attempt(article_id=aside, version=1, attempts=3, solo_attempts=3))
        session.add(OutboxEntry(article_id=waiting, version=1, urgency=0, correlation_id="test"))
    scene.handle(aside)
    _sent(scene, ids, GRACE * 2)
    assert sweep.once() == 0


def test_what_the_sweep_sent_is_given_time_again(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    _sent(scene, scene.push_all(FLOOD), GRACE * 2)
    assert [sweep.once(), sweep.once()] == [4, 0]


def test_an_attempt_that_began_a_moment_ago_is_given_time(scene: Scene, sweep: Sweep) -> None:
    ids = scene.push_all(FLOOD[:2])
    _sent(scene, ids, GRACE * 2)
    with unit_of_work(scene.sessions) as session:
        session.add(Attempt(article_id=ids[0], version=1, attempts=1, last_attempt_at=datetime.now(UTC)))
    assert sweep.once() == 1


def test_a_long_queue_is_not_taken_for_a_loss(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    ids = scene.push_all(FLOOD)
    _sent(scene, ids, GRACE * 2)
    _enqueue(redis, QueueName.FRESH, age=GRACE * 2)
    assert sweep.once() == 0
    redis.delete(QueueName.FRESH)
    assert sweep.once() == 4


def test_each_queue_has_its_own_age(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    fresh = scene.push(*FLOOD[0])
    backfill = scene.push(*FLOOD[1], priority="backfill")
    _sent(scene, [fresh, backfill], GRACE * 2)
    _enqueue(redis, QueueName.BACKFILL, age=GRACE * 2)
    assert sweep.once() == 1
    assert _messages(redis) == [[fresh]]


def test_a_message_that_nobody_can_read_does_not_stop_the_sweep(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    _sent(scene, scene.push_all(FLOOD), GRACE * 2)
    redis.lpush(QueueName.FRESH, "no message at all")
    assert sweep.once() == 4


def test_withdrawals_are_swept_like_articles(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    scene.withdraw(id_)
    with unit_of_work(scene.sessions) as session:
        session.query(OutboxEntry).delete()
    _sent(scene, [id_], GRACE * 2)
    assert sweep.once() == 1


def test_everything_that_an_emptied_redis_held_is_sent_again(scene: Scene, sweep: Sweep, redis: Redis) -> None:
    with unit_of_work(scene.sessions) as session:
        for title, text in FLOOD:
            article = make_article(session, title, text=text)
            session.add(OutboxEntry(article_id=article.id, version=1, urgency=0, correlation_id="test"))
    sent: list[Message] = []
    with unit_of_work(scene.sessions) as session:
        relay_batch(session, sent.append, limit=64)
    redis.flushall()
    assert sweep.once() == 0
    _sent(scene, sent[0].article_ids, GRACE * 2)
    assert sweep.once() == 4
    for message in _messages(redis):
        scene.handle(*message)
    assert set(scene.outcomes().values()) == {"ready"}


def test_a_sweep_goes_on_when_a_pass_fails(scene: Scene, settings: SweepSettings, redis: Redis) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    _sent(scene, [id_], GRACE * 2)
    redis.set(QueueName.BACKFILL, "this is no list")
    quick = settings.model_copy(update={"sweep_interval_seconds": 0.1})
    stop = threading.Event()
    running = threading.Thread(target=run, args=(quick, stop))
    running.start()
    try:
        redis.delete(QueueName.BACKFILL)
        wait_for(lambda: _messages(redis) == [[id_]], what="the article is sent")
    finally:
        stop.set()
        running.join(timeout=10)
    assert not running.is_alive()


def _sent(scene: Scene, ids: Any, ago: timedelta) -> None:
    """Pretend that these articles were accepted and put on the queue some time ago."""
    at = datetime.now(UTC) - ago
    with unit_of_work(scene.sessions) as session:
        for id_ in ids:
            session.execute(update(Article).where(Article.id == id_).values(changed_at=at))
            session.merge(Dispatch(article_id=id_, version=1, dispatched_at=at))


def _enqueue(redis: Redis, name: QueueName, *, age: timedelta) -> None:
    """Put a message on a queue that was sent some time ago."""
    sent_at = (datetime.now(UTC) - age).timestamp()
    redis.lpush(name, json.dumps({"headers": {"sent_at": sent_at}, "body": ""}))


def _messages(redis: Redis) -> list[list[int]]:
    """The article ids of each message that waits for fresh work, oldest first."""
    found: Any = redis.lrange(QueueName.FRESH, 0, -1)
    bodies = [json.loads(base64.b64decode(json.loads(message)["body"])) for message in reversed(found)]
    return [body[0][0] for body in bodies]
