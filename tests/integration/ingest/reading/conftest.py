"""A site, and a newsstand that reads it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from newsstand import Newsstand
from sites import Site, serving
from themeline.ingest.fetch import Fetcher
from themeline.ingest.sandbox import Sandbox
from themeline.shared.db import Sessions


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


@pytest.fixture
def newsstand(sessions: Sessions, session: Session, sandbox: Sandbox) -> Iterator[Newsstand]:
    fetcher = Fetcher(agent="Themeline/test", allowed_networks=["127.0.0.0/8"], total_seconds=5)
    yield Newsstand(sessions, session, fetcher, sandbox)
    fetcher.close()
