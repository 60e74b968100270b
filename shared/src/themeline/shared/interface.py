"""How an HTTP service describes itself: with its problems in place of FastAPI's own 422. Needs the extra `http`."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from themeline.shared.problems import PROBLEM_JSON

PROBLEM_SCHEMA = {
    "title": "Problem",
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Stable name, `urn:themeline:problem:…`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do."},
        "parameter": {"type": "string", "description": "The parameter at fault, where it is one."},
    },
}

Tags = Sequence[dict[str, Any]]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe answers that are problems, for a route's `responses`."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def install(app: FastAPI, tags: Tags, amend: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    """Make `app` describe itself so; `amend` may change the document before it is kept."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app, tags)
            amend(app.openapi_schema)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _describe(app: FastAPI, tags: Tags) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, tags=list(tags), routes=app.routes
    )
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    return document
