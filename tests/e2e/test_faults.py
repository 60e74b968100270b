"""What breaks on the way: nothing accepted is lost, and nothing is done twice."""

import signal
from collections import Counter

import psutil
from redis import Redis
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from e2e.processes import Processes
from integration.related.poison import gate, waiting
from integration.related.scene import CHESS, FLOOD
from support import wait_for
from themeline.embedded.valkey import EmbeddedValkey
from themeline.shared.events import QueueName
from themeline.shared.models import Article, Attempt, Outcome, Relation

NEWS = [{"title": title, "text": text, "source": f"Paper {at}"} for at, (title, text) in enumerate(FLOOD + CHESS)]
SECONDS = 60.0
# Supervisors and container engines kill after ten.
IDLE_STOP_SECONDS = 10.0


def test_a_killed_worker_process_costs_nothing(processes: Processes, engine: Engine, session: Session) -> None:
    processes.configure(workers="1")
    processes.start("ingest", "relay", "related")
    with gate(engine, "features"):
        processes.push(*NEWS)
        wait_for(lambda: waiting(engine), SECONDS, "a batch is in the middle of its work")
        _kill_the_child(processes.process("related"))
    _assert_all_done_once(session)
    assert {attempt.solo_attempts for attempt in session.scalars(select(Attempt))} == {1}
    _assert_counted(processes, len(NEWS))


def test_a_killed_worker_costs_nothing(processes: Processes, engine: Engine, session: Session) -> None:
    processes.configure(visibility_timeout_seconds="3")
    processes.start("ingest", "relay", "related")
    with gate(engine, "features"):
        processes.push(*NEWS)
        wait_for(lambda: waiting(engine), SECONDS, "a batch is in the middle of its work")
        processes.kill("related")
    processes.start("related")
    _assert_all_done_once(session)


def test_an_article_that_kills_its_workers_is_set_aside_alone(
    processes: Processes, engine: Engine, session: Session
) -> None:
    processes.configure(workers="1", max_solo_attempts="2")
    processes.start("ingest", "relay", "related")
    worker = processes.process("related")
    with gate(engine, "features"):
        processes.push(NEWS[0])
        for _ in range(2):
            wait_for(lambda: waiting(engine) and worker.children(), SECONDS, "an attempt is in its middle")
            _kill_the_child(worker)
            _end_abandoned(engine)
        found = wait_for(lambda: session.scalars(select(Outcome.outcome)).all(), SECONDS, "an outcome")
    assert found == ["quarantined"]
    processes.push(*NEWS[1:])
    wait_for(lambda: _outcomes(session)["ready"] == len(NEWS) - 1, SECONDS, "the others are ready")


def test_the_sweep_finishes_what_an_emptied_redis_held(processes: Processes, redis_url: str, session: Session) -> None:
    processes.configure(sweep_interval_seconds="0.2", sweep_grace_seconds="0.5")
    processes.start("ingest", "relay")
    processes.push(*NEWS)
    with Redis.from_url(redis_url) as redis:
        wait_for(lambda: redis.llen(QueueName.FRESH), SECONDS, "the message is on the queue")
        redis.flushall()
    processes.start("related", "sweep")
    _assert_all_done_once(session)
    assert processes.metric("sweep", "themeline_sweep_resent_total") >= len(NEWS)


def test_an_emptied_redis_takes_no_route_away(processes: Processes, redis_url: str, session: Session) -> None:
    processes.start("ingest", "relay", "related")
    processes.push(NEWS[0])
    wait_for(lambda: _outcomes(session)["ready"] == 1, SECONDS, "the first article is ready")
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
    processes.push(*NEWS[1:])
    _assert_all_done_once(session)


def test_articles_are_accepted_without_redis_and_flow_when_it_is_back(
    processes: Processes, valkey: EmbeddedValkey, session: Session
) -> None:
    processes.start("ingest", "relay", "related")
    processes.push(NEWS[0])
    wait_for(lambda: _outcomes(session)["ready"] == 1, SECONDS, "the first article is ready")
    valkey.stop()
    processes.push(*NEWS[1:])
    wait_for(lambda: processes.metric("relay", "themeline_relay_failures_total") >= 2, SECONDS, "the relay tries")
    valkey.start()
    _assert_all_done_once(session)


def test_a_worker_told_to_stop_finishes_its_batch(processes: Processes, engine: Engine, session: Session) -> None:
    processes.start("ingest", "relay", "related")
    worker = processes.process("related")
    with gate(engine, "features"):
        processes.push(*NEWS)
        wait_for(lambda: waiting(engine), SECONDS, "a batch is in the middle of its work")
        worker.send_signal(signal.SIGTERM)
        wait_for(lambda: "shutdown" in processes.output("related"), SECONDS, "the worker has heard it")
        assert worker.poll() is None
    assert worker.wait(SECONDS) == 0
    assert _outcomes(session)["ready"] == len(NEWS)
    assert {attempt.attempts for attempt in session.scalars(select(Attempt))} == {1}


def test_an_idle_worker_told_to_stop_ends_at_once(processes: Processes) -> None:
    processes.start("related")
    worker = processes.process("related")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(IDLE_STOP_SECONDS) == 0


def _kill_the_child(worker: psutil.Popen) -> None:
    """Kill the only process of a worker, and wait until the worker has missed it."""
    (child,) = worker.children()
    child.kill()
    wait_for(lambda: child not in worker.children(), SECONDS, "the process is gone")


def _assert_all_done_once(session: Session) -> None:
    """Every article is ready, each version has one outcome, and the relations are those of an undisturbed run."""
    wait_for(lambda: _outcomes(session)["ready"] >= len(NEWS), SECONDS, "all are ready")
    assert _outcomes(session) == {"ready": len(NEWS)}
    titles = dict(session.execute(select(Article.id, Article.title)).all())
    rows = session.execute(select(Relation.high, Relation.low).where(Relation.theme >= 0.5)).all()
    related = {frozenset((titles[high], titles[low])) for high, low in rows}
    expected = [[title for title, _ in group] for group in (FLOOD, CHESS)]
    assert related == {
        frozenset((one, other)) for group in expected for one in group for other in group if one != other
    }


def _outcomes(session: Session) -> Counter[str]:
    session.rollback()
    return Counter(session.scalars(select(Outcome.outcome)))


def _assert_counted(processes: Processes, articles: int) -> None:
    """What was counted survives the process that counted it."""
    assert processes.metric("related", "themeline_article_outcomes_total", outcome="ready") == articles
    assert processes.metric("related", "themeline_article_lag_seconds_count") == articles


def _end_abandoned(engine: Engine) -> None:
    """End the sessions of dead processes, whose locks the database would keep until it noticed."""
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
