"""For operators: where an article is, what it was before, and what was set aside."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from themeline.api import examples
from themeline.api.parameters import Named, Paging, VersionPaging
from themeline.api.queries import quarantine, trace, versions
from themeline.api.queries.whereabouts import find_subject, subject_of_id
from themeline.api.routes.answers import SessionsOfApp, answer, read_id
from themeline.shared.db import read_only

router = APIRouter(prefix="/v1", tags=["articles"])

# What is told is already another a moment later.
FRESH = "no-store"


@router.get(
    "/trace",
    operation_id="find_trace",
    summary="Where is it? By address, by identifier and source, or by id; also what was only ever rejected",
    response_model=trace.Trace,
    responses=examples.answers(examples.TRACE, 400, 404, 503),
)
def find_trace(sessions: SessionsOfApp, wanted: Annotated[Named, Query()]) -> Response:
    with read_only(sessions) as session:
        return answer(trace.trace(session, find_subject(session, wanted)), FRESH)


@router.get(
    "/articles/{id}/trace",
    operation_id="get_article_trace",
    summary="Where is it? Every step of an article, when, and with what outcome",
    response_model=trace.Trace,
    responses=examples.answers(examples.TRACE, 404, 503),
)
def get_article_trace(sessions: SessionsOfApp, id: str) -> Response:  # noqa: A002  the name in the path
    with read_only(sessions) as session:
        return answer(trace.trace(session, subject_of_id(session, id)), FRESH)


@router.get(
    "/articles/{id}/versions",
    operation_id="list_article_versions",
    summary="The versions of an article, and what each of them changed",
    response_model=versions.VersionList,
    responses=examples.answers(examples.VERSIONS, 400, 404, 410, 503),
)
def list_article_versions(
    sessions: SessionsOfApp,
    id: str,  # noqa: A002  the name in the path
    wanted: Annotated[VersionPaging, Query()],
) -> Response:
    public_id = read_id("article", id)
    with read_only(sessions) as session:
        return answer(versions.versions(session, public_id, wanted))


@router.get(
    "/quarantine",
    operation_id="list_quarantine",
    summary="Articles that were set aside after their attempts, the latest first",
    response_model=quarantine.QuarantineList,
    responses=examples.answers(examples.QUARANTINE, 400, 503),
)
def list_quarantine(sessions: SessionsOfApp, wanted: Annotated[Paging, Query()]) -> Response:
    with read_only(sessions) as session:
        return answer(quarantine.quarantine(session, wanted), FRESH)
