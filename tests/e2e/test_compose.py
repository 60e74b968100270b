"""docker-compose.yml as a platform team meets it: up, used, scaled, looked into, down, and up again."""

import json
from pathlib import Path
from typing import Any

import pytest

import themeline.embedded
from containers import BUILD_SECONDS, Stack, stack
from repository import panel_queries
from support import wait_for
from themeline.shared.events import QueueName

SAMPLE = Path(themeline.embedded.__file__).parent / "sample" / "articles.jsonl"
DEMO = "https://sellenburg-courier.example/nation/2026/10/wendrich-resigns-hollin-gates-inquiry"
ONE_SHOTS = ("secrets", "migrate", "roles")
JOBS = {"ingest", "fetcher", "relay", "related", "sweep", "api", "prometheus", "alertmanager"}
OWN_SERVERS = ("postgres", "valkey", *sorted(JOBS))
# What the first minutes of a healthy system do not show.
QUIET = ("Failures of relay and sweep",)

WRITE_AS_API = """
import os, sqlalchemy
engine = sqlalchemy.create_engine(os.environ["THEMELINE_DATABASE_URL"])
with engine.begin() as connection:
    connection.execute(sqlalchemy.text("update articles set title = title"))
"""


@pytest.mark.containers
@pytest.mark.timeout(BUILD_SECONDS + 600)
def test_the_containers_serve_a_box_and_keep_it() -> None:
    with stack() as project:
        project.compose("build", "--quiet", timeout=BUILD_SECONDS)
        start(project)
        box = push_and_wait_for_the_box(project)
        check_that_prometheus_sees_everything(project)
        check_that_every_panel_can_be_drawn(project)
        check_that_services_are_kept_apart(project)
        check_that_workers_can_be_scaled(project)
        project.compose("down", "--timeout", "30")
        start(project)
        # labels follow the articles that came after the box was read; the entries are those of the same relations
        assert entries(related(project)) == entries(box)
        assert project.push(SAMPLE.read_bytes())["results"][0]["status"] == "unchanged"
        logs = project.compose("logs", "--no-color", "--no-log-prefix")
        assert "Traceback" not in logs


def entries(box: dict[str, Any]) -> list[tuple[str, float]]:
    return [(item["id"], item["score"]) for item in box["items"]]


def start(project: Stack) -> None:
    project.compose("up", "--detach", "--wait", *project.services())
    for name in ONE_SHOTS:
        (container,) = project.containers(name)
        assert (container["State"], container["ExitCode"]) == ("exited", 0), name
    for name in OWN_SERVERS:
        (container,) = project.containers(name)
        assert container["Health"] == "healthy", name


def push_and_wait_for_the_box(project: Stack) -> Any:
    lines = SAMPLE.read_bytes().splitlines()
    # both queues are consumed: the later half goes the slow way
    half = len(lines) // 2
    later = [json.dumps(json.loads(line) | {"priority": "backfill"}).encode() for line in lines[half:]]
    answer = project.push(b"\n".join([*lines[:half], *later]))
    assert answer["rejected"] == 0, answer

    def pending() -> list[Any]:
        items: list[Any] = project.get("API", "/v1/articles", state="pending").json()["items"]
        return items

    wait_for(lambda: not pending(), timeout=60, what="every article is related")
    box = related(project)
    assert len(box["items"]) >= 5
    withdraw_and_restore(project, answer["results"][0]["id"])
    wait_for(lambda: not pending(), timeout=60, what="the restored article is related")
    assert project.get("API", "/docs").status_code == 200
    return box


def withdraw_and_restore(project: Stack, article: str) -> None:
    project.send("DELETE", f"/v1/articles/{article}")
    assert project.get("API", f"/v1/articles/{article}").status_code == 410
    project.send("POST", f"/v1/articles/{article}/restore")
    assert project.get("API", f"/v1/articles/{article}").status_code == 200


def related(project: Stack) -> Any:
    article = project.get("API", "/v1/articles", url=DEMO).json()
    return project.get("API", f"/v1/articles/{article['id']}/related").json()


def up_targets(project: Stack) -> list[str]:
    targets = project.prometheus("targets", state="active")["activeTargets"]
    assert targets
    return [target["labels"]["job"] for target in targets if target["health"] == "up"]


def check_that_prometheus_sees_everything(project: Stack) -> None:
    wait_for(lambda: sorted(up_targets(project)) == sorted(JOBS), timeout=60, what="every target is up")
    groups = project.prometheus("rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    wait_for(lambda: project.prometheus("alertmanagers")["activeAlertmanagers"], timeout=30)
    assert rules
    assert {rule["health"] for rule in rules} <= {"ok", "unknown"}


def check_that_every_panel_can_be_drawn(project: Stack) -> None:
    for title, query in panel_queries():
        expression = query.replace("$__rate_interval", "1m")

        def samples(expression: str = expression) -> Any:
            return project.prometheus("query", query=expression)["result"]

        if title in QUIET:
            samples()
        else:
            wait_for(samples, timeout=60, what=f"the panel {title} shows something: {expression}")


def check_that_services_are_kept_apart(project: Stack) -> None:
    for name in ("ingest", "relay", "related", "sweep", "api"):
        assert project.inside(name, "id", "-u").strip() == "10001"
        assert "Read-only file system" in project.inside(name, "touch", "/app/stray")
    assert "Permission denied" in project.inside("api", "cat", "/secrets/owner/password")
    assert "Permission denied" in project.inside("api", "cat", "/secrets/ingest/password")
    assert "No module named" in project.inside("api", "python", "-c", "import themeline.related")
    assert "NOAUTH" in project.inside("valkey", "valkey-cli", "llen", QueueName.FRESH)
    denied = project.inside("api", "themeline-run", "python", "-c", WRITE_AS_API)
    assert "permission denied for table articles" in denied
    for name in ("postgres", "valkey", "relay", "related", "sweep"):
        (container,) = project.containers(name)
        assert not [port for port in container["Publishers"] or [] if port["PublishedPort"]], name


def check_that_workers_can_be_scaled(project: Stack) -> None:
    project.compose("up", "--detach", "--wait", "--scale", "related=3", *project.services())
    assert len(project.containers("related")) == 3
    wait_for(lambda: up_targets(project).count("related") == 3, timeout=60, what="three workers are scraped")
    project.compose("up", "--detach", "--wait", *project.services())
    wait_for(lambda: sorted(up_targets(project)) == sorted(JOBS), timeout=60, what="one worker is scraped")
