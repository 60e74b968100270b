"""Composition root of the relay: `python -m themeline.ingest.relay`."""

import sys
import threading
import time

import psycopg
from celery import Celery
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from themeline.ingest import metrics
from themeline.ingest.outbox import Message, relay_batch
from themeline.ingest.settings import RelaySettings
from themeline.shared import queue
from themeline.shared.db import CONNECT_TIMEOUT_S, Sessions, make_engine, make_sessions, unit_of_work
from themeline.shared.events import ArticlePublished
from themeline.shared.notifications import OUTBOX_CHANNEL
from themeline.shared.process import first_line, run_passes, stop_on_signals
from themeline.shared.schema import database_check
from themeline.shared.settings import read
from themeline.shared.telemetry import exposition, logging

log = logging.logger(__name__)


class Relay:
    """Drains the outbox whenever PostgreSQL says that it grew, and every poll in any case."""

    def __init__(self, settings: RelaySettings, sessions: Sessions, app: Celery, stop: threading.Event) -> None:
        self._settings = settings
        self._sessions = sessions
        self._app = app
        self._stop = stop
        self._listener: psycopg.Connection | None = None

    def drain(self) -> None:
        """Send until the outbox is empty, or until told to stop: a long outbox must not delay that."""
        self._listen()
        while not self._stop.is_set():
            with unit_of_work(self._sessions) as session:
                messages = relay_batch(session, self._send, limit=self._settings.relay_batch)
            if not messages:
                return
            for message in messages:
                metrics.RELAYED_MESSAGES.labels(message.queue).inc()
                metrics.RELAYED_ARTICLES.labels(message.queue).inc(len(message.article_ids))

    def wait(self) -> None:
        """Return when the outbox grew, or after the poll interval."""
        if self._listener is not None:
            for _ in self._listener.notifies(timeout=self._settings.relay_poll_seconds, stop_after=1):
                pass

    def failed(self, error: Exception) -> None:
        metrics.RELAY_FAILURES.inc()
        log.warning("relay pass failed, will try again", error=first_line(error))
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _listen(self) -> None:
        # Listening starts before the outbox is read: what comes in between is notified.
        if self._listener is None:
            self._listener = _connect(self._settings.database_url)
            self._listener.execute(f"LISTEN {OUTBOX_CHANNEL}".encode())

    def _send(self, message: Message) -> None:
        event = ArticlePublished(article_ids=message.article_ids)
        headers = {"correlation_ids": list(message.correlation_ids), "sent_at": time.time()}
        queue.send(self._app, event.name, message.queue, [list(event.article_ids)], headers)


def _connect(address: str) -> psycopg.Connection:
    """Connect outside the pool, as SQLAlchemy would: an address in its spelling is not always one in libpq's."""
    url = make_url(address)
    _, arguments = url.get_dialect()().create_connect_args(url)
    arguments.update(connect_timeout=CONNECT_TIMEOUT_S, application_name="themeline-relay-listener", autocommit=True)
    return psycopg.connect(**arguments)


def _serve_metrics(settings: RelaySettings, engine: Engine, sessions: Sessions) -> None:
    if settings.metrics_port is not None:
        exposition.serve(
            settings.metrics_host,
            settings.metrics_port,
            ready=database_check(engine),
            sampled=[metrics.OutboxCollector(sessions)],
        )


def run(settings: RelaySettings, stop: threading.Event) -> None:
    engine = make_engine(settings.database_url, application="themeline-relay", pool_size=2)
    sessions = make_sessions(engine)
    relay = Relay(settings, sessions, queue.make_celery("themeline.relay", settings.redis_url), stop)
    _serve_metrics(settings, engine, sessions)
    log.info("relay started")
    run_passes(relay.drain, relay.wait, stop, failed=relay.failed)
    log.info("relay stopped")


def main() -> int:
    settings = read(RelaySettings)
    logging.configure("relay", settings.log_level)
    run(settings, stop_on_signals())
    return 0


if __name__ == "__main__":
    sys.exit(main())
