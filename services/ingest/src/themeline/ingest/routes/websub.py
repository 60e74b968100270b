"""Where hubs ask whether a subscription is meant, and tell that a feed has news (WebSub)."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from themeline.ingest import metrics, subscriptions
from themeline.ingest.core.feeds.websub import Confirmed, NotOurs
from themeline.ingest.intake import Intake
from themeline.ingest.routes.answers import read_id
from themeline.shared.db import unit_of_work
from themeline.shared.interface import problems
from themeline.shared.problems import Problem
from themeline.shared.telemetry.logging import logger

# A hub's words are shown to nobody as a page.
PLAIN = {"X-Content-Type-Options": "nosniff"}

router = APIRouter(prefix="/v1/websub", tags=["feeds"])
log = logger(__name__)


@router.get(
    "/{token}",
    response_class=PlainTextResponse,
    operation_id="verify_subscription",
    summary="For hubs: whether a subscription is meant",
    responses=problems(404, 503),
)
def verify_subscription(request: Request, token: str) -> PlainTextResponse:
    """The challenge, if a feed asked for this; an empty answer where a hub says that it refuses."""
    callback = read_id("subscription", token)
    with unit_of_work(request.app.state.sessions) as session:
        meaning = subscriptions.verify(session, callback, request.query_params, now=datetime.now(UTC))
    metrics.WEBSUB.labels("verified" if isinstance(meaning, Confirmed) else "refused").inc()
    if isinstance(meaning, NotOurs):
        detail = f"Nobody here asked for this subscription: {meaning.reason}."
        raise Problem(404, "unknown-subscription", "There is no such subscription", detail)
    log.info("hub answered", meaning=type(meaning).__name__.lower())
    return PlainTextResponse(meaning.challenge if isinstance(meaning, Confirmed) else "", headers=PLAIN)


@router.post(
    "/{token}",
    status_code=202,
    response_class=PlainTextResponse,
    operation_id="take_notification",
    summary="For hubs: a feed has news",
    responses=problems(410, 413, 503),
)
async def take_notification(request: Request, token: str) -> PlainTextResponse:
    """The feed is polled at once; what the hub delivers is not read. Without the hub's signature nothing is done.

    The answer is the same then, so that nobody learns by trying.
    """
    callback = read_id("subscription", token)
    intake: Intake = request.app.state.intake
    with intake.room() as room:
        body = await intake.read(request, room)
        event = await run_in_threadpool(_notified, request, callback, body)
    if event is None:
        # WebSub, section 7: a hub ends the subscription that it tells of in vain.
        raise Problem(410, "unknown-subscription", "There is no such subscription", "The feed is not read any more.")
    metrics.WEBSUB.labels(event).inc()
    return PlainTextResponse("", status_code=202, headers=PLAIN)


def _notified(request: Request, callback: UUID, body: bytes) -> str | None:
    signature = request.headers.get("x-hub-signature")
    with unit_of_work(request.app.state.sessions) as session:
        return subscriptions.notified(session, callback, body, signature, now=datetime.now(UTC))
