"""Reading request bodies, within a limit for each and a limit for all that are held at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from starlette.requests import ClientDisconnect

from themeline.ingest.bodies import inflate, too_large
from themeline.shared.problems import Problem

# So many of the largest bodies may be in memory at once; decoded, each takes several times its size.
LARGEST_AT_ONCE = 4
# A push of 1,000 articles takes about a second.
RETRY_AFTER_S = 2


class Intake:
    """Takes bodies in; one that finds no room is told to come again, and nothing of it is kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._lock = threading.Lock()

    @contextmanager
    def room(self) -> Iterator["Room"]:
        """Hold what one request needs until it is answered."""
        room = Room(self)
        try:
            yield room
        finally:
            self.release(room.size)

    async def read(self, request: Request, room: "Room") -> bytes:
        """Return the body as sent."""
        declared = request.headers.get("content-length", "")
        if _is_more(declared, self._limit):
            raise too_large(self._limit)
        body = bytearray()
        try:
            async for chunk in request.stream():
                room.grow(len(chunk))
                body += chunk
                if len(body) > self._limit:
                    raise too_large(self._limit)
        except ClientDisconnect as error:
            detail = "The connection ended before the body did; nothing of it is stored."
            raise Problem(400, "incomplete-body", "The body is incomplete", detail) from error
        return bytes(body)

    def inflated(self, body: bytes, encoding: str, room: "Room") -> bytes:
        """Return the body without its content encoding."""
        text = inflate(body, encoding, self._limit)
        if text is not body:
            room.grow(len(text))
        return text

    def take(self, size: int) -> None:
        with self._lock:
            if self._held + size > LARGEST_AT_ONCE * self._limit:
                raise _busy()
            self._held += size

    def release(self, size: int) -> None:
        with self._lock:
            self._held -= size


class Room:
    """The bytes that one request holds."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self.size = 0

    def grow(self, size: int) -> None:
        self._intake.take(size)
        self.size += size


def _is_more(declared: str, limit: int) -> bool:
    digits = declared.lstrip("0")
    if not (digits.isascii() and digits.isdecimal()):
        return False
    return len(digits) > len(str(limit)) or int(digits) > limit


def _busy() -> Problem:
    detail = f"Too many bodies are being read at once; send this one again in {RETRY_AFTER_S} seconds."
    return Problem(503, "busy", "The service is busy", detail, headers={"Retry-After": str(RETRY_AFTER_S)})
