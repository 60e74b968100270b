"""Examples of every answer, for the interface's own documentation."""

from http import HTTPStatus
from typing import Any

from themeline.api import errors
from themeline.shared.problems import PROBLEM_JSON, Problem

_ID = "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11"
_OTHER = "5d6a3c1b-77c4-4b0e-8f53-0d3f6f0f2a20"
_STORY = {"id": "9a1de0f2-1f57-4f4c-9f5f-6a4a0b6f1c33", "label": "Harbour bridge closes for repairs"}
_THEME = {"id": "c4f2b8d6-3f0a-4a61-8f1d-7f9b5f1e2d44", "label": "Harbour bridge, Port authority"}
_TIME = {"utc": "2025-07-12T09:12:51Z", "http": "Sat, 12 Jul 2025 09:12:51 GMT"}

ARTICLE: dict[str, Any] = {
    "id": _ID,
    "url": "https://courier.example/2025/07/bridge",
    "title": "Harbour bridge to close for a month",
    "source": "Daily Courier",
    "language": "en",
    "image": None,
    "published": {
        **_TIME,
        "raw": "Sat Jul 12 2025 12:12:51 GMT+0300 (Eastern European Summer Time)",
        "precision": "second",
        "zone_assumed": False,
        "evidence": "push.published",
        "flags": [],
    },
    "undated": False,
    "published_raw": "Sat Jul 12 2025 12:12:51 GMT+0300 (Eastern European Summer Time)",
    "ingested_at": "2025-07-12T09:13:02.418Z",
    "related_at": "2025-07-12T09:13:02.731Z",
    "version": 1,
    "corrections": 0,
    "corrected_at": None,
    "state": "ready",
    "duplicate_of": None,
    "event_dates": [{"date": "2025-07-14", "text": "Monday morning", "precision": "morning"}],
    "story": _STORY,
    "theme": _THEME,
}
ARTICLE_LIST = {"items": [ARTICLE], "next": "AAAAAAAGOcu2N8hAAAAAAAAAAAE"}
BOX = {
    "article": ARTICLE,
    "items": [
        {
            "id": _OTHER,
            "url": "https://tribune.example/news/bridge-ferry",
            "title": "Extra ferries while the harbour bridge is closed",
            "source": "Evening Tribune",
            "image": None,
            "published": {"utc": "2025-07-12T11:40:00Z", "http": "Sat, 12 Jul 2025 11:40:00 GMT"},
            "undated": False,
            "score": 0.93,
            "level": "story",
            "copies": 2,
            "sources": ["Evening Tribune", "Coast Weekly"],
            "reasons": [{"signal": "names", "weight": 0.41, "shared": ["Harbour Bridge"]}],
        }
    ],
    "pending": False,
    "notice": None,
}
_STORY_SUMMARY = {
    **_STORY,
    "article_count": 2,
    "first_at": "2025-07-12T09:12:51Z",
    "last_at": "2025-07-12T11:40:00Z",
    "phase": "emerging",
    "split_from": None,
}
STORY = {**_STORY_SUMMARY, "theme": _THEME, "items": [ARTICLE], "next": None}
_THEME_SUMMARY = {
    **_THEME,
    "article_count": 2,
    "story_count": 1,
    "first_at": "2025-07-12T09:12:51Z",
    "last_at": "2025-07-12T11:40:00Z",
    "phase": "emerging",
    "split_from": None,
    "latest": {key: BOX["items"][0][key] for key in ("id", "title", "url", "source", "published")},  # type: ignore[index]
}
THEME_LIST = {"items": [_THEME_SUMMARY], "next": None}
THEME = {**_THEME_SUMMARY, "stories": [_STORY_SUMMARY], "items": [ARTICLE], "next": None}


def _step(
    at: str, step: str, outcome: str, detail: str | None = None, version: int | None = None, request: str | None = None
) -> dict[str, Any]:
    values = {"at": at, "step": step, "outcome": outcome, "detail": detail}
    return values | {"version": version, "correlation_id": request}


def _explained(article: dict[str, Any], **values: Any) -> dict[str, Any]:
    members = ("id", "url", "title", "source")
    common = {"state": "ready", "duplicate_of": None, "story": _STORY, "theme": _THEME}
    return {name: article[name] for name in members} | common | values


