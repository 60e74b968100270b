"""The API service in this process, on a database of the test's own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from themeline.api.app import create_app
from themeline.api.settings import ApiSettings

Get = Callable[..., Response]


@pytest.fixture
def settings(database_url: str) -> ApiSettings:
    """Nothing listens at this Redis: reading needs none."""
    return ApiSettings(database_url=database_url, redis_url="redis://127.0.0.1:1/0")


@pytest.fixture
def client(settings: ApiSettings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


@pytest.fixture
def get(client: TestClient, session: Session) -> Get:
    """Ask the service, after committing what the test has laid down."""

    def get(path: str, **parameters: Any) -> Response:
        session.commit()
        return client.get(path, params=parameters)

    return get


def problem(response: Response) -> tuple[int, str]:
    """The status and the short type of an answer that is a problem, whose form is checked."""
    document = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert document["status"] == response.status_code
    assert document["title"]
    assert document["detail"]
    return response.status_code, document["type"].removeprefix("urn:themeline:problem:")
