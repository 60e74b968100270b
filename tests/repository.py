"""What tests about the repository itself need: its files, its compose file, its metrics."""

import ast
import json
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("ingest", "related", "api")
SOURCES = ("shared/src", *(f"services/{name}/src" for name in SERVICES), "deploy/embedded/src", "deploy/cli/src")
METRIC_CLASSES = ("Counter", "Gauge", "Histogram", "GaugeMetricFamily")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that belongs to the repository."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=True, text=True)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def python_sources() -> Iterator[tuple[Path, ast.Module]]:
    """Each module of the six distributions, parsed."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


@cache
def compose_file() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def compose_services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = compose_file()["services"]
    return services


def metrics_in_code() -> dict[str, str]:
    """The name of each metric that the code declares, and its class."""
    found = {}
    for _, tree in python_sources():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(name)), *_]) if (
                    kind in METRIC_CLASSES
                ):
                    found[name] = kind
    return found


def dashboard_panels() -> list[dict[str, Any]]:
    """The panels of the dashboard, without the headings between them."""
    dashboard = json.loads((ROOT / "deploy/grafana/dashboards/themeline.json").read_text(encoding="utf-8"))
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def panel_queries() -> list[tuple[str, str]]:
    """The title of a panel and one of its queries, for each query."""
    return [(panel["title"], target["expr"]) for panel in dashboard_panels() for target in panel["targets"]]


def alert_rules() -> list[dict[str, Any]]:
    """Each rule of alerts.yml: alerts and recorded expressions."""
    loaded = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def pins(name: str) -> dict[str, str]:
    """The packages of a requirement file, and the version of each."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found = (line.split()[0].partition("==") for line in lines if "==" in line and not line.startswith(" "))
    return {package: version for package, _, version in found}
