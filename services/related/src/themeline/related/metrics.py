"""The metrics of related, declared here and incremented at its entry points alone."""

from collections.abc import Iterable

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from themeline.related.queues import queue_states
from themeline.related.store import encodings
from themeline.related.store.backlog import backlog
from themeline.shared.db import Sessions, read_only

# The objective is 2 s; the buckets are dense around it and reach to an outage of a day.
LAG_BUCKETS = (0.05, 0.1, 0.15, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 60.0, 600.0, 3600.0, 86400.0)
STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
COUNT_BUCKETS = (0, 1, 5, 10, 25, 50, 100, 150, 200, 250, 300, 500, 1000)

LAG = Histogram(
    "themeline_article_lag_seconds",
    "From the acceptance of an article version to the commit that serves it, by the queue it came on.",
    ("queue",),
    buckets=LAG_BUCKETS,
)
OUTCOMES = Counter(
    "themeline_article_outcomes_total",
    "Terminal outcomes, one an article version: ready, superseded, quarantined or withdrawn.",
    ("outcome",),
)
STAGES = Histogram(
    "themeline_stage_duration_seconds", "Time of one stage of a batch.", ("stage",), buckets=STAGE_BUCKETS
)
BATCH = Histogram(
    "themeline_batch_articles",
    "Articles in a message that was worked on.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
)
CANDIDATES = Histogram(
    "themeline_candidates", "Stored articles that an article was scored against.", buckets=COUNT_BUCKETS
)
RELATIONS = Counter("themeline_relations_saved_total", "Relations written.")
REGROUPED = Counter("themeline_regroupings_total", "Stories and themes that were merged or split.", ("level", "change"))
SPLIT = Counter("themeline_articles_split_total", "Articles sent again alone, after a batch that did not end.")
ENCODER_FAILURES = Counter(
    "themeline_encoder_failures_total",
    "Batches that got no vectors of an encoder, and get them later.",
    ("encoder",),
)
RESENT = Counter("themeline_sweep_resent_total", "Articles that the sweep sent again.")
SWEEPS = Counter("themeline_sweeps_total", "Passes of the sweep.", ("outcome",))


def count_from_zero(encoder: str) -> None:
    """Count from 0 what may not happen for long: the first time is then a rise that an alert sees."""
    ENCODER_FAILURES.labels(encoder)
    for level in ("story", "theme"):
        for change in ("merged", "split"):
            REGROUPED.labels(level, change)


class BacklogCollector(Collector):
    """Queues, pending articles and vectors, counted when Prometheus asks. Redis may be away; its gauges then are."""

    def __init__(self, sessions: Sessions, redis: Redis) -> None:
        self._sessions = sessions
        self._redis = redis

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield from self._queues()
        yield from self._pending()
        yield from self._vectors()

    def _queues(self) -> Iterable[GaugeMetricFamily]:
        try:
            states = queue_states(self._redis)
        except RedisError:
            states = []
        length = GaugeMetricFamily("themeline_queue_length", "Messages waiting in a queue.", labels=["queue"])
        age = GaugeMetricFamily(
            "themeline_queue_oldest_age_seconds", "Age of the oldest message in a queue.", labels=["queue"]
        )
        for state in states:
            length.add_metric([state.name], state.length)
            age.add_metric([state.name], state.oldest_age)
        yield length
        yield age

    def _pending(self) -> Iterable[GaugeMetricFamily]:
        try:
            with read_only(self._sessions) as session:
                found = backlog(session)
        except SQLAlchemyError:
            return
        yield GaugeMetricFamily(
            "themeline_pending_articles", "Articles whose current version is not related yet.", found.pending
        )
        yield GaugeMetricFamily(
            "themeline_pending_oldest_age_seconds",
            "The lag: time since the oldest of them was accepted.",
            found.oldest_age,
        )
        yield GaugeMetricFamily(
            "themeline_quarantined_articles", "Articles set aside after repeated failure.", found.quarantined
        )

    def _vectors(self) -> Iterable[GaugeMetricFamily]:
        try:
            with read_only(self._sessions) as session:
                found = encodings.progress(session)
        except SQLAlchemyError:
            return
        stored = GaugeMetricFamily(
            "themeline_vectors", "Vectors of an encoder: serving, filling or retired.", labels=["encoder", "state"]
        )
        missing = GaugeMetricFamily(
            "themeline_vectors_missing", "Articles that have no vector of an encoder.", labels=["encoder", "state"]
        )
        for one in found:
            stored.add_metric([one.state.encoder, one.state.state], one.done)
            missing.add_metric([one.state.encoder, one.state.state], one.total - one.done)
        yield stored
        yield missing
