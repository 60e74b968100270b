"""Lists of feeds in and out (OPML)."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from themeline.ingest.bodies import media_type
from themeline.ingest.core.feeds.opml import NotOpmlError, Opml, parse_opml
from themeline.ingest.core.feedviews import ImportAnswer
from themeline.ingest.feeds import lists, managing
from themeline.ingest.intake import Intake, Room
from themeline.ingest.routes import examples
from themeline.ingest.routes.feeds import taken
from themeline.shared.db import read_only, unit_of_work
from themeline.shared.interface import problems
from themeline.shared.problems import Problem
from themeline.shared.telemetry.logging import logger

# OPML has no registered type: what readers and servers call it. A page of a stranger can send none of them from a
# reader's browser without being asked.
OPML_TYPES = frozenset({"text/x-opml", "text/x-opml+xml", "application/xml", "text/xml", "application/octet-stream"})
OPML = "text/x-opml"
# The largest lists that people share have a few thousand; all of it is one transaction.
MAX_FEEDS = 10_000

router = APIRouter(prefix="/v1/feeds", tags=["feeds"])
log = logger(__name__)


@router.post(
    "/import",
    operation_id="import_feeds",
    summary="Add the feeds of a list (OPML)",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {OPML: {"schema": {"type": "string"}, "example": examples.OPML}},
        }
    },
    responses={
        200: examples.described("What became of each line", examples.IMPORT),
        **problems(400, 409, 413, 415, 503),
    },
)
async def import_feeds(request: Request) -> ImportAnswer:
    """Again: the same feeds, all `existing`. Folders are not kept. A feed's source is the one that a list of ours
    names, or else the host of its address."""
    given = media_type(request.headers.get("content-type"))
    if given not in OPML_TYPES:
        detail = f"Content-Type {given[:80]!r} is not understood; send {OPML}."
        raise Problem(415, "unsupported-media-type", "The media type is not supported", detail)
    intake: Intake = request.app.state.intake
    with intake.room() as room:
        body = await intake.read(request, room)
        return await run_in_threadpool(_import, request, room, body)


@router.get(
    "/export",
    response_class=Response,
    operation_id="export_feeds",
    summary="Every feed that is not retired, as a list for other readers (OPML)",
    responses={
        200: {"description": "The list", "content": {OPML: {"schema": {"type": "string"}, "example": examples.OPML}}},
        **problems(503),
    },
)
def export_feeds(request: Request) -> Response:
    """A folder for each source."""
    with read_only(request.app.state.sessions) as session:
        body = lists.give_list(session, now=datetime.now(UTC))
    headers = {"Content-Disposition": 'attachment; filename="feeds.opml"', "X-Content-Type-Options": "nosniff"}
    return Response(body, media_type=OPML, headers=headers)


def _import(request: Request, room: Room, body: bytes) -> ImportAnswer:
    intake: Intake = request.app.state.intake
    opml = _read(intake.inflated(body, request.headers.get("content-encoding", ""), room))
    try:
        with unit_of_work(request.app.state.sessions) as session:
            answer = lists.take_list(session, opml, now=datetime.now(UTC))
    except managing.AddressTakenError as error:
        raise taken() from error
    log.info("feeds imported", added=answer.added, existing=answer.existing, rejected=answer.rejected)
    return answer


def _read(body: bytes) -> Opml:
    try:
        opml = parse_opml(body)
    except NotOpmlError as error:
        raise Problem(400, "not-opml", "The body is no list of feeds", f"The list cannot be read: {error}.") from error
    if len(opml.feeds) > MAX_FEEDS:
        detail = f"The list has {len(opml.feeds):,} feeds; the limit is {MAX_FEEDS:,}. Send it in parts."
        raise Problem(413, "too-many-feeds", "Too many feeds", detail)
    return opml
