"""The way of an article through real processes: pushed over HTTP, related, served over HTTP."""

import itertools
from functools import partial
from typing import Any

from e2e.processes import Processes
from integration.related.scene import CHESS, FLOOD
from support import wait_for

NEWS = [
    {"title": title, "text": text, "source": f"Paper {at}", "published": f"Mon, 14 Jul 2025 {at + 8:02}:00:00 GMT"}
    for at, (title, text) in enumerate(FLOOD)
]
OTHERS = [{"title": title, "text": text, "source": "Rook Weekly"} for title, text in CHESS]
SECONDS = 60.0


def test_an_article_gets_its_box_and_appears_in_the_boxes_of_older_ones(processes: Processes) -> None:
    processes.start("ingest", "relay", "related", "api")
    first, *others = processes.push(*NEWS[:3], *OTHERS, headers={"X-Request-ID": "the-first-request"})
    _wait_until_ready(processes, first, *others)
    assert _box(processes, first) == [NEWS[2]["title"], NEWS[1]["title"]]
    (late,) = processes.push(NEWS[3], headers={"X-Request-ID": "the-second-request"})
    _wait_until_ready(processes, late)
    assert _box(processes, late) == [each["title"] for each in reversed(NEWS[:3])]
    assert _box(processes, first) == [each["title"] for each in reversed(NEWS[1:])]
    _assert_one_id_follows_each_request(processes)
    _withdraw_and_restore(processes, late, first)
    processes.stop("related")
    _assert_only_json_is_logged(processes)


def test_counts_are_exact_whichever_process_did_the_work(processes: Processes) -> None:
    processes.configure(workers="2", sweep_grace_seconds="3600")
    processes.start("ingest", "relay", "related", "api", "sweep")
    _assert_nothing_is_waiting(processes)
    accepted = [processes.push({**each, "external_id": f"{number}"})[0] for number, each in _many(24)]
    _wait_until_ready(processes, *accepted)
    _assert_counted(processes, 24)
    # What a process counted stays counted when it is gone, and its successor counts on.
    for child in processes.process("related").children():
        child.kill()
    more = [processes.push({**each, "external_id": f"more {number}"})[0] for number, each in _many(8)]
    _wait_until_ready(processes, *more)
    _assert_counted(processes, 32)
    _assert_nothing_is_waiting(processes)
    wait_for(lambda: processes.metric("sweep", "themeline_sweeps_total", outcome="done"), SECONDS, "a sweep")


def test_a_restart_of_everything_keeps_everything(processes: Processes) -> None:
    processes.start("ingest", "relay", "related", "sweep", "api")
    ids = processes.push(*NEWS, *OTHERS)
    _wait_until_ready(processes, *ids)
    before = [processes.get(f"/v1/articles/{id_}/related") for id_ in ids]
    processes.stop()
    processes.start("ingest", "relay", "related", "sweep", "api")
    assert [processes.get(f"/v1/articles/{id_}/related") for id_ in ids] == before
    (late,) = processes.push({**NEWS[0], "title": "Orlenz at Brennach: a second wave is on its way"})
    _wait_until_ready(processes, late)
    assert _box(processes, late)


def _many(number: int) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(itertools.islice(itertools.cycle([*NEWS, *OTHERS]), number)))


def _wait_until_ready(processes: Processes, *ids: str) -> None:
    for id_ in ids:
        wait_for(partial(_is_ready, processes, id_), SECONDS, f"{id_} is ready")


def _is_ready(processes: Processes, id_: str) -> bool:
    return bool(processes.get(f"/v1/articles/{id_}")["state"] == "ready")


def _box(processes: Processes, id_: str) -> list[str]:
    """The titles of a box, newest first."""
    return [item["title"] for item in processes.get(f"/v1/articles/{id_}/related")["items"]]


def _withdraw_and_restore(processes: Processes, id_: str, neighbour: str) -> None:
    status, _ = processes.request("ingest", f"/v1/articles/{id_}", method="DELETE")
    assert status in {200, 202, 204}
    assert processes.request("api", f"/v1/articles/{id_}")[0] == 410
    assert NEWS[3]["title"] not in _box(processes, neighbour)
    wait_for(lambda: _outcomes(processes, "withdrawn") == 1, SECONDS, "the withdrawal is worked on")
    status, _ = processes.request("ingest", f"/v1/articles/{id_}/restore", method="POST")
    assert status in {200, 202, 204}
    _wait_until_ready(processes, id_)
    assert NEWS[3]["title"] in _box(processes, neighbour)


def _outcomes(processes: Processes, outcome: str) -> float:
    return processes.metric("related", "themeline_article_outcomes_total", outcome=outcome)


def _assert_one_id_follows_each_request(processes: Processes) -> None:
    """The id of an HTTP request is on the line of each article that it brought, in the worker's log."""
    lines = [line for line in processes.log_lines("related") if line["event"] == "article decided"]
    assert [line["correlation_id"] for line in lines] == ["the-first-request"] * 5 + ["the-second-request"]
    assert all(line["outcome"] == "ready" and line["lag"] >= 0 for line in lines)


def _assert_only_json_is_logged(processes: Processes) -> None:
    """Every line is a JSON object, and standard output holds no more than Celery's word of its shutdown."""
    assert {line["service"] for line in processes.log_lines("related")} == {"related"}
    assert processes.output("related").split() in ([], ["worker:", "Warm", "shutdown", "(MainProcess)"])


def _assert_counted(processes: Processes, articles: int) -> None:
    """Each metric of the worker has moved, those of articles by one an article."""
    wait_for(lambda: _outcomes(processes, "ready") == articles, SECONDS, "all are counted")
    for name in (
        "themeline_article_lag_seconds_count",
        "themeline_batch_articles_sum",
        "themeline_candidates_count",
    ):
        assert processes.metric("related", name) == articles, name
    messages = processes.metric("related", "themeline_batch_articles_count")
    tasks = processes.metric("related", "themeline_tasks_total", task="article.published", outcome="success")
    assert messages == tasks == processes.metric("related", "themeline_task_duration_seconds_count")
    assert messages == processes.metric("related", "themeline_queue_wait_seconds_count", queue="related.fresh")
    assert processes.metric("related", "themeline_relations_saved_total") > articles
    for stage in ("features", "encode", "save_features", "search", "load", "score", "save_relations", "assign"):
        assert processes.metric("related", "themeline_stage_duration_seconds_count", stage=stage) == messages, stage


def _assert_nothing_is_waiting(processes: Processes) -> None:
    for service in ("related", "sweep"):
        for name in (
            "themeline_queue_length",
            "themeline_queue_oldest_age_seconds",
            "themeline_pending_articles",
            "themeline_pending_oldest_age_seconds",
            "themeline_quarantined_articles",
        ):
            assert processes.metric(service, name) == 0, (service, name)
