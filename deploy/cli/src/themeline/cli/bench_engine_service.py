"""The worker's use case with a PostgreSQL of its own: what an article costs here, and there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import psutil
from sqlalchemy import Engine, text

from themeline.cli.bench_engine_cost import Cost, Plan, as_in_a_worker
from themeline.cli.bench_engine_fill import Filler, without_indexes
from themeline.cli.bench_news import MadeUp
from themeline.embedded.postgres import EmbeddedPostgres
from themeline.related.encoders.loaded import Encoders
from themeline.related.pipeline import Pipeline
from themeline.related.relate import Settings
from themeline.related.settings import EncoderSettings
from themeline.shared import migrations
from themeline.shared.db import Sessions, make_engine, make_sessions, unit_of_work

FILL_BATCH = 512
# The first articles go through everything, so that the encoder, its index and the frequencies are as in service.
FIRST = 512
WARM_BATCHES = 4
REST = "claim, commit"


@dataclass
class Meter:
    """The timer of the use case; what is measured changes, the settings that hold the timer do not."""

    cost: Cost = field(default_factory=Cost)

    def __call__(self, stage: str) -> AbstractContextManager[object]:
        return self.cost.stage(stage)


@dataclass
class Bench:
    """One worker process, this one, and its database."""

    sessions: Sessions
    pipeline: Pipeline
    filler: Filler
    meter: Meter
    source: int

    def relate(self, articles: Sequence[MadeUp], cost: Cost) -> None:
        """One message, as the task handles it."""
        ids = self.filler.store(articles, self.source)
        self.meter.cost = cost
        with cost.stage(REST):
            handled = self.pipeline.handle(ids)
        with cost.stage("regroup"):
            self.pipeline.put_right(handled)
        with cost.stage("epoch"):
            self.pipeline.advance_epoch()
        if handled.error is not None:
            raise handled.error
        cost.articles += len(ids)
        cost.candidates += sum(handled.result.candidates)
        cost.relations += handled.result.relations

    def fill(self, news: Iterator[MadeUp], size: int, advance: Callable[[int], None]) -> None:
        """Store until there are `size` articles."""
        with unit_of_work(self.sessions) as session:
            rebuild = without_indexes(session)
        self.meter.cost = Cost()
        while self.filler.stored < size:
            chunk = min(FILL_BATCH, size - self.filler.stored)
            self.filler.fill(list(islice(news, chunk)), self.source)
            advance(self.filler.stored)
        with unit_of_work(self.sessions) as session:
            rebuild(session)
        self.filler.finish()


def measure(
    folder: Path,
    news: Iterator[MadeUp],
    plan: Plan,
    advance: Callable[[int], None],
) -> list[Cost]:
    """What articles cost by this plan."""
    with EmbeddedPostgres(folder / "postgres") as server:
        migrations.upgrade(server.url)
        engine = make_engine(server.url, application="themeline-bench", pool_size=1)
        try:
            return list(_measured(engine, news, plan, advance))
        finally:
            engine.dispose()


def _measured(
    engine: Engine,
    news: Iterator[MadeUp],
    plan: Plan,
    advance: Callable[[int], None],
) -> Iterator[Cost]:
    bench = _bench(engine)
    backend, server = _processes(engine)
    for _ in range(0, min(FIRST, plan.sizes[0]), plan.batch):
        bench.relate(list(islice(news, plan.batch)), Cost())
        bench.filler.stored += plan.batch
    for size in plan.sizes:
        bench.fill(news, size, advance)
        as_in_a_worker()
        for _ in range(WARM_BATCHES):
            bench.relate(list(islice(news, plan.batch)), Cost())
        cost = Cost(elsewhere=partial(_cpu, backend))
        before = _all_cpu(server)
        while cost.articles < plan.articles:
            bench.relate(list(islice(news, plan.batch)), cost)
        cost.background = _all_cpu(server) - before - sum(cost.there.values())
        bench.filler.stored += cost.articles + WARM_BATCHES * plan.batch
        yield cost


def _bench(engine: Engine) -> Bench:
    sessions, meter = make_sessions(engine), Meter()
    settings = Settings(
        encoders=Encoders(EncoderSettings()), horizon=timedelta(days=30), max_solo_attempts=3, timer=meter
    )
    filler = Filler(sessions, settings)
    return Bench(sessions, Pipeline(sessions, settings), filler, meter, filler.source())


def _processes(engine: Engine) -> tuple[psutil.Process, psutil.Process]:
    """The server process of the one connection, and the server itself."""
    with engine.connect() as connection:
        backend = psutil.Process(connection.scalar(text("SELECT pg_backend_pid()")))
    server = backend.parent()
    if server is None:
        raise RuntimeError("the database ended")
    return backend, server


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _all_cpu(server: psutil.Process) -> float:
    """Of all processes of the server, those that have ended included."""
    own = server.cpu_times()
    ended = float(own.children_user + own.children_system)
    return _cpu(server) + ended + sum(_cpu(child) for child in server.children())
