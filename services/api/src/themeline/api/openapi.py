"""The interface's own description."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

TAGS = [
    {"name": "articles", "description": "Articles, and the box *More on theme* of each."},
    {"name": "themes", "description": "Themes hold stories, stories hold articles. Their ids last."},
    {"name": "operation", "description": "For probes and for Prometheus."},
]
DESCRIPTION = """\
Articles on the same theme, with their times.

Every error is `application/problem+json` (RFC 9457); `type` is stable, `detail` says what to do.
Lists are paged by opaque cursors: repeat the call with `cursor` set to `next` until that is `null`.
Times are RFC 3339 in UTC. An article under embargo is unknown everywhere until its time has come.
"""
PROBLEM_SCHEMA = {
    "title": "Problem",
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stable name, `urn:themeline:problem:…`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string", "description": "The parameter at fault, where it is one."},
    },
}


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Make `app` describe the problems it answers with, in place of FastAPI's own 422."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app, routers)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _describe(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, tags=TAGS, routes=app.routes
    )
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    for route in chain.from_iterable(router.routes for router in routers):
        if isinstance(route, APIRoute):
            _restore_examples(document["paths"][route.path]["get"]["responses"], route.responses)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    return document


def _restore_examples(described: dict[str, Any], declared: dict[int | str, dict[str, Any]]) -> None:
    """Put examples back as they were declared: FastAPI drops their members that are null."""
    for status, answer in declared.items():
        for media_type, content in answer.get("content", {}).items():
            described[str(status)]["content"][media_type]["example"] = content["example"]
