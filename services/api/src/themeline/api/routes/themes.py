"""Themes and stories."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from themeline.api import examples, schemas
from themeline.api.parameters import GroupPaging, ThemeFilter
from themeline.api.queries import stories, themes
from themeline.api.queries.groups import survivor
from themeline.api.routes.answers import SessionsOfApp, answer, read_id
from themeline.shared.db import read_only
from themeline.shared.models import Story, Theme

router = APIRouter(prefix="/v1", tags=["themes"])


@router.get(
    "/themes",
    operation_id="list_themes",
    summary="Themes, the latest active first",
    response_model=schemas.ThemeList,
    responses=examples.answers(examples.THEME_LIST, 400, 503),
)
def list_themes(sessions: SessionsOfApp, wanted: Annotated[ThemeFilter, Query()]) -> Response:
    with read_only(sessions) as session:
        return answer(themes.themes(session, wanted))


@router.get(
    "/themes/{id}",
    operation_id="get_theme",
    summary="One theme: its stories, and its articles in time order",
    response_model=schemas.Theme,
    responses=examples.answers(examples.THEME, 308, 400, 404, 503),
)
def get_theme(
    request: Request,
    sessions: SessionsOfApp,
    id: str,  # noqa: A002  the name in the path
    wanted: Annotated[GroupPaging, Query()],
) -> Response:
    public_id = read_id("theme", id)
    with read_only(sessions) as session:
        row = survivor(session, Theme, public_id)
        if row.public_id != public_id:
            return _moved(request, "themes", row.public_id)
        return answer(themes.theme(session, row, wanted))


@router.get(
    "/stories/{id}",
    operation_id="get_story",
    summary="One story: its articles in time order",
    response_model=schemas.Story,
    responses=examples.answers(examples.STORY, 308, 400, 404, 503),
)
def get_story(
    request: Request,
    sessions: SessionsOfApp,
    id: str,  # noqa: A002  the name in the path
    wanted: Annotated[GroupPaging, Query()],
) -> Response:
    public_id = read_id("story", id)
    with read_only(sessions) as session:
        row = survivor(session, Story, public_id)
        if row.public_id != public_id:
            return _moved(request, "stories", row.public_id)
        return answer(stories.story(session, row, wanted))


def _moved(request: Request, kind: str, public_id: UUID) -> Response:
    """Point to the group that this one was merged into: for good, since merges are not undone by id."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/v1/{kind}/{public_id}{query}", status_code=308)
