"""Calls between services: served beside the metrics, bounded, and every failure a problem document."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from themeline.shared import internal
from themeline.shared.internal import guarded, json_reply
from themeline.shared.problems import Problem
from themeline.shared.telemetry import exposition
from themeline.shared.telemetry.exposition import Reply, Request, Route

Answer = tuple[int, Mapping[str, str], Any]
Ask = Callable[..., Answer]


@contextmanager
def serving(routes: Mapping[str, Route]) -> Iterator[Ask]:
    server = exposition.serve("127.0.0.1", 0, ready=list, routes=routes)
    try:
        yield partial(ask, server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        for thread in threading.enumerate():
            if thread.name == "metrics":
                thread.join()


def ask(port: int, path: str, method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
        is_json = "json" in (answer.headers["Content-Type"] or "")
        return answer.status, dict(answer.headers), json.loads(body) if is_json else body.decode()
    finally:
        connection.close()


def echo(request: Request) -> Reply:
    return json_reply(dict(request.query))


def failing(error: Exception) -> Route:
    def fail(_request: Request) -> Reply:
        raise error

    return guarded(fail, at_once=1, away=(ConnectionError,))


def test_a_route_is_told_its_parameters_and_stands_beside_the_health_pages() -> None:
    with serving({"GET /internal/echo": echo}) as asked:
        assert asked("/internal/echo?a=1&b=%C3%A9&a=2&c=")[2] == {"a": "2", "b": "é", "c": ""}
        assert [asked(path)[0] for path in ("/livez", "/readyz", "/metrics", "/nowhere")] == [200, 200, 200, 404]
        assert asked("/internal/echo", method="POST")[0] == 404


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (Problem(404, "unknown-article", "No such article", "There is none."), 404, "unknown-article"),
        (ConnectionError("secret"), 503, "database-unavailable"),
        (RuntimeError("secret"), 500, "internal-server-error"),
    ],
)
def test_a_failure_is_a_problem_document_without_secrets(error: Exception, status: int, kind: str) -> None:
    with serving({"GET /internal/fail": failing(error)}) as asked:
        found, headers, document = asked("/internal/fail")
    assert (found, headers["Content-Type"]) == (status, "application/problem+json")
    assert document["type"] == f"urn:themeline:problem:{kind}"
    assert "secret" not in str(document)
    assert ("Retry-After" in headers) == (status == 503)


def test_no_more_run_at_once_than_are_let(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(internal, "TURN_S", 0.05)
    inside, leave = threading.Semaphore(0), threading.Event()

    def slow(_request: Request) -> Reply:
        inside.release()
        leave.wait(30)
        return json_reply({})

    with serving({"GET /internal/slow": guarded(slow, at_once=2)}) as asked, ThreadPoolExecutor(2) as pool:
        running = [pool.submit(asked, "/internal/slow") for _ in range(2)]
        assert all(inside.acquire(timeout=30) for _ in running)
        status, headers, document = asked("/internal/slow")
        leave.set()
        assert [answer.result()[0] for answer in running] == [200, 200]
        assert asked("/internal/slow")[0] == 200
    assert (status, headers["Retry-After"]) == (503, "1")
    assert document["type"] == "urn:themeline:problem:busy"
