"""What other services ask of related, answered beside its metrics: values from the query string, JSON back.

Internal: it shows no key, so it belongs where the metrics are, on loopback or a private network. What readers
may not know of, withdrawn or under embargo, is not told here either.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from themeline.related.core.explaining import Comparison
from themeline.related.explain import Explainer, Explanation, Stored, UnknownSubjectError
from themeline.shared.db import Sessions, read_only
from themeline.shared.internal import guarded, json_reply
from themeline.shared.problems import Problem
from themeline.shared.telemetry.exposition import Reply, Request, Route

# Each holds a connection and some milliseconds of the parent process, which also feeds the workers.
AT_ONCE = 2

# What a database that is away or too slow raises: as SQLAlchemy says it, and as psycopg does in binary queries.
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError)


def routes(sessions: Sessions, explainer: Explainer) -> dict[str, Route]:
    """The calls, by method and path."""

    def explain(request: Request) -> Reply:
        one, other = _id(request, "a"), _id(request, "b")
        if one == other:
            raise _bad("b", "is the same article as a")
        with read_only(sessions) as session:
            try:
                found = explainer.explain(session, one, other)
            except UnknownSubjectError as error:
                raise _unknown(error) from None
        return json_reply(document(found))

    return {"GET /internal/explain": guarded(explain, at_once=AT_ONCE, away=AWAY)}


def document(found: Explanation) -> dict[str, Any]:
    """An explanation as JSON."""
    facts, comparison = found.facts, found.facts.comparison
    return {
        "related": facts.related,
        "same_text": facts.is_one_text,
        "floor": facts.floor,
        "story": comparison and comparison.story,
        "theme": comparison and comparison.theme,
        "signals": _signals(comparison),
        "stored": _stored(found.stored),
        "found_by": list(facts.found_by),
        "hours_apart": facts.hours_apart,
        "horizon_hours": facts.horizon_hours,
        "encoder": found.encoder,
        "epoch": found.epoch,
        "why": list(found.why),
    }


def _signals(comparison: Comparison | None) -> list[Mapping[str, Any]]:
    return [
        {
            "signal": each.signal.name.lower(),
            "value": round(each.value, 4),
            "weight": round(each.weight, 4),
            "contribution": round(each.contribution, 4),
            "shared": list(each.shared),
        }
        for each in (comparison.signals if comparison else ())
    ]


def _stored(stored: Stored | None) -> Mapping[str, Any] | None:
    if stored is None:
        return None
    return {"story": stored.story, "theme": stored.theme, "epoch": stored.epoch, "at": stored.at.isoformat()}


def _id(request: Request, name: str) -> UUID:
    try:
        return UUID(request.query.get(name, ""))
    except ValueError:
        raise _bad(name, "is the id of an article") from None


def _unknown(error: UnknownSubjectError) -> Problem:
    name = str(error.public_id)
    return Problem(404, "unknown-article", "No such article", f"There is no article {name}.", id=name)


def _bad(name: str, message: str) -> Problem:
    return Problem(400, "invalid-parameter", "A parameter is not valid", f"{name}: {message}", parameter=name)
