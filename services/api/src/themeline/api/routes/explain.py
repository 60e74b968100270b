"""Why two articles are related, or are not."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from themeline.api import examples, schemas
from themeline.api.parameters import Pair
from themeline.api.queries.explain import explanation, find_pair
from themeline.api.related import Related
from themeline.api.routes.answers import SessionsOfApp, answer
from themeline.shared.db import read_only

router = APIRouter(prefix="/v1", tags=["articles"])


async def _related(request: Request) -> Related:
    related: Related = request.app.state.related
    return related


@router.get(
    "/explain",
    operation_id="explain_pair",
    summary="Why two articles are related, or are not",
    response_model=schemas.Explanation,
    responses=examples.answers(examples.EXPLANATION, 400, 404, 410, 503),
)
def explain_pair(
    sessions: SessionsOfApp, related: Annotated[Related, Depends(_related)], wanted: Annotated[Pair, Query()]
) -> Response:
    with read_only(sessions) as session:
        one, other = find_pair(session, wanted)
    # No connection is held while related is asked.
    found = related.explain(one.public_id, other.public_id)
    return answer(explanation(one, other, found), "no-store")
