"""Real servers for the tests: a migrated database and a Valkey for each test that asks for one.

THEMELINE_TEST_DATABASE_URL and THEMELINE_TEST_REDIS_URL name servers to use instead of the embedded
ones; the database user must be allowed to create databases.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from databases import make_database, url_of
from support import missing
from themeline.embedded.errors import EmbeddedError
from themeline.embedded.identity import server_identity
from themeline.embedded.postgres import EmbeddedPostgres
from themeline.embedded.valkey import EmbeddedValkey
from themeline.shared import migrations
from themeline.shared.db import Sessions, make_engine, make_sessions


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A short private folder for servers; the one of `tmp_path` cannot be entered by others than us."""
    folder = Path(tempfile.mkdtemp(prefix="themeline-test-"))
    server_identity().admit(folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(server_folder: Path) -> Iterator[str]:
    """One PostgreSQL server for this test process."""
    given = os.environ.get("THEMELINE_TEST_DATABASE_URL")
    if given:
        yield given
        return
    server = EmbeddedPostgres(server_folder / "postgres", durable=False)
    try:
        server.start()
    except EmbeddedError as error:
        missing(str(error))
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def admin(postgres_url: str) -> Iterator[Engine]:
    """The connection that makes and drops databases."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT", pool_size=1)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def template(admin: Engine) -> Iterator[str]:
    """The name of a migrated database that is copied for each test."""
    with make_database(admin) as name:
        migrations.upgrade(url_of(admin, name))
        yield name


@pytest.fixture
def database_url(admin: Engine, template: str) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    with make_database(admin, template) as name:
        yield url_of(admin, name)


@pytest.fixture
def empty_database_url(admin: Engine) -> Iterator[str]:
    """A database of this test's own without any table."""
    with make_database(admin) as name:
        yield url_of(admin, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, application="tests")
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return make_sessions(engine)


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    """A session for looking and for laying ground; the test commits what others must see."""
    with sessions() as session:
        yield session


@pytest.fixture
def valkey(server_folder: Path) -> Iterator[EmbeddedValkey]:
    """A running Valkey of this test's own, which the test may stop and start."""
    server = EmbeddedValkey(server_folder / uuid4().hex[:8], durable=False)
    try:
        server.start()
    except EmbeddedError as error:
        missing(str(error))
    yield server
    server.stop()


@pytest.fixture
def redis_url(request: pytest.FixtureRequest, worker_id: str) -> str:
    """An empty Redis database of this test's own."""
    given = os.environ.get("THEMELINE_TEST_REDIS_URL")
    if given:
        return _emptied(given, worker_id)
    server: EmbeddedValkey = request.getfixturevalue("valkey")
    return server.url


def _emptied(url: str, worker_id: str) -> str:
    """A numbered database of a shared server for each test process, emptied."""
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    own = make_url(url).set(database=str(number + 1)).render_as_string(hide_password=False)
    with redis.Redis.from_url(own) as client:
        client.flushdb()
    return own
