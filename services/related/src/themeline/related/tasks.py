"""The Celery tasks of the worker: decode, relate or fill, count each outcome once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError as BrokerError

from themeline.related import metrics
from themeline.related.core.encoders import EncoderDownError
from themeline.related.core.regrouping import Merged
from themeline.related.pipeline import Handled, Pipeline
from themeline.related.refill import Refill
from themeline.related.regroup import Changes
from themeline.shared.events import ArticlePublished, QueueName, VectorsWanted
from themeline.shared.process import first_line
from themeline.shared.queue import send
from themeline.shared.telemetry.logging import logger

log = logger(__name__)


def register(app: Celery, pipeline: Callable[[], Pipeline], refill: Callable[[], Refill]) -> None:
    """Make `app` handle the events `article.published` and `vectors.wanted`."""

    @app.task(name=VectorsWanted.name)  # type: ignore[untyped-decorator]
    def on_vectors_wanted(encoder: str, cursor: int) -> None:
        try:
            following = refill().step(encoder, cursor)
        except EncoderDownError as error:
            _record_absence(encoder, str(error))
            refill().rest(encoder)
            return
        for wanted in following:
            send_wanted(app, VectorsWanted(encoder=wanted[0], cursor=wanted[1]))

    @app.task(name=ArticlePublished.name, bind=True)  # type: ignore[untyped-decorator]
    def on_article_published(task: Any, article_ids: list[int]) -> None:
        event = ArticlePublished(article_ids=tuple(article_ids))
        correlation = _correlation(task, event.article_ids)
        metrics.BATCH.observe(len(event.article_ids))
        handled = pipeline().handle(event.article_ids)
        queue = QueueName((task.request.delivery_info or {}).get("routing_key") or QueueName.FRESH)
        _record(handled, queue, correlation)
        _send_alone(app, queue, handled.alone, correlation)
        record_changes(pipeline().put_right(handled))
        pipeline().advance_epoch()


def send_wanted(app: Celery, wanted: VectorsWanted) -> None:
    """Send the next step of a re-index; what cannot be sent now is the sweep's."""
    try:
        arguments = [wanted.encoder, wanted.cursor]
        send(app, VectorsWanted.name, QueueName.REINDEX, arguments, {"sent_at": time.time()})
    except BrokerError as error:
        log.warning("could not send the next step of a re-index, the sweep will", error=first_line(error))


def _record_absence(encoder: str, reason: str) -> None:
    metrics.ENCODER_FAILURES.labels(encoder).inc()
    log.warning("vectors cannot be had now, articles get theirs later", encoder=encoder, reason=reason)


def _correlation(task: Any, ids: Sequence[int]) -> dict[int, str]:
    given = task.request.get("correlation_ids") or []
    return dict(zip(ids, given, strict=False))


def _record(handled: Handled, queue: QueueName, correlation: dict[int, str]) -> None:
    if handled.error is not None:
        causes = sorted({correlation.get(id_, "") for id_ in handled.alone})
        log.error("batch failed", articles=len(handled.alone), correlation_ids=causes, exc_info=handled.error)
    now = datetime.now(UTC)
    for decided in handled.result.decided:
        metrics.OUTCOMES.labels(decided.outcome).inc()
        lag = None
        if decided.outcome == "ready" and decided.changed_at is not None:
            lag = (now - decided.changed_at).total_seconds()
            metrics.LAG.labels(queue).observe(max(0.0, lag))
        log.info(
            "article decided",
            article=decided.article_id,
            outcome=decided.outcome,
            lag=lag,
            correlation_id=correlation.get(decided.article_id),
        )
    for count in handled.result.candidates:
        metrics.CANDIDATES.observe(count)
    metrics.RELATIONS.inc(handled.result.relations)
    for encoder, reason in handled.result.without:
        _record_absence(encoder, reason)


def record_changes(changes: Changes) -> None:
    """Count and log what was merged and split."""
    for level, found in (("story", changes.stories), ("theme", changes.themes)):
        for change in found:
            kind = "merged" if isinstance(change, Merged) else "split"
            metrics.REGROUPED.labels(level, kind).inc()
            log.info("put right", level=level, change=kind, **asdict(change))


def _send_alone(app: Celery, queue: QueueName, ids: Sequence[int], correlation: dict[int, str]) -> None:
    """Send each article as a message of its own; what cannot be sent now is the sweep's."""
    try:
        for id_ in ids:
            headers = {"correlation_ids": [correlation.get(id_, "")], "sent_at": time.time()}
            send(app, ArticlePublished.name, queue, [[id_]], headers)
            metrics.SPLIT.inc()
    except BrokerError as error:
        log.warning("could not send articles alone, the sweep will", error=first_line(error))
