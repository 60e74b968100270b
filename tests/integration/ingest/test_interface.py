"""What every call has in common: problems, readiness, metrics, and the interface's own description."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import uvicorn
from openapi_spec_validator import validate
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from ingest_client import Push, item, rows
from support import wait_for
from themeline.embedded.postgres import EmbeddedPostgres
from themeline.ingest.app import create_app
from themeline.ingest.settings import IngestSettings
from themeline.shared import migrations
from themeline.shared.models import Article


@pytest.fixture
def away() -> Iterator[TestClient]:
    """A service whose database does not answer."""
    settings = IngestSettings(database_url="postgresql+psycopg://nobody:x@127.0.0.1:1/none")
    with TestClient(create_app(settings)) as client:
        yield client


def sampled(text: str) -> dict[str, float]:
    return {sample.name: sample.value for family in text_string_to_metric_families(text) for sample in family.samples}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", (404, "not-found")),
        ("GET", "/nowhere", (404, "not-found")),
        ("POST", "/v1/articles/", (404, "not-found")),
        ("GET", "/v1/articles", (405, "method-not-allowed")),
        ("PUT", "/v1/articles", (405, "method-not-allowed")),
        ("PATCH", "/v1/articles/7", (405, "method-not-allowed")),
        ("GET", "/v1/articles/7", (405, "method-not-allowed")),
        ("DELETE", "/v1/articles", (405, "method-not-allowed")),
        ("BREW", "/v1/articles", (405, "method-not-allowed")),
    ],
)
def test_what_cannot_be_done_is_a_problem(
    client: TestClient, method: str, path: str, expected: tuple[int, str]
) -> None:
    answer = client.request(method, path)

    assert problem(answer) == expected
    if expected[0] == 405:
        assert answer.headers["allow"]


def test_head_is_refused_without_a_body(client: TestClient) -> None:
    answer = client.head("/v1/articles")

    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


def test_a_database_that_is_away_is_answered_503_with_when_to_come_again(away: TestClient) -> None:
    calls = [
        away.post("/v1/articles", json=item()),
        away.delete(f"/v1/articles/{uuid4()}"),
        away.post(f"/v1/articles/{uuid4()}/restore"),
    ]

    for answer in calls:
        assert problem(answer) == (503, "database-unavailable")
        assert int(answer.headers["retry-after"]) >= 1
        assert "127.0.0.1" not in answer.text


def test_without_the_database_the_process_lives_is_not_ready_and_still_tells_its_metrics(away: TestClient) -> None:
    assert away.get("/livez").status_code == 200
    assert problem(away.get("/readyz")) == (503, "not-ready")
    assert away.get("/readyz").json()["missing"] == ["the database cannot be reached (OperationalError)"]
    metrics = away.get("/metrics")
    assert metrics.status_code == 200
    assert "themeline_http_requests_total" in metrics.text
    assert "themeline_outbox_entries" not in metrics.text


def test_bad_items_need_no_database(away: TestClient) -> None:
    assert away.post("/v1/articles", json=[{}, {"title": 1}]).json()["rejected"] == 2


def test_when_the_database_comes_back_articles_are_accepted_again(server_folder: Path) -> None:
    server = EmbeddedPostgres(server_folder / uuid4().hex[:8], durable=False)
    draft = item()
    with server:
        migrations.upgrade(server.url)
        settings = IngestSettings(database_url=server.url)
    with TestClient(create_app(settings)) as client:
        with server:
            assert client.post("/v1/articles", json=draft).json()["results"][0]["status"] == "created"
        assert problem(client.post("/v1/articles", json=item())) == (503, "database-unavailable")
        with server:
            assert client.post("/v1/articles", json=draft).json()["results"][0]["status"] == "unchanged"


def test_a_ready_service_says_so(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ready", "missing": []}


def test_the_outbox_is_counted_when_prometheus_asks(client: TestClient, push: Push) -> None:
    assert sampled(client.get("/metrics").text)["themeline_outbox_oldest_age_seconds"] == 0
    push(item(), item())

    values = sampled(client.get("/metrics").text)

    assert values["themeline_outbox_entries"] == 2
    assert 0 <= values["themeline_outbox_oldest_age_seconds"] < 60


def test_requests_are_counted_by_route_template_whatever_is_asked(client: TestClient) -> None:
    def counted(method: str, route: str, status: str) -> float:
        labels = {"service": "ingest", "method": method, "route": route, "status": status}
        return REGISTRY.get_sample_value("themeline_http_requests_total", labels) or 0

    asked = [
        ("POST", "/v1/articles", "202"),
        ("DELETE", "/v1/articles/{id}", "404"),
        ("POST", "/v1/articles/{id}/restore", "404"),
        ("GET", "(unmatched)", "404"),
    ]
    before = [counted(*labels) for labels in asked]

    client.post("/v1/articles", json=[item()])
    for _ in range(3):
        client.delete(f"/v1/articles/{uuid4()}")
        client.post(f"/v1/articles/{uuid4()}/restore")
        client.get(f"/{uuid4()}")

    assert [counted(*labels) - count for labels, count in zip(asked, before, strict=True)] == [1, 3, 3, 3]


def test_the_interface_describes_itself_with_examples(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    validate(document)
    push = document["paths"]["/v1/articles"]["post"]
    assert set(push["responses"]) == {"202", "400", "413", "415", "503"}
    assert set(push["requestBody"]["content"]) == {"application/json", "application/x-ndjson"}
    assert {"delete"} == set(document["paths"]["/v1/articles/{id}"])
    assert "422" not in json.dumps(document)
    for operation in (push, document["paths"]["/v1/articles/{id}"]["delete"]):
        refused = [answer for status, answer in operation["responses"].items() if status >= "400"]
        assert all(set(answer["content"]) == {"application/problem+json"} for answer in refused)


def test_the_example_in_the_description_is_accepted(client: TestClient) -> None:
    content = client.get("/openapi.json").json()["paths"]["/v1/articles"]["post"]["requestBody"]["content"]

    answer = client.post("/v1/articles", json=content["application/json"]["example"])
    lines = client.post(
        "/v1/articles",
        content=content["application/x-ndjson"]["example"],
        headers={"Content-Type": "application/x-ndjson"},
    )

    assert (answer.json()["rejected"], lines.json()["rejected"]) == (0, 0)


def test_the_documentation_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")

    assert page.status_code == 200
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page.text)
    assert len(loaded) >= 2
    assert not [address for address in loaded if "//" in address]
    for address in loaded:
        assert client.get(address).status_code == 200
    assert client.get("/redoc").status_code == 404


@contextmanager
def served(settings: IngestSettings) -> Iterator[socket.socket]:
    """A connection to the service on a real port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with socket.create_connection(listener.getsockname()) as connection:
            yield connection
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def head(length: int) -> bytes:
    return f"POST /v1/articles HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def test_a_client_that_goes_away_in_mid_body_stores_nothing_and_is_no_failure(
    settings: IngestSettings, session: Session
) -> None:
    body = json.dumps(item()).encode()
    labels = {"service": "ingest", "method": "POST", "route": "/v1/articles", "status": "400"}

    def counted() -> float:
        return REGISTRY.get_sample_value("themeline_http_requests_total", labels) or 0

    before = counted()
    with served(settings) as connection:
        connection.sendall(head(len(body)) + body[:-5])
        connection.close()
        wait_for(lambda: counted() == before + 1, what="the request ends as a client's mistake")

    assert rows(session, Article) == 0


def test_a_body_that_says_it_is_far_too_large_is_refused_before_it_is_sent(settings: IngestSettings) -> None:
    with served(settings) as connection:
        connection.sendall(head(settings.max_body_bytes + 1))

        assert connection.recv(12) == b"HTTP/1.1 413"
