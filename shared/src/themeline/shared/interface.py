"""How an HTTP service describes itself: with its problems in place of FastAPI's own 422. Needs the extra `http`."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import chain
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

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
Operations = Iterator[tuple[str, str, dict[int | str, dict[str, Any]]]]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe answers that are problems, for a route's `responses`."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def install(app: FastAPI, tags: Tags, routers: Sequence[APIRouter]) -> None:
    """Make `app` describe itself so, with the examples of its routers as they were declared."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = _describe(app, tags)
            for path, method, declared in _operations(routers):
                _restore_examples(document["paths"][path][method]["responses"], declared)
            app.openapi_schema = document
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


def _operations(routers: Sequence[APIRouter]) -> Operations:
    for route in chain.from_iterable(router.routes for router in routers):
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                yield route.path, method.lower(), route.responses


def _restore_examples(described: dict[str, Any], declared: dict[int | str, dict[str, Any]]) -> None:
    """Put examples back as they were declared: FastAPI drops their members that are null."""
    for status, answer in declared.items():
        for media_type, content in answer.get("content", {}).items():
            if "example" in content:
                described[str(status)]["content"][media_type]["example"] = content["example"]
