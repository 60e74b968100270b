"""The ingest service in this process, on a database of the test's own."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from themeline.ingest.app import create_app
from themeline.ingest.settings import IngestSettings
from themeline.shared.models import Article, Base

# Pushes items as one array; gives their results.
Push = Callable[..., list[dict[str, Any]]]
Item = dict[str, Any]

TIME = "Sat, 12 Jul 2025 09:12:51 GMT"

_numbers = count(1)


@pytest.fixture
def settings(database_url: str) -> IngestSettings:
    return IngestSettings(database_url=database_url)


@pytest.fixture
def client(settings: IngestSettings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


@pytest.fixture
def push(client: TestClient) -> Push:
    def push(*items: object) -> list[dict[str, Any]]:
        # The client's own encoder takes no lone surrogates; strangers' encoders do.
        answer = client.post("/v1/articles", content=json.dumps(items), headers={"Content-Type": "application/json"})
        assert answer.status_code == 202, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    return push


def item(**fields: Any) -> Item:
    """An article with an address of its own; a test names only what it is about."""
    number = next(_numbers)
    return {
        "url": f"https://paper.example/{number}",
        "title": f"Headline {number}",
        "text": f"The story number {number}.",
        "published": TIME,
        "source": "Daily Courier",
    } | fields


def without(given: Item, *names: str) -> Item:
    return {name: value for name, value in given.items() if name not in names}


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["status"] for result in results]


def reason(result: dict[str, Any]) -> tuple[str, str | None]:
    """The short type of a rejected item's problem, and the field at fault."""
    assert result["status"] == "rejected"
    assert result["problem"]["title"]
    assert result["problem"]["detail"]
    return result["problem"]["type"].removeprefix("urn:themeline:problem:"), result["problem"].get("field")


def stored(session: Session, id: str) -> Article:  # noqa: A002
    """The article as it is now."""
    session.rollback()
    return session.scalars(
        select(Article).where(Article.public_id == id), execution_options={"populate_existing": True}
    ).one()


def rows(session: Session, table: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def waiting(engine: Engine) -> list[int]:
    """The server processes of this test's database that wait for a lock."""
    with engine.connect() as connection:
        statement = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return list(connection.scalars(text(statement)))
