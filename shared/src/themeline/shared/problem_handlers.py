"""Every error of an HTTP service as `application/problem+json`. Needs the extra `http`."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from themeline.shared.problems import PROBLEM_JSON, Problem, from_status
from themeline.shared.telemetry.logging import logger

# How much of a client's bad value is repeated to it.
MAX_ECHO = 80
# What SQLAlchemy raises while PostgreSQL cannot answer.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeoutError)
# A restarted PostgreSQL or a busy pool is usually back within this time.
RETRY_AFTER_S = 2

log = logger(__name__)


def install(app: FastAPI) -> None:
    """Make `app` answer every failure as a problem document; install it before the telemetry middleware.

    A failure nobody expected is logged with its traceback and answered as 500 without details.
    """
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    for kind in DATABASE_AWAY:
        app.add_exception_handler(kind, _on_database_away)
    app.add_middleware(_Unexpected)


def response(problem: Problem) -> JSONResponse:
    """Return the answer to a problem; no cache may keep it, since the next moment can cure it."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(problem.document(), status_code=problem.status, headers=headers, media_type=PROBLEM_JSON)


def invalid_request(errors: Sequence[Any]) -> Problem:
    """Return the problem of a request that does not fit its declaration, naming what is wrong.

    `errors` is in pydantic's form. Parameters give a 400, a body gives a 422.
    """
    details = [_error(error) for error in errors]
    first = details[0]
    in_body = first["in"] == "body"
    extension: dict[str, Any] = {"field" if in_body else "parameter": first["name"]}
    return Problem(
        422 if in_body else 400,
        "invalid-body" if in_body else "invalid-parameter",
        "The body is not valid" if in_body else "A parameter is not valid",
        "; ".join(f"{detail['name']}: {detail['message']}" for detail in details),
        errors=details,
        **extension,
    )


def database_away(error: Exception) -> Problem:
    """Log one of DATABASE_AWAY and return its problem, which says nothing about the server."""
    log.error("database away", error=f"{type(error).__name__}: {error}"[:500])
    return Problem(
        503,
        "database-unavailable",
        "The database cannot be reached",
        f"Nothing is lost; try again in {RETRY_AFTER_S} seconds.",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _error(error: Any) -> dict[str, str]:
    place, *path = (str(part) for part in error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ")
    given = error.get("input")
    if isinstance(given, str | int | float) and error["type"] != "missing":
        message += f" (given: {_echo(str(given))})"
    return {"in": place, "name": ".".join(path) or place, "message": message}


def _echo(value: str) -> str:
    return repr(value if len(value) <= MAX_ECHO else value[:MAX_ECHO] + "…")


async def _on_problem(_request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)  # noqa: S101  narrows the type: registered for this class alone
    return response(problem)


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  as above
    detail = {
        404: f"There is nothing at {_echo(request.url.path)}; /docs lists what there is.",
        405: f"{request.method} is not possible at {_echo(request.url.path)}.",
    }.get(error.status_code, str(error.detail))
    problem = from_status(error.status_code, detail)
    problem.headers.update(error.headers or {})
    return response(problem)


async def _on_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  as above
    return response(invalid_request(error.errors()))


async def _on_database_away(_request: Request, error: Exception) -> JSONResponse:
    return response(database_away(error))


class _Unexpected:
    """Answers what no handler expected.

    A handler for `Exception` would do so outside the telemetry, without the correlation id.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            if scope["type"] != "http" or started:
                raise
            log.exception("unexpected failure")
            detail = "The failure is logged; quote the X-Request-ID of this answer when you report it."
            await response(from_status(500, detail))(scope, receive, send)
