"""The whole system on one machine: servers, migrations and services, in the foreground."""

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from themeline.embedded.claim import claim
from themeline.embedded.errors import EmbeddedError
from themeline.embedded.folders import private_folder
from themeline.embedded.forks import ForkServer
from themeline.embedded.identity import server_identity
from themeline.embedded.inbox import SignalInbox
from themeline.embedded.logs import ChildLog
from themeline.embedded.ports import LOOPBACK, Port, answers_ready, reachable, require_free
from themeline.embedded.postgres import EmbeddedPostgres
from themeline.embedded.process import Launch, leash
from themeline.embedded.schema import SchemaNote
from themeline.embedded.server import EmbeddedServer
from themeline.embedded.supervisor import Child, Say, StopAskedError, Supervisor
from themeline.embedded.valkey import EmbeddedValkey
from themeline.embedded.watchdog import Watchdog

DATABASE_URL, REDIS_URL = "THEMELINE_DATABASE_URL", "THEMELINE_REDIS_URL"

# The order of ending: first what takes work in, then what moves it, then what does it, then the servers.
# The seconds of the four stages add up to less than the 15 s in which everything must have ended.
INTAKE, TRANSPORT, WORK, SERVERS = range(4)
STOP_SECONDS = {INTAKE: 3.0, TRANSPORT: 1.5, WORK: 4.0, SERVERS: 5.0}
# The first start compiles every library on a slow disk.
READY_SECONDS = 120.0

