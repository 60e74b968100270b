"""Calls between services, answered by a process that knows no web framework: values in, values out.

They are served beside the metrics (`themeline.shared.telemetry.exposition`), and are no part of the public interface.
"""

import json
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog

from themeline.shared.problems import PROBLEM_JSON, Problem, from_status
from themeline.shared.telemetry.exposition import Reply, Request, Route
from themeline.shared.telemetry.logging import acceptable_correlation_id, logger

# How long a call waits for its turn before it is told to come back.
TURN_S = 2.0
RETRY_AFTER_S = 1

log = logger(__name__)


def json_reply(document: Mapping[str, Any]) -> Reply:
    return Reply(json.dumps(document, ensure_ascii=False).encode())


def problem_reply(problem: Problem) -> Reply:
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Reply(json.dumps(problem.document()).encode(), HTTPStatus(problem.status), PROBLEM_JSON, headers)


def guarded(answer: Route, *, at_once: int, away: tuple[type[Exception], ...] = ()) -> Route:
    """Make a route out of `answer`: at most `at_once` run, and every failure is a problem document.

    `away` are the exceptions of a database that does not answer.
    """
    turns = threading.BoundedSemaphore(at_once)

    def route(request: Request) -> Reply:
        if not turns.acquire(timeout=TURN_S):
            return problem_reply(_unavailable("busy", "Too many ask at once"))
        structlog.contextvars.bind_contextvars(correlation_id=acceptable_correlation_id(request.correlation_id))
        try:
            return answer(request)
        except Problem as problem:
            return problem_reply(problem)
        except away as error:
            log.warning("database away", error=f"{type(error).__name__}: {error}"[:500])
            return problem_reply(_unavailable("database-unavailable", "The database cannot be reached"))
        except Exception:
            log.exception("unexpected failure")
            return problem_reply(from_status(500, "The failure is logged."))
        finally:
            turns.release()

    return route


def _unavailable(kind: str, title: str) -> Problem:
    detail = f"Nothing is lost; try again in {RETRY_AFTER_S} s."
    return Problem(503, kind, title, detail, headers={"Retry-After": str(RETRY_AFTER_S)})
