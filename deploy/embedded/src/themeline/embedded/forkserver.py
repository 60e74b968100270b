"""A process that has the services' libraries loaded, and forks the services.

Loading SQLAlchemy, FastAPI and Celery takes each service two seconds of CPU and 80 MB; forked from one
process they share both. It speaks with the supervisor over a socket: an order starts a module, an answer
tells its process id, and later its exit code. The modules themselves are run as `python -m` would.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
from typing import Any

from setproctitle import setproctitle

# Libraries alone: a service's own modules declare metrics, and those belong to its process.
PRELOADED = (
    "celery.app.base",
    "celery.app.task",
    "celery.worker",
    "fastapi.routing",
    "fastapi_offline",
    "kombu.transport.redis",
    "lxml.html",
    "pgvector.sqlalchemy",
    "prometheus_client.multiprocess",
    "psycopg",
    "pydantic_settings",
    "redis",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.orm",
    "starlette.routing",
    "structlog",
    "tenacity",
    "themeline.shared.db",
    "themeline.shared.models",
    "themeline.shared.settings",
    "uvicorn",
    "wsgiref.simple_server",
)

# An order holds the service's environment; a longer one is refused by the socket, and the supervisor starts
# that service as a program of its own.
LARGEST_ORDER = 128 * 1024

# prctl(2): the signal that this process gets when its parent dies
_PR_SET_PDEATHSIG = 1


def main() -> None:
    channel = socket.socket(fileno=int(sys.argv[1]))
    # It finds its place in memory by the environment, so before anybody changes that.
    setproctitle("themeline.embedded.forkserver")
    libc = ctypes.CDLL(None)
    for name in PRELOADED:
        with contextlib.suppress(ImportError):  # what is missing, the service itself will miss with a message
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the collector's marks would copy the shared pages
    order = _serve(channel, libc)
    if order is not None:
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)


def _serve(channel: socket.socket, libc: ctypes.CDLL) -> dict[str, Any] | None:
    """Fork what is ordered, and tell what ended. Returns in a new child, with its order; or at the end, with None."""
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        watched: list[Any] = [channel, woken]
        readable, _, _ = select.select(watched, [], [])
        if woken in readable:
            os.read(woken, 512)
            _tell_ended(channel)
        if channel in readable:
            message, files, _, _ = socket.recv_fds(channel, LARGEST_ORDER, 1)
            if not message:
                return None  # the supervisor has gone
            order: dict[str, Any] = json.loads(message)
            parent, pid = os.getpid(), os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for descriptor in (woken, wake):
                    os.close(descriptor)
                channel.close()
                _become(order, files[0], parent, libc)
                return order
            os.close(files[0])
            _send(channel, {"started": pid})


def _become(order: dict[str, Any], output: int, parent: int, libc: ctypes.CDLL) -> None:
    """Make this process the one that was ordered: its own session, output, environment and name, and on a leash."""
    os.setsid()
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:
        sys.exit(0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(output)
    setproctitle(order["module"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = [order["module"]]


def _tell_ended(channel: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            _send(channel, {"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _send(channel: socket.socket, message: dict[str, int]) -> None:
    with contextlib.suppress(BrokenPipeError):
        channel.send(json.dumps(message).encode())


if __name__ == "__main__":
    main()
