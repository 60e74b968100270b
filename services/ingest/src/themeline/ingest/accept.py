"""The use case behind every way in: items, one result an item, stored in one transaction a call."""

from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from tenacity import RetryError, retry, retry_if_exception, stop_after_attempt, wait_random

from themeline.ingest import metrics
from themeline.ingest.core.drafts import Draft, Rejection, parse_draft
from themeline.ingest.core.rejections import gathered, rejected_item
from themeline.ingest.core.ways import Way
from themeline.ingest.publish import Published, publish
from themeline.ingest.store import rejected_items
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.process import first_line
from themeline.shared.telemetry.logging import logger

log = logger(__name__)

# Requests that claim one article's key at once: the one that lost finds the article next time. Measured: of
# 384 requests by eight clients over the same 60 new articles, 52 lost once, 3 four times and 1 five times.
MOST_RACES = 10
LONGEST_WAIT_S = 0.05


class TooManyRacesError(Exception):
    """Others store the same articles right now; the same call will do better in a second."""


def accept(
    sessions: Sessions, items: Sequence[object | Rejection], way: Way, *, correlation_id: str
) -> list[Published]:
    """Store what can be stored; return what became of each item, in order. What is rejected is kept, too.

    Args:
        sessions: where to.
        items: decoded JSON, any of it, in the fields of a pushed item; or why there is none.
        way: how they came in. Pages that are pushed whole are read here; those of feeds were read in the sandbox.
        correlation_id: of the request or poll that brought them.

    Raises:
        TooManyRacesError: nothing of this call is stored.
    """
    pushed = way.origin == "push"
    parsed = [item if isinstance(item, Rejection) else parse_draft(item, reads_pages=pushed) for item in items]
    try:
        stored = iter(_store(sessions, [item for item in parsed if isinstance(item, Draft)], way, correlation_id))
    except RetryError as error:
        raise TooManyRacesError from error
    results = [
        Published("rejected", rejection=item) if isinstance(item, Rejection) else next(stored) for item in parsed
    ]
    said = [item if isinstance(draft, Rejection) else draft for item, draft in zip(items, parsed, strict=True)]
    _keep_rejected(sessions, said, results, way)
    return results


def _keep_rejected(sessions: Sessions, said: Sequence[object], results: Sequence[Published], way: Way) -> None:
    """Keep what was rejected; what was accepted is stored already, and is not put at risk for this."""
    rejected = gathered(
        rejected_item(item, result.rejection, way)
        for item, result in zip(said, results, strict=True)
        if result.rejection is not None
    )
    if not rejected:
        return
    try:
        with unit_of_work(sessions) as session:
            rejected_items.record(session, rejected)
    except SQLAlchemyError as error:
        metrics.REJECTED_LOST.inc(len(rejected))
        log.warning("rejected items not kept", items=len(rejected), error=first_line(error))


def _lost_a_race(error: BaseException) -> bool:
    lost = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected)
    return isinstance(error, DBAPIError) and isinstance(error.orig, lost)


@retry(
    retry=retry_if_exception(_lost_a_race),
    stop=stop_after_attempt(MOST_RACES),
    wait=wait_random(max=LONGEST_WAIT_S),
)
def _store(sessions: Sessions, drafts: Sequence[Draft], way: Way, correlation_id: str) -> list[Published]:
    if not drafts:
        return []
    with unit_of_work(sessions) as session:
        return publish(session, drafts, way=way, now=datetime.now(UTC), correlation_id=correlation_id)
