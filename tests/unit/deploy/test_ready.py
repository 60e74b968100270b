"""The health check of our containers."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from repository import ROOT
from support import free_port
from themeline.shared.telemetry import exposition


@contextmanager
def service(missing: list[str]) -> Iterator[int]:
    """A service that is ready when nothing is missing, and its port."""
    server = exposition.serve("127.0.0.1", 0, ready=lambda: missing)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        for thread in threading.enumerate():
            if thread.name == "metrics":
                thread.join()


def ready(port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-IS", str(ROOT / "deploy/ready"), str(port)]
    proxy = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(command, env=proxy, capture_output=True, text=True, check=False)


def test_a_ready_service_is_healthy_whatever_proxy_is_set() -> None:
    with service([]) as port:
        assert ready(port).returncode == 0


def test_a_service_that_is_not_ready_says_what_is_missing() -> None:
    with service(["database: not reachable"]) as port:
        result = ready(port)
    assert (result.returncode, result.stderr.strip()) == (1, "database: not reachable")


def test_a_service_that_does_not_listen_is_not_healthy() -> None:
    result = ready(free_port())
    assert result.returncode == 1
    assert result.stderr.startswith("no answer: ")
