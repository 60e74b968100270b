"""One pushed body: items in, one result an item out, stored in pieces of one transaction each."""

from collections.abc import Iterator, Sequence
from typing import Any

from themeline.ingest import bodies, metrics
from themeline.ingest.accept import TooManyRacesError, accept
from themeline.ingest.core.drafts import Rejection
from themeline.ingest.core.ways import PUSH
from themeline.ingest.publish import Published
from themeline.shared.db import Sessions
from themeline.shared.problems import TYPE_PREFIX, Problem
from themeline.shared.telemetry.logging import correlation_id, logger

log = logger(__name__)

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
    items = [item.rejection if isinstance(item, bodies.Unreadable) else item for item in found]
    try:
        stored = accept(sessions, items, PUSH, correlation_id=correlation_id())
    except TooManyRacesError as error:
        raise _too_many_races() from error
    for result in stored:
        metrics.RECEIVED.labels(result.status).inc()
        yield _result(result)


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
