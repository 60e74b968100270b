"""Articles in, withdrawn, back again, and tried again."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from themeline.ingest import metrics, schemas
from themeline.ingest.intake import Intake, Room
from themeline.ingest.push import push
from themeline.ingest.routes.answers import read_id, unknown
from themeline.ingest.withdraw import restore, retry, withdraw
from themeline.shared.db import unit_of_work
from themeline.shared.interface import problems
from themeline.shared.problems import Problem
from themeline.shared.telemetry.logging import correlation_id, logger

router = APIRouter(prefix="/v1/articles", tags=["articles"])
log = logger(__name__)


class Retried(BaseModel):
    """A quarantined article that is tried again."""

    id: str
    status: Literal["retried"]


@router.post(
    "",
    status_code=202,
    response_model=schemas.PushAnswer,
    operation_id="push_articles",
    summary="Push articles: one JSON object, an array of up to 1,000, or NDJSON",
    openapi_extra={"requestBody": schemas.REQUEST_BODY},
    responses={202: schemas.PUSH_EXAMPLE, **problems(400, 413, 415, 503)},
)
async def push_articles(request: Request) -> Response:
    """Answers once every accepted article is durably stored. The same request twice changes nothing."""
    intake: Intake = request.app.state.intake
    with intake.room() as room:
        body = await intake.read(request, room)
        return await run_in_threadpool(_push, request, room, body)


def _push(request: Request, room: Room, body: bytes) -> Response:
    intake: Intake = request.app.state.intake
    text = intake.inflated(body, request.headers.get("content-encoding", ""), room)
    answer = push(request.app.state.sessions, text, request.headers.get("content-type"))
    return JSONResponse(answer, status_code=202)


@router.delete(
    "/{id}",
    response_model=schemas.ArticleStatus,
    operation_id="withdraw_article",
    summary="Withdraw an article from everywhere",
    responses=problems(404, 503),
)
def withdraw_article(request: Request, id: str) -> dict[str, str]:  # noqa: A002  the parameter's name in the path
    """Again: the same answer."""
    article = read_id("article", id)
    with unit_of_work(request.app.state.sessions) as session:
        changed = withdraw(session, article, correlation_id=correlation_id())
    return _changed(article, "withdrawn", changed)


@router.post(
    "/{id}/restore",
    response_model=schemas.ArticleStatus,
    operation_id="restore_article",
    summary="Bring a withdrawn article back",
    responses=problems(404, 503),
)
def restore_article(request: Request, id: str) -> dict[str, str]:  # noqa: A002  as above
    """Again: the same answer."""
    article = read_id("article", id)
    with unit_of_work(request.app.state.sessions) as session:
        changed = restore(session, article, correlation_id=correlation_id())
    return _changed(article, "restored", changed)


@router.post(
    "/{id}/retry",
    response_model=Retried,
    operation_id="retry_article",
    summary="Let a quarantined article be tried again",
    responses=problems(404, 409, 503),
)
def retry_article(request: Request, id: str) -> dict[str, str]:  # noqa: A002  as above
    """It gets a new version, whose attempts are counted anew."""
    article = read_id("article", id)
    with unit_of_work(request.app.state.sessions) as session:
        changed = retry(session, article, correlation_id=correlation_id())
    if changed is None:
        raise unknown("article", str(article))
    if not changed:
        detail = f"The article {article} is not in quarantine: there is nothing to try again."
        raise Problem(409, "not-quarantined", "The article is not in quarantine", detail)
    log.info("article status changed", status="retried", article=str(article))
    return {"id": str(article), "status": "retried"}


def _changed(article: UUID, status: str, changed: bool | None) -> dict[str, str]:  # noqa: FBT001  what the use case said
    if changed is None:
        raise unknown("article", str(article))
    if changed:
        metrics.WITHDRAWALS.labels(status).inc()
        log.info("article status changed", status=status, article=str(article))
    return {"id": str(article), "status": status}
