"""The interface's own description."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

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

    def amend(document: dict[str, Any]) -> None:
        for route in chain.from_iterable(router.routes for router in routers):
            if isinstance(route, APIRoute):
                _restore_examples(document["paths"][route.path]["get"]["responses"], route.responses)

    interface.install(app, TAGS, amend)


def _restore_examples(described: dict[str, Any], declared: dict[int | str, dict[str, Any]]) -> None:
    """Put examples back as they were declared: FastAPI drops their members that are null."""
    for status, answer in declared.items():
        for media_type, content in answer.get("content", {}).items():
            described[str(status)]["content"][media_type]["example"] = content["example"]
