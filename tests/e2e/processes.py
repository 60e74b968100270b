"""The services as real processes on the servers of a test, and their HTTP interfaces."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from support import free_port, wait_for

# Starting is slow while other tests use the processors.
START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Service:
    """A module that runs as a process, the setting that takes its port, and the folder of its metrics."""

    module: str
    port_setting: str
    metrics: str


SERVICES = {
    "ingest": Service("themeline.ingest", "THEMELINE_INGEST_PORT", "ingest"),
    "fetcher": Service("themeline.ingest.fetcher", "THEMELINE_METRICS_PORT", "fetcher"),
    "relay": Service("themeline.ingest.relay", "THEMELINE_METRICS_PORT", "relay"),
    "related": Service("themeline.related", "THEMELINE_METRICS_PORT", "related"),
    "sweep": Service("themeline.related.sweep", "THEMELINE_METRICS_PORT", "sweep"),
    "api": Service("themeline.api", "THEMELINE_API_PORT", "api"),
}


class Processes:
    """Starts, stops and kills services that share the servers of one test."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self._folder = folder
        self._running: dict[str, psutil.Popen] = {}
        self._ports = {name: free_port() for name in SERVICES}
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("THEMELINE_")},
            "THEMELINE_DATABASE_URL": database_url,
            "THEMELINE_REDIS_URL": redis_url,
            "THEMELINE_RELATED_URL": f"http://127.0.0.1:{self._ports['related']}",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }

    def configure(self, **settings: str) -> None:
        """Set THEMELINE_* variables of the services started from now on."""
        self._environment |= {f"THEMELINE_{name.upper()}": value for name, value in settings.items()}

    def start(self, *names: str) -> None:
        """Start services, all at once, and wait until each says that it is ready."""
        for name in names:
            self._start(name)
        for name in names:
            wait_for(partial(self.is_ready, name), START_SECONDS, f"{name} is ready")

    def _start(self, name: str) -> None:
        service = SERVICES[name]
        metrics = self._folder / "metrics" / service.metrics
        metrics.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{name}.log").open("ab") as log, (self._folder / f"{name}.out").open("ab") as out:
            self._running[name] = psutil.Popen(
                [sys.executable, "-m", service.module],
                env={
                    **self._environment,
                    service.port_setting: str(self._ports[name]),
                    "PROMETHEUS_MULTIPROC_DIR": str(metrics),
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
            )

    def process(self, name: str) -> psutil.Popen:
        return self._running[name]

    def stop(self, *names: str) -> None:
        """Ask services to stop, and wait until they have."""
        for name in names or tuple(self._running):
            self._running[name].send_signal(signal.SIGTERM)
        for name in names or tuple(self._running):
            code = self._running.pop(name).wait(STOP_SECONDS)
            # uvicorn, having shut down in good order, ends by the signal that asked for it.
            assert code in {0, -signal.SIGTERM}, f"{name} ended with {code}: {self.log(name)[-2000:]}"

    def kill(self, name: str) -> None:
        """Kill a service and all its children at once, as a power cut would."""
        process = self._running.pop(name)
        with suppress(psutil.NoSuchProcess):
            for member in [process, *process.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
        process.wait(STOP_SECONDS)

    def kill_all(self) -> None:
        for name in list(self._running):
            self.kill(name)

    def log(self, name: str) -> str:
        """What a service has said so far."""
        return (self._folder / f"{name}.log").read_text()

    def output(self, name: str) -> str:
        """What a service has written to its standard output."""
        return (self._folder / f"{name}.out").read_text()

    def log_lines(self, name: str) -> list[dict[str, Any]]:
        """What a service has said so far; every line must be a JSON object."""
        return [json.loads(line) for line in self.log(name).splitlines()]

    def is_ready(self, name: str) -> bool:
        process = self._running[name]
        assert process.poll() is None, f"{name} ended: {self.log(name)[-2000:]}"
        try:
            return self.request(name, "/readyz")[0] == 200
        except OSError:
            return False

    def request(
        self, name: str, path: str, *, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Ask a service over HTTP; `body` is sent as JSON."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._ports[name]}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def get(self, path: str) -> Any:
        """What the API answers."""
        status, body = self.request("api", path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def push(self, *articles: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> list[str]:
        """Send articles to the ingest service; return their ids."""
        status, body = self.request("ingest", "/v1/articles", method="POST", body=articles, headers=headers)
        answer = json.loads(body)
        assert status == 202, (status, answer)
        assert answer["rejected"] == 0, answer
        return [result["id"] for result in answer["results"]]

    def metric(self, service: str, name: str, **labels: str) -> float:
        """The value of a metric on a service's page; labels not given may have any value. 0 when it is not there."""
        _, page = self.request(service, "/metrics")
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in page.decode().splitlines()
            if line.split("{")[0].split(" ")[0] == name
            and all(f'{label}="{value}"' in line for label, value in labels.items())
        )


@pytest.fixture
def processes(tmp_path: Path, database_url: str, redis_url: str) -> Iterator[Processes]:
    """Services on the servers of this test; none is running yet."""
    running = Processes(tmp_path, database_url, redis_url)
    yield running
    running.kill_all()
