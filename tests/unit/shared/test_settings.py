import pytest

from themeline.shared.settings import DatabaseSettings, LogSettings, RedisSettings, Settings, read


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (DatabaseSettings, "DATABASE_URL", "nonsense"),
        (DatabaseSettings, "DATABASE_URL", "postgresql+psycopg://user:secret@host:port/name"),
        (DatabaseSettings, "DATABASE_URL", "mysql://user:secret@host/name"),
        (RedisSettings, "REDIS_URL", "nonsense"),
        (RedisSettings, "REDIS_URL", "redis://:secret@host:port/0"),
        (LogSettings, "LOG_LEVEL", "loud"),
    ],
)
def test_a_setting_that_no_library_understands_is_one_line_without_its_password(
    kind: type[Settings], name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"THEMELINE_{name}", value)
    with pytest.raises(SystemExit) as refused:
        read(kind)
    line = str(refused.value)
    assert f"THEMELINE_{name}: " in line
    assert "secret" not in line
    assert "\n" not in line


@pytest.mark.parametrize("address", ["redis://:p@host:6379/0", "rediss://host", "unix:///a%20folder/valkey.sock?db=0"])
def test_addresses_of_redis_that_are_understood(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THEMELINE_REDIS_URL", address)
    assert read(RedisSettings).redis_url == address
