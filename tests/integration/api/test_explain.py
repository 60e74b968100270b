"""GET /v1/explain: who may ask about what, and what is answered while related is away or wrong."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from factories import NOON, make_article, make_placed, make_relation, make_story
from themeline.api.app import create_app
from themeline.api.settings import ApiSettings
from themeline.related.explain import Explainer
from themeline.related.internal import routes
from themeline.shared.db import Sessions
from themeline.shared.models import Article
from themeline.shared.telemetry import exposition
from themeline.shared.telemetry.exposition import Reply, Route


@contextmanager
def served(answers: Mapping[str, Route]) -> Iterator[str]:
    """A related service of this test's own, and its address."""
    server = exposition.serve("127.0.0.1", 0, ready=list, routes=answers)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def related_url(sessions: Sessions) -> Iterator[str]:
    """The internal calls of related, as its worker serves them."""
    with served(routes(sessions, Explainer(timedelta(days=30)))) as address:
        yield address


@pytest.fixture
def api(database_url: str, related_url: str) -> Iterator[TestClient]:
    with client_of(database_url, related_url) as client:
        yield client


def client_of(database_url: str, related_url: str) -> TestClient:
    settings = ApiSettings(database_url=database_url, redis_url="redis://127.0.0.1:1/0", related_url=related_url)
    return TestClient(create_app(settings))


@pytest.fixture
def pair(session: Session) -> tuple[Article, Article]:
    """Two placed articles of one story with a stored relation, which related has no features of."""
    story = make_story(session, "A story")
    one, other = (make_placed(session, title, story=story) for title in ("One", "Other"))
    make_relation(session, one, other, theme=0.75, story=0.6)
    session.commit()
    return one, other


def ask(api: TestClient, a: object, b: object) -> Any:
    return api.get("/v1/explain", params={"a": str(a), "b": str(b)})


def test_a_pair_is_explained_by_ids_and_by_addresses(api: TestClient, pair: tuple[Article, Article]) -> None:
    one, other = pair
    answers = [ask(api, one.public_id, other.public_id), ask(api, one.url, f"{other.url}?utm_source=x#top")]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert [found[side]["title"] for side in "ab"] == ["One", "Other"]
        assert (found["related"], found["level"], found["floor"]) == (True, "story", 0.5)
        assert (found["stored"]["theme"], found["stored"]["story"]) == (0.75, pytest.approx(0.6))
        assert found["why"][0] == "Related: one theme with a probability of 0.75, and boxes show 0.50 or more."
        assert found["a"]["story"]["label"] == "A story"
        assert answer.headers["cache-control"] == "no-store"


def test_the_window_of_a_usual_box_is_mentioned_where_it_hides_the_pair(api: TestClient, session: Session) -> None:
    one, other = make_placed(session), make_placed(session, at=NOON + timedelta(days=12))
    make_relation(session, one, other)
    session.commit()
    assert "A box shows articles within 7d unless asked" in ask(api, one.public_id, other.public_id).json()["why"][-1]


def test_what_readers_may_not_see_is_not_explained(
    api: TestClient, session: Session, pair: tuple[Article, Article]
) -> None:
    embargoed = make_article(session, embargo_until=NOON + timedelta(days=36_500))
    withdrawn = make_placed(session, withdrawn_at=NOON)
    session.commit()
    one = pair[0].public_id
    assert problem(ask(api, one, embargoed.public_id)) == (404, "unknown-article")
    assert problem(ask(api, withdrawn.public_id, one)) == (410, "withdrawn-article")
    assert problem(ask(api, one, "https://nowhere.example/x")) == (404, "unknown-article")
    assert problem(ask(api, "no address", one)) == (404, "unknown-article")


def test_a_pair_is_two_articles(api: TestClient, pair: tuple[Article, Article]) -> None:
    one = pair[0]
    assert problem(ask(api, one.public_id, one.url)) == (400, "invalid-parameter")
    assert problem(api.get("/v1/explain", params={"a": str(one.public_id)})) == (400, "invalid-parameter")


def test_without_related_the_answer_says_so_and_everything_else_is_served(
    database_url: str, pair: tuple[Article, Article]
) -> None:
    one, other = pair
    with client_of(database_url, "http://127.0.0.1:1") as api:
        answer = ask(api, one.public_id, other.public_id)
        assert problem(answer) == (503, "related-unavailable")
        assert int(answer.headers["retry-after"]) >= 1
        assert "127.0.0.1" not in answer.text
        assert api.get(f"/v1/articles/{one.public_id}/related").status_code == 200


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>", content_type="text/html"),
        Reply(b"[]"),
        Reply(json.dumps({"type": "urn:themeline:problem:busy"}).encode(), HTTPStatus.SERVICE_UNAVAILABLE),
    ],
)
def test_another_program_at_the_address_of_related_is_no_answer(
    database_url: str, pair: tuple[Article, Article], reply: Reply
) -> None:
    one, other = pair
    with served({"GET /internal/explain": lambda _: reply}) as address, client_of(database_url, address) as api:
        assert problem(ask(api, one.public_id, other.public_id)) == (503, "related-unavailable")


def test_an_article_that_goes_while_related_is_asked_is_unknown(
    database_url: str, pair: tuple[Article, Article]
) -> None:
    one, other = pair
    gone = json.dumps({"type": "urn:themeline:problem:unknown-article"}).encode()
    reply = Reply(gone, HTTPStatus.NOT_FOUND)
    with served({"GET /internal/explain": lambda _: reply}) as address, client_of(database_url, address) as api:
        assert problem(ask(api, one.public_id, other.public_id)) == (404, "unknown-article")
