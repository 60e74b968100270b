"""Health, metrics, the interface's description, and failures of the service itself."""

from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import Get, problem
from factories import make_placed
from support import free_port
from themeline.api import schemas
from themeline.api.app import create_app
from themeline.api.queries.quarantine import QuarantineList
from themeline.api.queries.trace import Trace
from themeline.api.queries.versions import VersionList
from themeline.api.settings import ApiSettings
from themeline.shared import migrations


def a_client(database_url: str, redis_url: str = "redis://127.0.0.1:1/0") -> TestClient:
    return TestClient(create_app(ApiSettings(database_url=database_url, redis_url=redis_url)))


def test_it_lives_whatever_is_missing() -> None:
    with a_client(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none") as client:
        assert client.get("/livez").json() == {"status": "alive", "missing": []}


def test_it_is_ready_with_its_database_and_redis(database_url: str, redis_url: str) -> None:
    with a_client(database_url, redis_url) as client:
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "missing": []})


def test_without_redis_it_is_ready_and_says_what_is_missing(get: Get) -> None:
    answer = get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert "Redis cannot be reached" in answer.json()["missing"][0]


def test_without_its_database_it_is_not_ready_and_says_so_in_every_answer() -> None:
    with a_client(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none") as client:
        ready, articles = client.get("/readyz"), client.get("/v1/articles")

    assert problem(ready) == (503, "not-ready")
    assert "the database cannot be reached" in ready.json()["missing"][0]
    assert problem(articles) == (503, "database-unavailable")
    assert int(articles.headers["retry-after"]) >= 1
    assert "127.0.0.1" not in articles.text


def test_without_a_schema_it_is_not_ready(empty_database_url: str) -> None:
    with a_client(empty_database_url) as client:
        assert "run the migrations" in problem_detail(client.get("/readyz").json())
        migrations.upgrade(empty_database_url)
        assert client.get("/readyz").status_code == 200


def problem_detail(document: dict[str, Any]) -> str:
    return str(document["detail"])


def test_it_recovers_when_connections_are_cut(session: Session, get: Get, engine: Any) -> None:
    article = make_placed(session)
    assert get(f"/v1/articles/{article.public_id}").status_code == 200
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'themeline-api'"
        )

    assert get(f"/v1/articles/{article.public_id}").status_code == 200


def test_metrics_count_requests_by_route_and_never_by_path(session: Session, get: Get) -> None:
    article = make_placed(session)
    before = requests_counted(get)
    for _ in range(3):
        get(f"/v1/articles/{article.public_id}/related")
    get("/v1/articles/none")
    get("/nowhere")
    after = requests_counted(get)

    def moved(route: str, status: str) -> float:
        return after.get((route, status), 0) - before.get((route, status), 0)

    assert moved("/v1/articles/{id}/related", "200") == 3
    assert moved("/v1/articles/{id}", "404") == 1
    assert moved("(unmatched)", "404") == 1
    assert not any("none" in route or "nowhere" in route for route, _ in after)


def requests_counted(get: Get) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(get("/metrics").text)
    return {
        (sample.labels["route"], sample.labels["status"]): sample.value
        for family in families
        for sample in family.samples
        if sample.name == "themeline_http_requests_total" and sample.labels["service"] == "api"
    }


def test_an_answer_carries_the_id_of_its_request(client: TestClient) -> None:
    assert client.get("/livez", headers={"X-Request-ID": "mine"}).headers["x-request-id"] == "mine"
    assert len(client.get("/livez").headers["x-request-id"]) == 32


@pytest.mark.parametrize("path", ["/v1", "/v1/article", "/v1/articles/x/y/z", "/v1/themes/", "/v1/%00"])
def test_an_unknown_path_is_a_problem(get: Get, path: str) -> None:
    assert problem(get(path)) == (404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_not_possible_is_a_problem(client: TestClient, method: str) -> None:
    answer = client.request(method, "/v1/articles")

    assert problem(answer) == (405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


def test_a_failure_nobody_expected_is_answered_without_details(settings: ApiSettings) -> None:
    app = create_app(settings)
    add_failing_route(app)
    with TestClient(app) as client:
        answer = client.get("/fails", headers={"X-Request-ID": "mine"})

    assert problem(answer) == (500, "internal-server-error")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] == "mine"


def add_failing_route(app: FastAPI) -> None:
    @app.get("/fails")
    def fails() -> None:
        raise RuntimeError("secret")


class Links(HTMLParser):
    """Collects every address that a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"src", "href"} and value]


def test_the_docs_load_nothing_from_elsewhere(get: Get) -> None:
    page = get("/docs")
    links = Links()
    links.feed(page.text)

    assert page.status_code == 200
    assert len(links.found) >= 3
    assert "/openapi.json" in page.text
    for link in links.found:
        assert link.startswith("/")
        assert get(link).status_code == 200


def test_the_description_gives_every_call_an_id_and_examples_of_every_answer(get: Get) -> None:
    document = get("/openapi.json").json()
    operations = {path: item["get"] for path, item in document["paths"].items()}

    assert set(operations) == {
        "/v1/articles",
        "/v1/articles/{id}",
        "/v1/articles/{id}/related",
        "/v1/articles/{id}/trace",
        "/v1/articles/{id}/versions",
        "/v1/trace",
        "/v1/quarantine",
        "/v1/explain",
        "/v1/themes",
        "/v1/themes/{id}",
        "/v1/stories/{id}",
        "/livez",
        "/readyz",
        "/metrics",
    }
    assert len({operation["operationId"] for operation in operations.values()}) == len(operations)
    for operation in operations.values():
        assert operation["tags"]
        assert operation["summary"]
        assert "422" not in operation["responses"]
        for answer in operation["responses"].values():
            assert all("example" in content for content in answer.get("content", {}).values())


def test_the_description_names_the_defaults_of_the_box(get: Get) -> None:
    parameters = get("/openapi.json").json()["paths"]["/v1/articles/{id}/related"]["get"]["parameters"]
    defaults = {parameter["name"]: parameter["schema"].get("default") for parameter in parameters}

    assert defaults == {
        "id": None,
        "limit": 20,
        "order": "published",
        "level": "theme",
        "window": "7d",
        "min_score": None,
        "duplicates": "collapse",
    }


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/v1/articles/{id}", schemas.Article),
        ("/v1/articles/{id}/related", schemas.Box),
        ("/v1/articles/{id}/trace", Trace),
        ("/v1/articles/{id}/versions", VersionList),
        ("/v1/trace", Trace),
        ("/v1/quarantine", QuarantineList),
        ("/v1/explain", schemas.Explanation),
        ("/v1/themes", schemas.ThemeList),
        ("/v1/themes/{id}", schemas.Theme),
        ("/v1/stories/{id}", schemas.Story),
    ],
)
def test_every_example_is_an_answer_that_the_schema_allows(get: Get, path: str, model: type[schemas.Answer]) -> None:
    answers = get("/openapi.json").json()["paths"][path]["get"]["responses"]
    example = answers["200"]["content"]["application/json"]["example"]

    assert model.model_validate(example, extra="forbid").model_dump(mode="json") == example
