"""The metrics page and the health pages of a process, single- or multiprocess."""

import os
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

# What `render` returns, as an HTTP content type.
CONTENT_TYPE = CONTENT_TYPE_LATEST
# Names what is missing; empty means ready.
Readiness = Callable[[], list[str]]


def render(sampled: Iterable[Collector] = ()) -> bytes:
    """Return the metrics in Prometheus' text format.

    With PROMETHEUS_MULTIPROC_DIR in the environment, counts of every process that shares that
    folder are added up. `sampled` collectors are asked anew at each call: gauges of stored state.
    """
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
    else:
        text = generate_latest(REGISTRY)
    own = CollectorRegistry()
    for collector in sampled:
        own.register(collector)
    return text + generate_latest(own)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: scrapes and probes are no news."""


def serve(host: str, port: int, *, ready: Readiness, sampled: Iterable[Collector] = ()) -> WSGIServer:
    """Serve `/metrics`, `/livez` and `/readyz` from a thread, for a process that has no HTTP of its own."""
    collectors = tuple(sampled)

    def answer(path: str) -> tuple[HTTPStatus, str, bytes]:
        if path == "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, render(collectors)
        if path == "/livez":
            return HTTPStatus.OK, "text/plain; charset=utf-8", b"alive\n"
        if path == "/readyz":
            missing = ready()
            status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
            return status, "text/plain; charset=utf-8", ("\n".join(missing) or "ready").encode() + b"\n"
        return HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"not found\n"

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        status, content_type, body = answer(environ.get("PATH_INFO", ""))
        start_response(f"{status.value} {status.phrase}", [("Content-Type", content_type)])
        return [body]

    server = make_server(host, port, application, server_class=_Server, handler_class=_QuietHandler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
