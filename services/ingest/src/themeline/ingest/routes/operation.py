"""What probes and Prometheus ask."""

from typing import Any

from fastapi import APIRouter, Request, Response

from themeline.ingest import metrics
from themeline.shared.interface import problems
from themeline.shared.problems import Problem
from themeline.shared.schema import database_check
from themeline.shared.telemetry import exposition

router = APIRouter(tags=["operation"])


@router.get("/livez", operation_id="get_liveness", summary="The process answers")
async def get_liveness() -> dict[str, str]:
    return {"status": "alive"}


@router.get(
    "/readyz",
    operation_id="get_readiness",
    summary="What it needs is there",
    responses=problems(503),
)
def get_readiness(request: Request) -> dict[str, Any]:
    missing = database_check(request.app.state.engine)()
    if missing:
        raise Problem(503, "not-ready", "The service is not ready", "; ".join(missing), missing=missing)
    return {"status": "ready", "missing": []}


@router.get("/metrics", operation_id="get_metrics", summary="Metrics for Prometheus")
def get_metrics(request: Request) -> Response:
    sessions = request.app.state.sessions
    text = exposition.render([metrics.OutboxCollector(sessions), metrics.FeedsCollector(sessions)])
    return Response(text, media_type=exposition.CONTENT_TYPE, headers={"Cache-Control": "no-store"})
