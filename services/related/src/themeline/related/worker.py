"""Composition root of the worker: the Celery application, its one task, and what each process keeps open."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import signals
from celery.utils.log import get_multiprocessing_logger
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from themeline.related import metrics
from themeline.related.core.features import RawArticle, extract_batch
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.scoring import scorer_of
from themeline.related.encoders.loaded import Encoders
from themeline.related.explain import Explainer
from themeline.related.internal import AT_ONCE, routes
from themeline.related.pipeline import Pipeline
from themeline.related.refill import Refill
from themeline.related.relate import Settings
from themeline.related.scorers import scorers
from themeline.related.settings import TASK_TIME_LIMIT_S, RelatedSettings
from themeline.related.store import encodings
from themeline.related.tasks import register
from themeline.shared import queue
from themeline.shared.db import make_engine, make_sessions, read_only
from themeline.shared.events import RELATED_QUEUES
from themeline.shared.schema import database_check
from themeline.shared.telemetry import exposition
from themeline.shared.telemetry import worker as task_telemetry
from themeline.shared.telemetry.exposition import Route
from themeline.shared.telemetry.logging import logger

# A process that grew past this is replaced after its batch. Measured: it settles near 320 MB and grows by
# less than 5 MB in 1,000 articles, so processes are replaced for their size alone, never for their age.
LARGEST_PROCESS_KB = 600_000

# What a process may take besides, by the encoder that the settings name. Measured: MiniLM takes 174 MB, the
# multilingual one 118 MB.
MORE_KB = {"minilm": 200_000, "multilingual": 150_000}

log = logger(__name__)


@contextmanager
def timer(stage: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        metrics.STAGES.labels(stage).observe(time.perf_counter() - started)


class Worker:
    """The parent loads the encoder once; each process it forks opens connections of its own."""

    def __init__(self, settings: RelatedSettings) -> None:
        self._settings = settings
        self._pipeline: Pipeline | None = None
        self._refill: Refill | None = None
        self._consuming = threading.Event()
        encoders = Encoders(settings)
        # A missing model is told at the start, not with the first article.
        own = encoders.get(settings.encoder).name
        metrics.count_from_zero(own)
        self._relate = Settings(
            encoders=encoders,
            horizon=settings.horizon,
            max_solo_attempts=settings.max_solo_attempts,
            timer=timer,
            scorers=scorers(settings.scorer, own) if settings.scorer else scorer_of,
        )
        self.app = queue.make_celery(
            "themeline.related", settings.redis_url, visibility_timeout=settings.visibility_timeout_seconds
        )
        self.app.conf.update(
            task_time_limit=TASK_TIME_LIMIT_S,
            worker_concurrency=settings.workers,
            worker_max_memory_per_child=LARGEST_PROCESS_KB + MORE_KB.get(settings.encoder, 0),
        )
        register(self.app, self._get_pipeline, self._get_refill)
        task_telemetry.install()
        # Logging is configured once, by the process itself; Celery would add handlers and levels of its own.
        signals.setup_logging.connect(_keep_logging, weak=False)
        signals.worker_process_init.connect(self._open, weak=False)
        signals.worker_ready.connect(self._begin, weak=False)

    def _begin(self, **_: Any) -> None:
        self._consuming.set()

    def _open(self, **_: Any) -> None:
        engine = make_engine(self._settings.database_url, application="themeline-related", pool_size=1)
        sessions = make_sessions(engine)
        self._pipeline, self._refill = Pipeline(sessions, self._relate), Refill(sessions, self._relate)

    def _get_pipeline(self) -> Pipeline:
        if self._pipeline is None:
            self._open()
        if self._pipeline is None:
            raise RuntimeError("the worker process has no pipeline")
        return self._pipeline

    def _get_refill(self) -> Refill:
        self._get_pipeline()
        if self._refill is None:
            raise RuntimeError("the worker process has no pipeline")
        return self._refill

    def serve_pages(self) -> None:
        """Serve metrics and health from the parent process."""
        if self._settings.metrics_port is None:
            return
        engine = make_engine(self._settings.database_url, application="themeline-related-pages", pool_size=2)
        redis = Redis.from_url(self._settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
        check = make_check(engine, redis)
        exposition.serve(
            self._settings.metrics_host,
            self._settings.metrics_port,
            ready=lambda: check() + ([] if self._consuming.is_set() else ["worker: starting"]),
            sampled=[metrics.BacklogCollector(make_sessions(engine), redis)],
            routes=self._internal_routes(),
        )

    def _internal_routes(self) -> dict[str, Route]:
        """Calls of other services have connections of their own: they never keep the metrics waiting."""
        engine = make_engine(self._settings.database_url, application="themeline-related-internal", pool_size=AT_ONCE)
        return routes(make_sessions(engine), Explainer(self._relate.horizon, self._relate.scorers))

    def _compare_with_database(self) -> None:
        """Say so where the settings name another encoder than the one that serves."""
        engine = make_engine(self._settings.database_url, application="themeline-related-start", pool_size=1)
        try:
            with read_only(make_sessions(engine)) as session:
                serving = encodings.current(session).serving
        except SQLAlchemyError:
            return  # it is waited for later
        finally:
            engine.dispose()
        if serving.kind not in ("", self._settings.encoder):
            message = "the database is served by another encoder than the settings name: run `./themeline reindex`"
            log.warning(message, serving=serving.encoder, settings=self._settings.encoder)

    def run(self) -> int:
        """Consume until told to stop; a batch begun is finished."""
        _share_with_children(self._relate)
        self._compare_with_database()
        worker = queue.make_worker(self.app, "related", RELATED_QUEUES, pool_cls="prefork")
        log.info("worker started", processes=self._settings.workers)
        worker.start()
        log.info("worker stopped")
        return int(worker.exitcode or 0)


def _share_with_children(settings: Settings) -> None:
    """Load now what every process needs, so that forking shares it: the language model alone has 77 MB.

    Frozen objects are never visited by the collector again, whose marks would copy the shared pages.
    """
    (found,) = extract_batch([RawArticle("A title", "A sentence that is long enough to have a language.")], EMPTY)
    # A model server is asked when there is something to ask.
    if settings.encoders.configured != "http":
        settings.encoders.get(settings.encoders.configured).encode([found.embed_text])
    gc.collect()
    gc.freeze()


def _keep_logging(**_: Any) -> None:
    """Answering this signal keeps Celery from configuring anything; what its process pool says comes to our log."""
    get_multiprocessing_logger().propagate = True


def make_check(engine: Engine, redis: Redis) -> Callable[[], list[str]]:
    """Return a check that names what the worker cannot do without."""
    database = database_check(engine)

    def check() -> list[str]:
        try:
            redis.ping()
        except RedisError as error:
            return [*database(), f"Redis cannot be reached ({type(error).__name__})"]
        return database()

    return check
