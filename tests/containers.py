"""A compose project of a test's own: its containers, ports and volumes, removed at the end."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from repository import ROOT, compose_services
from support import free_port, missing, require_program

PORTS = ("API", "INGEST", "PROMETHEUS", "ALERTMANAGER", "GRAFANA")
# Building three images and downloading what is in them.
BUILD_SECONDS = 900
COMMAND_SECONDS = 300


def require_engine() -> None:
    """Skip, or fail in CI, without a container engine; CI may say that none can run where it runs."""
    reason = os.environ.get("THEMELINE_TEST_WITHOUT_CONTAINERS")
    if reason:
        pytest.skip(reason)
    docker = require_program("docker")
    for question in ("info", "compose version"):
        answer = subprocess.run([docker, *question.split()], capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            missing(f"docker {question}: {(answer.stderr.strip() or 'no answer').splitlines()[-1]}")


class Stack:
    """One project of docker-compose.yml."""

    def __init__(self) -> None:
        self.ports = {name: free_port() for name in PORTS}
        self._environment = os.environ | {
            "COMPOSE_PROJECT_NAME": f"themeline-test-{os.getpid()}",
            "THEMELINE_TAG": "test",
            **{f"THEMELINE_{name}_PORT": str(port) for name, port in self.ports.items()},
        }

    def compose(self, *arguments: str, check: bool = True, timeout: float = COMMAND_SECONDS) -> str:
        """Run a compose command; return what it said."""
        done = subprocess.run(
            ["docker", "compose", *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        if check and done.returncode != 0:
            said = done.stdout + done.stderr
            pytest.fail(f"docker compose {' '.join(arguments)} exited {done.returncode}:\n{said}\n{self.logs()}")
        return done.stdout + done.stderr

    def logs(self) -> str:
        return self.compose("logs", "--no-color", "--tail=60", check=False)

    def services(self) -> list[str]:
        """Every service, but for those whose public image cannot be had here."""
        return [
            name for name, service in compose_services().items() if "build" in service or self._has(service["image"])
        ]

    def containers(self, service: str) -> list[dict[str, Any]]:
        listed = self.compose("ps", "-a", "--format", "json", service)
        return [json.loads(line) for line in listed.splitlines() if line.startswith("{")]

    def inside(self, service: str, *command: str) -> str:
        """Run a command in a running container; return what it said, also when it failed."""
        return self.compose("exec", "-T", service, *command, check=False)

    def get(self, name: str, path: str, **parameters: str) -> httpx.Response:
        return httpx.get(self._url(name, path), params=parameters, trust_env=False, timeout=30)

    def push(self, lines: bytes) -> dict[str, Any]:
        """Send JSON Lines to the ingest service."""
        result: dict[str, Any] = self.send("POST", "/v1/articles", lines).json()
        return result

    def send(self, method: str, path: str, lines: bytes = b"") -> httpx.Response:
        """Ask the ingest service for something; it must not refuse."""
        answer = httpx.request(
            method,
            self._url("INGEST", path),
            content=lines,
            headers={"Content-Type": "application/x-ndjson"},
            trust_env=False,
            timeout=60,
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def prometheus(self, path: str, **parameters: str) -> Any:
        answer = self.get("PROMETHEUS", f"/api/v1/{path}", **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def _url(self, name: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def _has(self, image: str) -> bool:
        found = ["docker", "image", "inspect", image]
        if subprocess.run(found, capture_output=True, check=False).returncode == 0:
            return True
        pull = subprocess.run(
            ["docker", "pull", "-q", image], capture_output=True, check=False, timeout=COMMAND_SECONDS
        )
        return pull.returncode == 0


@contextmanager
def stack() -> Iterator[Stack]:
    """A project that is not running yet; nothing of it is left at the end."""
    require_engine()
    project = Stack()
    try:
        yield project
    finally:
        project.compose("down", "--volumes", "--remove-orphans", "--timeout", "10", check=False)