# Defaults for a machine on which many processes share few processors and little memory.
FRUGAL = {
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


@dataclass(frozen=True, kw_only=True)
class SystemOptions:
    """What a person may choose on the command line."""

    data_dir: Path
    api_port: int = 8000
    ingest_port: int = 8001
    metrics_port: int = 8002
    workers: int = 2
    embedded_only: bool = False  # even where the environment names servers


@dataclass(frozen=True)
class Service:
    """A Python module that runs as a process, and the folder in which its group adds up metrics."""

    name: str
    module: str
    metrics: str
    stage: int


SERVICES = (
    Service("ingest", "themeline.ingest", "ingest", INTAKE),
    Service("fetcher", "themeline.ingest.fetcher", "ingest", INTAKE),
    Service("relay", "themeline.ingest.relay", "ingest", TRANSPORT),
    Service("related", "themeline.related", "related", WORK),
    Service("sweep", "themeline.related.sweep", "related", TRANSPORT),
    Service("api", "themeline.api", "api", INTAKE),
)


class System:
    """Everything that one data folder holds; `run` in the main thread."""

    def __init__(self, options: SystemOptions, say: Say, services: tuple[Service, ...] = SERVICES) -> None:
        self.options = options
        self.folder = options.data_dir.absolute()
        self._say = say
        self._services = services
        self._servers: dict[str, EmbeddedServer] = {}
        self._urls: dict[str, str] = {}
        self._inbox: SignalInbox | None = None

    @property
    def ports(self) -> dict[str, Port]:
        chosen, env = self.options, os.environ
        return {
            "api": Port("API", env.get("THEMELINE_API_HOST", LOOPBACK), chosen.api_port, "--api-port"),
            "ingest": Port(
                "ingest service", env.get("THEMELINE_INGEST_HOST", LOOPBACK), chosen.ingest_port, "--ingest-port"
            ),
            "metrics": Port(
                "workers' metrics",
                env.get("THEMELINE_METRICS_HOST", LOOPBACK),
                chosen.metrics_port,
                "--metrics-port",
            ),
        }

    def url(self, name: str) -> str:
        """The address of a service, as this machine reaches it."""
        port = self.ports[name]
        return f"http://{reachable(port.host)}:{port.number}"

    def run(self, ready: Callable[["System"], None]) -> None:
        """Start everything, call `ready` in a thread of its own, and end everything when a stop is asked for."""
        private_folder(self.folder)
        server_identity().admit(self.folder)
        lock = claim(self.folder)
        with ExitStack() as stack:
            stack.callback(os.close, lock)
            require_free(list(self.ports.values()))
            self._inbox = stack.enter_context(SignalInbox())
            watchdog = Watchdog(lock)
            stack.callback(watchdog.close)
            logs = private_folder(self.folder / "logs")
            forks = self._fork_server(logs, watchdog)
            if forks is not None:
                stack.callback(forks.close)
            supervisor = Supervisor(logs, self._say, self._inbox, watchdog, forks=forks)
            stack.callback(self._clean)
            stack.callback(supervisor.stop)
            try:
                self._start(supervisor)
                threading.Thread(target=ready, args=(self,), name="ready", daemon=True).start()
                supervisor.run()
            except StopAskedError:
                pass

    def _fork_server(self, logs: Path, watchdog: Watchdog) -> ForkServer | None:
        """Services are forked where a dying parent's children can be kept on a leash, and started anew elsewhere."""
        if sys.platform != "linux":
            return None
        with ChildLog(logs, "forkserver").open() as output:
            forks = ForkServer(self._environment("api"), output)
        watchdog.add(forks.pid)
        return forks

    @property
    def stop_asked(self) -> bool:
        """Whether the system is ending, and its services may have gone already."""
        return self._inbox is not None and self._inbox.stop_asked

    def ask_stop(self) -> None:
        """End everything soon; any thread may call it."""
        if self._inbox is not None:
            self._inbox.ask_stop()

    def _start(self, supervisor: Supervisor) -> None:
        self._start_servers(supervisor)
        self._write_state()
        self._migrate(supervisor)
        for name in {service.metrics for service in self._services}:
            shutil.rmtree(self._metrics(name), ignore_errors=True)
            private_folder(self._metrics(name))
        for service in self._services:
            supervisor.start(self._child(service))
        for name in ("ingest", "api"):
            what = f"the {self.ports[name].service} was not ready"
            supervisor.wait_until(partial(self._serves, supervisor, name), seconds=READY_SECONDS, what=what)

    def _serves(self, supervisor: Supervisor, name: str) -> bool:
        return supervisor.is_alive(name) and answers_ready(self.ports[name])

    def _migrate(self, supervisor: Supervisor) -> None:
        database = self._servers.get(DATABASE_URL)
        # Another program may have changed a database that is not ours alone: it is always asked.
        note = SchemaNote(database.folder / "data") if database else None
        if note is not None and note.is_current():
            return
        launch = self._launch("themeline.shared.migrations", self._environment("migrations"))
        supervisor.run_once("migrations", launch)
        if note is not None:
            note.write()

    def _start_servers(self, supervisor: Supervisor) -> None:
        """Start the servers that the environment does not name, both at once."""
        own = self.options.embedded_only
        given = {name: None if own else os.environ.get(name) for name in (DATABASE_URL, REDIS_URL)}
        if not given[DATABASE_URL]:
            self._servers[DATABASE_URL] = EmbeddedPostgres(self.folder / "postgres")
        if not given[REDIS_URL]:
            self._servers[REDIS_URL] = EmbeddedValkey(self.folder / "valkey")
        self._urls = {name: url for name, url in given.items() if url}
        for server in self._servers.values():
            supervisor.start(_server_child(server))
        for name, server in self._servers.items():
            supervisor.wait_until(
                partial(_is_ready, supervisor, server),
                seconds=server.start_seconds,
                what=f"{server.title} was not ready",
            )
            self._urls[name] = server.url

    def _child(self, service: Service) -> Child:
        environment = self._environment(service.metrics)
        if service.name != "related":
            # One metrics page a group is enough here; the others' counts are added up in its folder.
            environment.pop("THEMELINE_METRICS_PORT")
        return Child(
            name=service.name,
            prepare=lambda: self._launch(service.module, environment),
            stage=service.stage,
            stop_seconds=STOP_SECONDS[service.stage],
        )

    def _launch(self, module: str, environment: Mapping[str, str]) -> Launch:
        return Launch(argv=[*leash(signal.SIGTERM), sys.executable, "-m", module], env=environment, module=module)

    def _environment(self, metrics: str) -> dict[str, str]:
        chosen = self.options
        return {
            **FRUGAL,
            **os.environ,
            **self._urls,
            "PYTHONSAFEPATH": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(self._metrics(metrics)),
            "THEMELINE_API_PORT": str(chosen.api_port),
            "THEMELINE_INGEST_PORT": str(chosen.ingest_port),
            "THEMELINE_METRICS_PORT": str(chosen.metrics_port),
            "THEMELINE_RELATED_URL": self.url("metrics"),
            "THEMELINE_WORKERS": str(chosen.workers),
        }

    def _metrics(self, name: str) -> Path:
        return self.folder / "metrics" / name

    @property
    def _state(self) -> Path:
        return self.folder / "state.json"

    def _write_state(self) -> None:
        """Tell other commands of the same user where this system's servers are."""
        state = {"pid": os.getpid(), **self._urls, "ports": {n: p.number for n, p in self.ports.items()}}
        descriptor = os.open(self._state, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(state, file)

    def _clean(self) -> None:
        self._state.unlink(missing_ok=True)
        for server in self._servers.values():
            server.clean()


def _server_child(server: EmbeddedServer) -> Child:
    return Child(
        name=server.title.lower(),
        prepare=server.prepare,
        stage=SERVERS,
        stop_seconds=STOP_SECONDS[SERVERS],
        server=True,
    )


def _is_ready(supervisor: Supervisor, server: EmbeddedServer) -> bool:
    return server.is_ready(supervisor.processes()[server.title.lower()])


__all__ = ["SERVICES", "EmbeddedError", "Service", "System", "SystemOptions"]
