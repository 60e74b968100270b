"""One pushed body: items in, one result an item out, stored in pieces of one transaction each."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError
from tenacity import RetryError, retry, retry_if_exception, stop_after_attempt, wait_random

from themeline.ingest import bodies, metrics
from themeline.ingest.core.drafts import Draft, Rejection, parse_draft
from themeline.ingest.publish import Published, publish
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.problems import TYPE_PREFIX, Problem
from themeline.shared.telemetry.logging import correlation_id, logger

log = logger(__name__)

# Requests that claim one article's key at once: the one that lost finds the article next time. Measured: of
# 384 requests by eight clients over the same 60 new articles, 52 lost once, 3 four times and 1 five times.
MOST_RACES = 10
LONGEST_WAIT_S = 0.05
RETRY_AFTER_S = 1


def push(sessions: Sessions, body: bytes, content_type: str | None) -> dict[str, Any]:
    """Return the answer to a body; raise `Problem` where it is no list of items."""
    found = bodies.items(body, content_type)
    results: list[dict[str, Any]] = []
    for at in range(0, len(found), bodies.MAX_ITEMS):
        results += _push_items(sessions, found[at : at + bodies.MAX_ITEMS])
    rejected = sum(result["status"] == "rejected" for result in results)
    log.info("articles received", accepted=len(results) - rejected, rejected=rejected)
    return {"accepted": len(results) - rejected, "rejected": rejected, "results": results}


def _push_items(sessions: Sessions, found: Sequence[Any]) -> Iterator[dict[str, Any]]:
    parsed = [item.rejection if isinstance(item, bodies.Unreadable) else parse_draft(item) for item in found]
    try:
        stored = iter(_store(sessions, [item for item in parsed if isinstance(item, Draft)]))
    except RetryError as error:
        raise _too_many_races() from error
    for item in parsed:
        result = Published("rejected", rejection=item) if isinstance(item, Rejection) else next(stored)
        metrics.RECEIVED.labels(result.status).inc()
        yield _result(result)


def _lost_a_race(error: BaseException) -> bool:
    lost = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected)
    return isinstance(error, DBAPIError) and isinstance(error.orig, lost)


@retry(
    retry=retry_if_exception(_lost_a_race),
    stop=stop_after_attempt(MOST_RACES),
    wait=wait_random(max=LONGEST_WAIT_S),
)
def _store(sessions: Sessions, drafts: Sequence[Draft]) -> list[Published]:
    if not drafts:
        return []
    with unit_of_work(sessions) as session:
        return publish(session, drafts, now=datetime.now(UTC), correlation_id=correlation_id())


def _too_many_races() -> Problem:
    detail = f"Others are storing the same articles right now; send this again in {RETRY_AFTER_S} second."
    return Problem(503, "busy", "The service is busy", detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def _result(published: Published) -> dict[str, Any]:
    result: dict[str, Any] = {"status": published.status}
    if published.id is not None:
        result |= {"id": published.id, "url": published.url}
    if published.notices:
        result["notices"] = list(published.notices)
    if published.rejection is not None:
        result["problem"] = _problem(published.rejection)
    return result


def _problem(rejection: Rejection) -> dict[str, Any]:
    problem = {"type": TYPE_PREFIX + rejection.type, "title": rejection.title, "detail": rejection.detail}
    return problem | ({"field": rejection.field} if rejection.field else {})
