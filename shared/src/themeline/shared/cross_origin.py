"""Refuses what a page of another site makes a reader's browser send. Needs the extra `http`.

A browser sends simple requests to any address, loopback included, without asking; it cannot be made to lie about where
they come from. Programs send neither header, and are not meant.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from themeline.shared.problem_handlers import response
from themeline.shared.problems import Problem

# Methods that change nothing (RFC 9110, section 9.2.1).
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What browsers say of requests of their own pages, and of those that a person typed.
OWN = frozenset({"same-origin", "none"})


class CrossOriginProtection:
    """Wraps an application: lets through what is safe, of the same origin, or not of a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_foreign(scope["method"], Headers(scope=scope)):
            detail = "A page of another site sent this. Send it from a program, or from a page of this address."
            problem = Problem(403, "cross-origin", "A request of another site's page", detail)
            await response(problem)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_foreign(method: str, headers: Headers) -> bool:
    """Whether a browser says that a page of another origin sends a request that may change something.

    `Sec-Fetch-Site` (W3C Fetch Metadata) says so; browsers before 2023 send `Origin` alone, which is compared with the
    host that was asked.
    """
    if method in SAFE:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in OWN
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")