EXPLANATION: dict[str, Any] = {
    "a": _explained(ARTICLE, published=_TIME),
    "b": _explained(BOX["items"][0], published=BOX["items"][0]["published"]),  # type: ignore[index]
    "related": True,
    "level": "story",
    "same_text": False,
    "theme": 0.93,
    "story": 0.88,
    "floor": 0.5,
    "why": [
        "Related: one theme with a probability of 0.93, and boxes show 0.50 or more.",
        "Both are in the story “Harbour bridge closes for repairs”.",
        "For it: names and numbers 41 % (Harbour Bridge); meaning 32 %; words 27 % (ferry, bridge).",
        "Against it: time between them.",
    ],
    "signals": [
        {"signal": "names", "value": 0.61, "weight": 3.2, "contribution": 1.9, "shared": ["Harbour Bridge"]},
        {"signal": "dense", "value": 0.72, "weight": 6.1, "contribution": 1.5, "shared": []},
        {"signal": "lexical", "value": 0.44, "weight": 3.9, "contribution": 1.3, "shared": ["ferry", "bridge"]},
        {"signal": "time", "value": -0.1, "weight": 2.6, "contribution": -0.3, "shared": []},
    ],
    "stored": {"theme": 0.93, "story": 0.88, "epoch": 12, "at": "2025-07-12T11:40:02Z"},
    "found_by": ["vectors", "words"],
    "hours_apart": 2.5,
    "horizon_hours": 720.0,
    "encoder": "wordllama-256",
    "epoch": 12,
}

TRACE: dict[str, Any] = {
    "id": _ID,
    "url": ARTICLE["url"],
    "state": "ready",
    "summary": "version 2 related 140 ms after it was received; in the story “Harbour bridge closes for repairs”",
    "steps": [
        _step("2025-07-12T09:13:02Z", "received", "published", version=1),
        _step("2025-07-12T09:13:02.731Z", "decided", "ready", version=1),
        _step("2025-07-12T09:20:00Z", "rejected", "missing-field", "once, by push: `title` is required."),
        _step("2025-07-12T10:00:00Z", "received", "changed", "pushed", 2, "7f6d0c1e"),
        _step("2025-07-12T10:00:00.010Z", "sent", "queued", version=2),
        _step("2025-07-12T10:00:00.030Z", "tried", "begun", "once, 1 of them alone", 2),
        _step(
            "2025-07-12T10:00:00.140Z",
            "placed",
            "in a story",
            f"12 relations; story {_STORY['id']} “{_STORY['label']}”; theme {_THEME['id']} “{_THEME['label']}”",
            2,
        ),
    ],
}
VERSIONS: dict[str, Any] = {
    "id": _ID,
    "corrections": 1,
    "corrected_at": "2025-07-12T10:00:00Z",
    "items": [
        {
            "version": 2,
            "at": "2025-07-12T10:00:00Z",
            "cause": "changed",
            "title": "Harbour bridge to close for a month",
            "published_raw": ARTICLE["published_raw"],
            "words": 412,
            "changes": {
                "title": {"from": "Harbour bridge to close", "to": "Harbour bridge to close for a month"},
                "published": None,
                "text": [{"op": "replace", "from": "It closes on Monday.", "to": "It closes on Tuesday."}],
                "more": 0,
            },
        },
        {
            "version": 1,
            "at": "2025-07-12T09:13:02Z",
            "cause": "published",
            "title": "Harbour bridge to close",
            "published_raw": ARTICLE["published_raw"],
            "words": 412,
            "changes": None,
        },
    ],
    "next": None,
}
QUARANTINE: dict[str, Any] = {
    "items": [
        {name: ARTICLE[name] for name in ("id", "url", "title", "source", "version")}
        | {
            "attempts": 3,
            "last_error": "the worker process ended during the attempt: killed, out of memory or out of time",
            "since": "2025-07-12T09:14:40Z",
        }
    ],
    "next": None,
}

PROBLEMS: dict[int, Problem] = {
    400: errors.bad_parameter("window", "tomorrow", "is a number with m, h, d or w, such as 24h or 7d, or all"),
    404: errors.unknown("article", _ID),
    410: errors.withdrawn(_ID),
    503: Problem(
        503,
        "database-unavailable",
        "The database cannot be reached",
        "Nothing is lost; try again in 2 seconds.",
    ),
}


def answers(example: Any, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route: the example of its success, and the problems it may answer with."""
    declared: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": example}}}}
    for status in statuses:
        if status == HTTPStatus.PERMANENT_REDIRECT:
            declared[status] = {"description": "Merged into another; `Location` names it."}
        else:
            declared[status] = _problem(PROBLEMS[status])
    return declared


def _problem(problem: Problem) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": problem.title,
        "content": {PROBLEM_JSON: {"schema": schema, "example": problem.document()}},
    }
