"""Whether the service lives, whether it can answer, and its metrics."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from themeline.api import examples, schemas
from themeline.api.readiness import Readiness
from themeline.api.routes.answers import answer
from themeline.shared.problems import Problem
from themeline.shared.telemetry import exposition

router = APIRouter(tags=["operation"])


@router.get(
    "/livez",
    operation_id="get_liveness",
    summary="The process answers",
    response_model=schemas.Health,
    responses=examples.answers({"status": "alive", "missing": []}),
)
async def get_liveness() -> Response:
    return answer(schemas.Health(status="alive"), "no-store")


@router.get(
    "/readyz",
    operation_id="get_readiness",
    summary="What the service needs is there; `missing` names what is not",
    response_model=schemas.Health,
    responses=examples.answers({"status": "ready", "missing": []}, 503),
)
def get_readiness(request: Request) -> Response:
    check: Callable[[], Readiness] = request.app.state.readiness
    found = check()
    if found.needed:
        raise Problem(503, "not-ready", "The service is not ready", "; ".join(found.needed), missing=list(found.needed))
    status = "degraded" if found.wanted else "ready"
    return answer(schemas.Health(status=status, missing=list(found.wanted)), "no-store")


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Metrics in Prometheus' text format",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "# HELP themeline_http_requests_total …\n"}}}},
)
def get_metrics() -> Response:
    return Response(exposition.render(), media_type=exposition.CONTENT_TYPE, headers={"Cache-Control": "no-store"})
