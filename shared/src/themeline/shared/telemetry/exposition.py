"""The metrics page and the health pages of a process, single- or multiprocess; and its internal calls."""

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from socketserver import ThreadingMixIn
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

# What `render` returns, as an HTTP content type.
CONTENT_TYPE = CONTENT_TYPE_LATEST
# Names what is missing; empty means ready.
Readiness = Callable[[], list[str]]


@dataclass(frozen=True)
class Request:
    """What a caller asks: the query parameters, the last of each name, and the id that its log lines carry."""

    query: Mapping[str, str] = field(default_factory=dict)
    correlation_id: str | None = None


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Request], Reply]
"""Answers one method and path; the key under which it is served is such as `GET /internal/explain`."""


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


def serve(
    host: str,
    port: int,
    *,
    ready: Readiness,
    sampled: Iterable[Collector] = (),
    routes: Mapping[str, Route] = MappingProxyType({}),
) -> WSGIServer:
    """Serve `/metrics`, `/livez`, `/readyz` and `routes` from a thread, for a process that has no HTTP of its own."""
    known = {**_pages(ready, tuple(sampled)), **routes}

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        route = known.get(f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}")
        reply = route(_request(environ)) if route else _text("not found", HTTPStatus.NOT_FOUND)
        headers = [("Content-Type", reply.content_type), *reply.headers.items()]
        start_response(f"{reply.status.value} {reply.status.phrase}", headers)
        return [reply.body]

    server = make_server(host, port, application, server_class=_Server, handler_class=_QuietHandler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _pages(ready: Readiness, sampled: tuple[Collector, ...]) -> dict[str, Route]:
    def readiness(_request: Request) -> Reply:
        missing = ready()
        return _text("\n".join(missing) or "ready", HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK)

    return {
        "GET /metrics": lambda _: Reply(render(sampled), content_type=CONTENT_TYPE),
        "GET /livez": lambda _: _text("alive"),
        "GET /readyz": readiness,
    }


def _request(environ: Mapping[str, Any]) -> Request:
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    return Request(query, environ.get("HTTP_X_REQUEST_ID"))


def _text(words: str, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    return Reply(f"{words}\n".encode(), status, "text/plain; charset=utf-8")
