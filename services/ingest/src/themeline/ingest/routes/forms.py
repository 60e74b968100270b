"""Bodies that are one small form, and the problems of those that cannot be read."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError

from themeline.ingest.bodies import JSON_TYPES, media_type
from themeline.ingest.core.forms import Form
from themeline.ingest.intake import Intake
from themeline.shared.problem_handlers import invalid_request
from themeline.shared.problems import Problem

# RFC 7396: what our PATCH takes is such a document. A body without a type is one that a page of a stranger can send
# from a reader's browser without being asked, as are all types but these.
FORM_TYPES = JSON_TYPES - {""} | {"application/merge-patch+json"}

F = TypeVar("F", bound=Form)


def form(kind: type[F]) -> Callable[[Request], Awaitable[F]]:
    """Return what reads a form of this kind from a request, for `Depends`."""

    async def read(request: Request) -> F:
        given = media_type(request.headers.get("content-type"))
        if given not in FORM_TYPES:
            detail = f"Content-Type {given[:80]!r} is not understood; send application/json."
            raise Problem(415, "unsupported-media-type", "The media type is not supported", detail)
        intake: Intake = request.app.state.intake
        with intake.room() as room:
            return parse(kind, await intake.read(request, room))

    return read


def parse(kind: type[F], body: bytes) -> F:
    """Read a form.

    Raises:
        Problem: 400, naming the field.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from error


def form_body(kind: type[Form], example: dict[str, Any]) -> dict[str, Any]:
    """Describe such a body, for a route's `openapi_extra`."""
    content = {"application/json": {"schema": kind.model_json_schema(), "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def bad_parameter(name: str, value: str, error: ValueError) -> Problem:
    """Return the problem of one query parameter, in the form that every other one has."""
    return invalid_request([{"loc": ("query", name), "msg": str(error), "input": value, "type": "value_error"}])


def _invalid(error: ValidationError) -> Problem:
    errors = error.errors(include_url=False, include_context=False)
    if errors[0]["type"] == "json_invalid":
        detail = f"The body is no JSON: {errors[0]['msg'].removeprefix('Invalid JSON: ')}."
        return Problem(400, "invalid-json", "The body is no JSON", detail)
    told = invalid_request([{**one, "loc": ("body", *one["loc"])} for one in errors])
    return Problem(400, told.type, told.title, told.detail, **told.extensions)
