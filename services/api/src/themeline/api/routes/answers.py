"""How every answer is written, and how a route reaches the database."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from themeline.api import errors
from themeline.shared.db import Sessions

# Only the usual form of an id; `UUID()` alone would also take braces and prefixes.
ID_LENGTH = 36


async def _sessions(request: Request) -> Sessions:
    """Without `async` the lookup of an attribute would cost a trip to the thread pool."""
    sessions: Sessions = request.app.state.sessions
    return sessions


SessionsOfApp = Annotated[Sessions, Depends(_sessions)]


def answer(model: BaseModel, cache_control: str = "no-cache", **headers: str) -> Response:
    """Write an answer that is known to be valid, without FastAPI validating it again."""
    return Response(
        model.model_dump_json(),
        media_type="application/json",
        headers={"Cache-Control": cache_control} | headers,
    )


def read_id(kind: str, text: str) -> UUID:
    """Read an id from the path; what is none is as unknown as one that nobody has."""
    try:
        if len(text) == ID_LENGTH:
            return UUID(text)
    except ValueError:
        pass
    raise errors.unknown(kind, text)
