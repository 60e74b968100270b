"""The HTTP interface of ingest."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random

from themeline.ingest import bodies, metrics, schemas
from themeline.ingest.core.drafts import Draft, Rejection, parse_draft
from themeline.ingest.publish import Published, publish
from themeline.ingest.withdraw import restore, withdraw
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.problems import TYPE_PREFIX, Problem
from themeline.shared.process import database_missing
from themeline.shared.telemetry import exposition
from themeline.shared.telemetry.logging import correlation_id, logger

router = APIRouter()
log = logger(__name__)

# Two requests that claim one article's key at once: the one that lost finds the article next time.
MOST_RACES = 5


@router.post(
    "/v1/articles",
    status_code=202,
    response_model=schemas.PushAnswer,
    operation_id="push_articles",
    summary="Push articles: one JSON object, an array of up to 1,000, or NDJSON",
    openapi_extra={"requestBody": schemas.REQUEST_BODY},
    tags=["articles"],
)
async def push_articles(request: Request) -> Response:
    """Answers once every accepted article is durably stored. The same request twice changes nothing."""
    limit: int = request.app.state.settings.max_body_bytes
    body = await _read(request, limit)
    return await run_in_threadpool(
        _push,
        request.app.state.sessions,
        bodies.inflate(body, request.headers.get("content-encoding", "").lower(), limit),
        request.headers.get("content-type"),
    )


async def _read(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise bodies.too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise bodies.too_large(limit)
    return bytes(body)


def _push(sessions: Sessions, body: bytes, content_type: str | None) -> Response:
    found = bodies.items(body, content_type)
    results: list[dict[str, Any]] = []
    for at in range(0, len(found), bodies.MAX_ITEMS):
        results += _push_items(sessions, found[at : at + bodies.MAX_ITEMS])
    rejected = sum(result["status"] == "rejected" for result in results)
    answer = {"accepted": len(results) - rejected, "rejected": rejected, "results": results}
    log.info("articles received", accepted=answer["accepted"], rejected=rejected)
    return JSONResponse(answer, status_code=202)


def _push_items(sessions: Sessions, found: Sequence[Any]) -> Iterator[dict[str, Any]]:
    parsed = [item.rejection if isinstance(item, bodies.Unreadable) else parse_draft(item) for item in found]
    stored = iter(_store(sessions, [item for item in parsed if isinstance(item, Draft)]))
    for item in parsed:
        result = Published("rejected", rejection=item) if isinstance(item, Rejection) else next(stored)
        metrics.RECEIVED.labels(result.status).inc()
        yield _result(result)


@retry(
    retry=retry_if_exception_type(IntegrityError),
    stop=stop_after_attempt(MOST_RACES),
    wait=wait_random(max=0.05),
    reraise=True,
)
def _store(sessions: Sessions, drafts: Sequence[Draft]) -> list[Published]:
    with unit_of_work(sessions) as session:
        return publish(session, drafts, now=datetime.now(UTC), correlation_id=correlation_id())


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


@router.delete(
    "/v1/articles/{id}",
    response_model=schemas.ArticleStatus,
    operation_id="withdraw_article",
    summary="Withdraw an article from everywhere",
    tags=["articles"],
)
def withdraw_article(request: Request, id: str) -> dict[str, str]:  # noqa: A002  the parameter's name in the path
    """Again: the same answer."""
    with unit_of_work(request.app.state.sessions) as session:
        changed = withdraw(session, _article_id(id), correlation_id=correlation_id())
    return _changed(id, "withdrawn", changed)


@router.post(
    "/v1/articles/{id}/restore",
    response_model=schemas.ArticleStatus,
    operation_id="restore_article",
    summary="Bring a withdrawn article back",
    tags=["articles"],
)
def restore_article(request: Request, id: str) -> dict[str, str]:  # noqa: A002  as above
    """Again: the same answer."""
    with unit_of_work(request.app.state.sessions) as session:
        changed = restore(session, _article_id(id), correlation_id=correlation_id())
    return _changed(id, "restored", changed)


def _article_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _unknown(text) from error


def _unknown(text: str) -> Problem:
    return Problem(404, "unknown-article", "There is no such article", f"No article has the id {text[:80]!r}.")


def _changed(text: str, status: str, changed: bool | None) -> dict[str, str]:  # noqa: FBT001  what the use case said
    if changed is None:
        raise _unknown(text)
    if changed:
        metrics.WITHDRAWALS.labels(status).inc()
        log.info("article status changed", status=status, article=text)
    return {"id": text, "status": status}


@router.get("/livez", operation_id="get_liveness", summary="The process answers", tags=["operation"])
async def get_liveness() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz", operation_id="get_readiness", summary="What it needs is there", tags=["operation"])
def get_readiness(request: Request) -> dict[str, Any]:
    missing = database_missing(request.app.state.engine)
    if missing:
        raise Problem(503, "not-ready", "The service is not ready", "; ".join(missing), missing=missing)
    return {"status": "ready", "missing": []}


@router.get("/metrics", operation_id="get_metrics", summary="Metrics for Prometheus", tags=["operation"])
def get_metrics(request: Request) -> Response:
    text = exposition.render([metrics.OutboxCollector(request.app.state.sessions)])
    return Response(text, media_type=exposition.CONTENT_TYPE, headers={"Cache-Control": "no-store"})
