"""Feeds: added, listed, changed, removed, asked for now."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from themeline.ingest.core.feedforms import FeedChange, FeedFilter, FeedForm
from themeline.ingest.core.feedviews import FeedPage, FeedView
from themeline.ingest.feeds import managing, showing
from themeline.ingest.routes import examples
from themeline.ingest.routes.answers import read_id, unknown
from themeline.ingest.routes.forms import bad_parameter, form, form_body
from themeline.shared.db import read_only, unit_of_work
from themeline.shared.interface import problems
from themeline.shared.problems import Problem
from themeline.shared.telemetry.logging import logger

router = APIRouter(prefix="/v1/feeds", tags=["feeds"])
log = logger(__name__)


@router.post(
    "",
    status_code=201,
    operation_id="add_feed",
    summary="Read a feed, a sitemap, or a site's feed, from now on",
    openapi_extra=form_body(FeedForm, examples.FEED_FORM),
    responses={
        200: examples.described("It is read already, and stays as it is", examples.FEED),
        201: examples.described("It is polled at once", examples.FEED),
        **problems(400, 409, 413, 415, 503),
    },
)
def add_feed(request: Request, response: Response, wanted: Annotated[FeedForm, Depends(form(FeedForm))]) -> FeedView:
    """Nothing is fetched yet: the first poll, at once, finds out what the address is, and a site's feed.

    An address that is known, as a feed's or as what a feed was added by, changes nothing; a retired feed is tried
    again.
    """
    now = datetime.now(UTC)
    try:
        with unit_of_work(request.app.state.sessions) as session:
            (added,) = managing.add(session, [wanted], now=now)
            view = _shown(session, added.public_id, now)
    except managing.AddressTakenError as error:
        raise taken() from error
    if added.status == "existing":
        response.status_code = 200
    else:
        log.info("feed added", feed=str(added.public_id), url=added.url)
    response.headers["Location"] = f"/v1/feeds/{added.public_id}"
    return view


@router.get(
    "",
    operation_id="list_feeds",
    summary="Feeds and how they are, the latest added first",
    responses={200: examples.described("One page", examples.FEED_PAGE), **problems(400, 503)},
)
def list_feeds(request: Request, wanted: Annotated[FeedFilter, Query()]) -> FeedPage:
    with read_only(request.app.state.sessions) as session:
        try:
            return showing.page(session, wanted, now=datetime.now(UTC))
        except ValueError as error:
            raise bad_parameter("cursor", wanted.cursor or "", error) from error


@router.get(
    "/{id}",
    operation_id="get_feed",
    summary="One feed and how it is",
    responses={200: examples.described("The feed", examples.FEED), **problems(404, 503)},
)
def get_feed(request: Request, id: str) -> FeedView:  # noqa: A002  the parameter's name in the path
    feed = read_id("feed", id)
    with read_only(request.app.state.sessions) as session:
        return _shown(session, feed, datetime.now(UTC))


@router.patch(
    "/{id}",
    operation_id="change_feed",
    summary="Change a feed: what is absent stays",
    openapi_extra=form_body(FeedChange, examples.FEED_CHANGE),
    responses={200: examples.described("The feed as it is now", examples.FEED), **problems(400, 404, 409, 415, 503)},
)
def change_feed(
    request: Request,
    id: str,  # noqa: A002  as above
    wanted: Annotated[FeedChange, Depends(form(FeedChange))],
) -> FeedView:
    """Another address is polled at once, and nothing that was known of the old one counts for it.

    Another source holds for what is read from now on: stored articles keep theirs.
    """
    feed, now = read_id("feed", id), datetime.now(UTC)
    try:
        with unit_of_work(request.app.state.sessions) as session:
            if not managing.change(session, feed, wanted, now=now):
                raise unknown("feed", id)
            return _shown(session, feed, now)
    except managing.AddressTakenError as error:
        raise taken() from error


@router.delete(
    "/{id}",
    status_code=204,
    operation_id="remove_feed",
    summary="Stop reading a feed, and forget it; its articles stay",
    responses=problems(404, 503),
)
def remove_feed(request: Request, id: str) -> None:  # noqa: A002  as above
    feed = read_id("feed", id)
    with unit_of_work(request.app.state.sessions) as session:
        if not managing.remove(session, feed):
            raise unknown("feed", id)
    log.info("feed removed", feed=str(feed))


@router.post(
    "/{id}/poll",
    status_code=202,
    operation_id="poll_feed",
    summary="Poll a feed as soon as its host's turn comes",
    responses={
        202: examples.described("It is due; `polls` tells when it was polled", examples.FEED),
        **problems(404, 409, 503),
    },
)
def poll_feed(request: Request, id: str) -> FeedView:  # noqa: A002  as above
    feed, now = read_id("feed", id), datetime.now(UTC)
    with unit_of_work(request.app.state.sessions) as session:
        state = managing.poll_now(session, feed, now=now)
        if state is None:
            raise unknown("feed", id)
        if state != "active":
            detail = f"The feed is {state}. Make its `state` active to have it polled."
            raise Problem(409, "feed-not-active", "The feed is not polled", detail)
        return _shown(session, feed, now)


def taken() -> Problem:
    """Return the problem of an address at which another feed is read."""
    detail = "Another feed is read at this address; GET /v1/feeds?url=… names it."
    return Problem(409, "feed-exists", "There is such a feed already", detail, field="url")


def _shown(session: Session, feed: UUID, now: datetime) -> FeedView:
    view = showing.show(session, feed, now=now)
    if view is None:
        raise unknown("feed", str(feed))
    return view
