"""Composition root of the fetcher: `python -m themeline.ingest.fetcher` reads feeds and pages."""

import sys
import threading
from datetime import timedelta

from celery import signals
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine

from themeline.ingest import metrics
from themeline.ingest.core.robots import AGENT
from themeline.ingest.fetch import Fetcher
from themeline.ingest.hubs import Hubs
from themeline.ingest.pages import PageReader
from themeline.ingest.poll import Poller
from themeline.ingest.reading import Reader
from themeline.ingest.robots import Robots
from themeline.ingest.sandbox import Sandbox
from themeline.ingest.schedule import Scheduler
from themeline.ingest.settings import FetcherSettings
from themeline.ingest.tasks import register
from themeline.ingest.turns import Turns
from themeline.shared import __version__, queue
from themeline.shared.db import make_engine, make_sessions
from themeline.shared.events import FETCHER_QUEUES
from themeline.shared.process import run_passes
from themeline.shared.schema import database_check
from themeline.shared.settings import read
from themeline.shared.telemetry import exposition, logging
from themeline.shared.telemetry import worker as task_telemetry

log = logging.logger(__name__)

# How often it is looked for what is due.
SCHEDULE_S = 1.0
# Parsing is the only work that takes processor time; more processes than this would fight over two of them.
PARSERS = 2


def user_agent(contact_url: str) -> str:
    """How we introduce ourselves to servers."""
    return f"{AGENT}/{__version__} (+{contact_url})" if contact_url else f"{AGENT}/{__version__}"


class FetcherProcess:
    """A Celery worker whose threads wait for strangers, and a thread that says what is due."""

    def __init__(self, settings: FetcherSettings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        # Each thread holds one connection at a time; the scheduler and the metrics take two more.
        self._engine = make_engine(
            settings.database_url, application="themeline-fetcher", pool_size=settings.fetchers + 2
        )
        sessions = make_sessions(self._engine)
        self._sessions = sessions
        self._fetcher = Fetcher(agent=user_agent(settings.contact_url), allowed_networks=settings.allowed)
        self._sandbox = Sandbox(workers=PARSERS)
        turns = Turns(sessions, pause=timedelta(seconds=settings.fetch_pause_seconds), stop=self._stop)
        hubs = Hubs(sessions, self._fetcher, settings.public_ingest_url)
        poller = Poller(sessions, Reader(self._fetcher, self._sandbox, turns), turns, hubs.subscribe)
        robots = Robots(sessions, self._fetcher, turns)
        reader = PageReader(sessions, self._fetcher, self._sandbox, turns, robots)
        self.app = queue.make_celery("themeline.fetcher", settings.redis_url)
        register(self.app, poller, reader)
        metrics.count_from_zero()
        task_telemetry.install()
        signals.setup_logging.connect(_keep_logging, weak=False)
        signals.worker_shutting_down.connect(self._ending, weak=False)

    def _ending(self, **_: object) -> None:
        """What is being fetched is not waited for: it is as due as before."""
        self._stop.set()
        self._fetcher.close()

    def serve_pages(self) -> None:
        """Serve metrics and health."""
        if self._settings.metrics_port is not None:
            exposition.serve(
                self._settings.metrics_host,
                self._settings.metrics_port,
                ready=_check(self._engine, self._settings.redis_url),
                sampled=[metrics.FeedsCollector(self._sessions)],
            )

    def run(self) -> int:
        """Read until told to stop; what is being read is finished."""
        scheduler = Scheduler(self._sessions, self.app)
        passes = threading.Thread(
            target=run_passes,
            args=(scheduler.once, lambda: self._stop.wait(SCHEDULE_S), self._stop),
            kwargs={"failed": scheduler.failed},
            name="scheduler",
            daemon=True,
        )
        passes.start()
        options = {"pool_cls": "threads", "concurrency": self._settings.fetchers}
        worker = queue.make_worker(self.app, "fetcher", FETCHER_QUEUES, **options)
        log.info("fetcher started", at_once=self._settings.fetchers)
        worker.start()
        self._ending()
        self._sandbox.close()
        self._engine.dispose()
        log.info("fetcher stopped")
        return int(worker.exitcode or 0)


def _keep_logging(**_: object) -> None:
    """Answering this signal keeps Celery from configuring anything."""


def _check(engine: Engine, redis_url: str) -> exposition.Readiness:
    database = database_check(engine)
    redis = Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2)

    def check() -> list[str]:
        try:
            redis.ping()
        except RedisError as error:
            return [*database(), f"Redis cannot be reached ({type(error).__name__})"]
        return database()

    return check


def main() -> int:
    settings = read(FetcherSettings)
    logging.configure("fetcher", settings.log_level)
    process = FetcherProcess(settings)
    process.serve_pages()
    return process.run()


if __name__ == "__main__":
    sys.exit(main())
