"""Awkward texts through the whole system: each is answered for, none is quarantined, and news keeps its boxes."""

import json
from functools import partial
from typing import Any

from awkward import AWKWARD
from e2e.processes import Processes
from newsroom import BUDGET, CHESS, FLOOD, FLOOD_LATER
from support import wait_for
from unrelated import SUBJECTS, TEXTS

SECONDS = 90.0
NOTICE = (
    "This website uses cookies to improve your experience. You may accept or manage your choices below. "
    "Subscribe to the Harbour Gazette today and enjoy unlimited access to all of our journalism. "
    "Sign up for our daily newsletter and get the best of our reporting in the morning. "
) * 3
TIMES = ("Mon, 14 Jul 2025 08:00:00 GMT", "0000-00-00", "9999-12-31T23:59:59Z", "-5", "yesterday, or so", None)


def test_awkward_texts_are_related_or_refused_and_harm_nothing(processes: Processes) -> None:
    processes.start("ingest", "relay", "related", "api", "sweep")
    news = _push(processes, [_item(article.title, article.text) for article in (FLOOD, FLOOD_LATER, CHESS, BUDGET)])
    awkward = _push(processes, [_item(one.title, one.text, language=one.language) for one in AWKWARD.values()])
    pages = zip(SUBJECTS, TEXTS, strict=True)
    notices = _push(processes, [_item(title, NOTICE + text, source="Harbour Gazette") for title, text in pages])
    times = _push(processes, [_item(f"Dated {time}", "It was late.", published=time) for time in TIMES])
    copies = _push(processes, [_item(FLOOD.title, FLOOD.text, source=f"Copyist {at}") for at in range(40)])
    accepted = [result["id"] for result in (*news, *awkward, *notices, *times, *copies) if "id" in result]
    # Only what says nothing, or too much, is refused, and says why.
    refused = {name: one["problem"] for name, one in zip(AWKWARD, awkward, strict=True) if one["status"] == "rejected"}
    assert all(problem["field"] in {"title", "text", "language"} for problem in refused.values())
    assert len(accepted) >= len(news) + len(notices) + len(times) + len(copies) + len(AWKWARD) // 2
    for id_ in accepted:
        wait_for(partial(_is_decided, processes, id_), SECONDS, f"{id_} is ready")
    flood, later, chess, _ = (result["id"] for result in news)
    assert _titles(processes, flood) >= {FLOOD_LATER.title}
    assert FLOOD.title in _titles(processes, later)
    assert not _titles(processes, chess) & {FLOOD.title, FLOOD_LATER.title, BUDGET.title, *SUBJECTS}
    # Copies are one entry with a count, not forty.
    (entry,) = (each for each in _box(processes, later) if each["title"] == FLOOD.title)
    assert entry["copies"] == 41
    # What a source prints on every page relates none of its articles, the first few aside.
    late = notices[len(notices) // 2 :]
    assert not any(_titles(processes, result["id"]) & set(SUBJECTS[len(late) :]) for result in late)


def _item(title: str, text: str, **fields: Any) -> dict[str, Any]:
    """An article that says when it was written, in a paper of its own."""
    found = {"title": title, "text": text, "published": TIMES[0], "source": f"Paper of {title[:40]!r}"} | fields
    return {name: value for name, value in found.items() if value is not None}


def _push(processes: Processes, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As strangers send it: lone surrogates and all."""
    results = []
    for item in items:
        status, body = processes.request("ingest", "/v1/articles", method="POST", body=[item])
        assert status == 202, body
        results += json.loads(body)["results"]
    return results


def _is_decided(processes: Processes, id_: str) -> bool:
    state = processes.get(f"/v1/articles/{id_}")["state"]
    assert state in {"pending", "ready"}
    return bool(state == "ready")


def _box(processes: Processes, id_: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = processes.get(f"/v1/articles/{id_}/related?window=all")["items"]
    return items


def _titles(processes: Processes, id_: str) -> set[str]:
    return {item["title"] for item in _box(processes, id_)}
