"""The interface's own description."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from themeline.shared import interface

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


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Make `app` describe its answers with their examples as they were declared."""
    interface.install(app, TAGS, routers)
