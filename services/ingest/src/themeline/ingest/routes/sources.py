"""Sources: how each publisher is treated."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from themeline.ingest import sources
from themeline.ingest.core.drafts import MAX_SOURCE
from themeline.ingest.core.forms import Paging
from themeline.ingest.core.sourceforms import SourceForm, SourcePage, SourceView
from themeline.ingest.routes import examples
from themeline.ingest.routes.answers import MAX_ID_ECHO
from themeline.ingest.routes.forms import bad_parameter, form, form_body
from themeline.shared.db import read_only, unit_of_work
from themeline.shared.interface import problems
from themeline.shared.problems import Problem

router = APIRouter(prefix="/v1/sources", tags=["sources"])


@router.get(
    "",
    operation_id="list_sources",
    summary="Sources by key, with what came from each",
    responses={200: examples.described("One page", examples.SOURCE_PAGE), **problems(400, 503)},
)
def list_sources(request: Request, wanted: Annotated[Paging, Query()]) -> SourcePage:
    with read_only(request.app.state.sessions) as session:
        try:
            return sources.page(session, wanted)
        except ValueError as error:
            raise bad_parameter("cursor", wanted.cursor or "", error) from error


@router.get(
    "/{key}",
    operation_id="get_source",
    summary="One source, by its key or first name",
    responses={200: examples.described("The source", examples.SOURCE), **problems(404, 503)},
)
def get_source(request: Request, key: str) -> SourceView:
    with read_only(request.app.state.sessions) as session:
        return _shown(session, key)


@router.put(
    "/{key}",
    operation_id="put_source",
    summary="Create a source, or say everything of it anew: what is absent gets its default",
    openapi_extra=form_body(SourceForm, examples.SOURCE_FORM),
    responses={
        200: examples.described("It was known", examples.SOURCE),
        201: examples.described("It is new", examples.SOURCE),
        **problems(400, 415, 503),
    },
)
def put_source(
    request: Request, response: Response, key: str, wanted: Annotated[SourceForm, Depends(form(SourceForm))]
) -> SourceView:
    """Settings count for what comes from now on: stored articles keep the times that were read for them."""
    _check(key)
    with unit_of_work(request.app.state.sessions) as session:
        if sources.put(session, key, wanted):
            response.status_code = 201
        return _shown(session, key)


@router.patch(
    "/{key}",
    operation_id="change_source",
    summary="Change a source: what is absent stays",
    openapi_extra=form_body(SourceForm, examples.SOURCE_FORM),
    responses={200: examples.described("The source as it is now", examples.SOURCE), **problems(400, 404, 415, 503)},
)
def change_source(request: Request, key: str, wanted: Annotated[SourceForm, Depends(form(SourceForm))]) -> SourceView:
    """Settings count for what comes from now on: stored articles keep the times that were read for them."""
    with unit_of_work(request.app.state.sessions) as session:
        if not sources.change(session, key, wanted):
            raise _unknown(key)
        return _shown(session, key)


def _check(key: str) -> None:
    if len(key) > MAX_SOURCE or not key.isprintable() or not any(character.isalnum() for character in key):
        detail = f"A key has letters or digits, and at most {MAX_SOURCE} characters."
        raise Problem(400, "invalid-parameter", "A parameter is not valid", detail, parameter="key")


def _shown(session: Session, key: str) -> SourceView:
    view = sources.show(session, key)
    if view is None:
        raise _unknown(key)
    return view


def _unknown(key: str) -> Problem:
    return Problem(404, "unknown-source", "There is no such source", f"No source is called {key[:MAX_ID_ECHO]!r}.")
