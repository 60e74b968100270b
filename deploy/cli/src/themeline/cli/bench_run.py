"""The measurements: a stream through the whole system, then single articles on the idle one."""

import statistics
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, create_engine, text

from themeline.cli.bench_system import Measured
from themeline.cli.errors import CommandError
from themeline.cli.pushing import Pusher, in_batches
from themeline.cli.services import get_json, make_client
from themeline.cli.sources import Entry
from themeline.cli.tally import Tally

# Sending is held back so that intake and relating are measured at the same place of the stream.
MOST_WAITING = 1024
SAMPLE_SECONDS = 0.25
SAMPLES_A_MEMORY = 8  # memory is summed up less often: it walks every page table
STALLED_SECONDS = 60.0
POLL_SECONDS = 0.004
LAG_PAUSE_SECONDS = 0.3  # so that each single article finds the system idle
LAG_PATIENCE_SECONDS = 30.0
EARLY = (1_000, 2_000)
SPAN = 1_000


@dataclass
class StreamFigures:
    """What a stream cost; `samples` are (articles related, seconds, CPU seconds)."""

    articles: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    samples: list[tuple[int, float, float]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.articles / self.seconds if self.seconds else 0.0

    def cpu_between(self, first: int, last: int) -> float | None:
        """CPU seconds between two counts of articles, interpolated; None where the stream is shorter."""
        if self.articles < last:
            return None
        return self._cpu_at(last) - self._cpu_at(first)

    def late(self) -> tuple[int, int]:
        """The last full thousand of the stream."""
        last = self.articles // SPAN * SPAN
        return last - SPAN, last

    def _cpu_at(self, count: int) -> float:
        before = self.samples[0]
        for sample in self.samples:
            if sample[0] >= count:
                share = (count - before[0]) / max(1, sample[0] - before[0])
                return before[2] + share * (sample[2] - before[2])
            before = sample
        return before[2]


class Feeder(threading.Thread):
    """Sends the stream, never far ahead of what is related."""

    def __init__(self, system: Measured, articles: Iterable[dict[str, Any]]) -> None:
        super().__init__(name="feeder", daemon=True)
        self._system = system
        self._articles = articles
        self.tally = Tally()
        self.related = 0
        self.failure: Exception | None = None

    @property
    def expected(self) -> int:
        return self.tally.counts["created"]

    def run(self) -> None:
        entries = (Entry(f"article {number}", fields) for number, fields in enumerate(self._articles, start=1))
        try:
            with make_client(self._system.ingest_url) as client:
                pusher = Pusher(client)
                for batch in in_batches(entries):
                    while self.expected - self.related > MOST_WAITING:
                        time.sleep(POLL_SECONDS)
                    for line, result in pusher.push(batch):
                        self.tally.add(line.entry.where, result)
        except CommandError as error:
            self.failure = error


def measure_stream(system: Measured, articles: Iterable[dict[str, Any]]) -> tuple[StreamFigures, Tally]:
    """Send everything and wait until all of it is related."""
    engine = create_engine(system.database_url, isolation_level="AUTOCOMMIT")
    figures, feeder = StreamFigures(), Feeder(system, articles)
    try:
        with engine.connect() as connection:
            began, cpu = time.monotonic(), system.cpu_seconds()
            feeder.start()
            for related in _progress(connection, feeder):
                seconds = time.monotonic() - began
                figures.samples.append((related, seconds, system.cpu_seconds() - cpu))
                if len(figures.samples) % SAMPLES_A_MEMORY == 1:
                    figures.peak_memory = max(figures.peak_memory, system.memory_bytes())
    finally:
        engine.dispose()
    figures.articles, figures.seconds, figures.cpu_seconds = figures.samples[-1]
    return figures, feeder.tally


def _progress(connection: Connection, feeder: Feeder) -> Iterator[int]:
    """Yield how many articles are related, until all are; raise when nothing moves any more."""
    moved_at = time.monotonic()
    while True:
        finished = not feeder.is_alive()
        related = int(connection.scalar(text("SELECT count(*) FROM placements")) or 0)
        if related > feeder.related:
            moved_at = time.monotonic()
        feeder.related = related
        yield related
        if feeder.failure is not None:
            raise feeder.failure
        if finished and related >= feeder.expected:
            return
        if time.monotonic() - moved_at > STALLED_SECONDS:
            raise CommandError(f"{feeder.expected - related} articles were not related within {STALLED_SECONDS:.0f} s")
        time.sleep(SAMPLE_SECONDS)


def measure_lag(system: Measured, articles: Iterable[dict[str, Any]]) -> list[float]:
    """Seconds from sending a single article to the API's saying that it is ready, on an idle system."""
    with make_client(system.ingest_url) as ingest, make_client(system.api_url) as api:
        lags = []
        for fields in articles:
            time.sleep(LAG_PAUSE_SECONDS)
            fresh = {**fields, "url": f"https://lag.example/{uuid4()}", "title": f"{fields['title']} {uuid4().hex[:8]}"}
            began = time.monotonic()
            answer = ingest.post("/v1/articles", json=fresh).json()
            identifier = answer["results"][0]["id"]
            while get_json(api, f"/v1/articles/{identifier}")["state"] != "ready":
                if time.monotonic() - began > LAG_PATIENCE_SECONDS:
                    raise CommandError("a single article was not related: the system is not keeping up")
                time.sleep(POLL_SECONDS)
            lags.append(time.monotonic() - began)
        return lags


def measure_boxes(system: Measured, count: int) -> list[float]:
    """Seconds for the box of each of the latest articles, asked one after the other."""
    with make_client(system.api_url) as api:
        items = get_json(api, "/v1/articles", limit=min(count, 200))["items"]
        times = []
        for item in items:
            began = time.monotonic()
            get_json(api, f"/v1/articles/{item['id']}/related")
            times.append(time.monotonic() - began)
        return times


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    if len(values) < 2:  # noqa: PLR2004 (statistics needs two)
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]
