"""Settings that several services need, read from `THEMELINE_*` variables."""

import sys
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The base of every service's settings: frozen, read once in the composition root."""

    model_config = SettingsConfigDict(env_prefix="THEMELINE_", frozen=True, extra="ignore")


class DatabaseSettings(Settings):
    database_url: str = Field(description="PostgreSQL, as postgresql+psycopg://user:password@host:port/name")
    database_pool: int = Field(default=5, ge=1, description="connections kept by one process")


class RedisSettings(Settings):
    redis_url: str = Field(description="Valkey or Redis, as redis://:password@host:port/0 or unix:///path")


class LogSettings(Settings):
    log_level: str = Field(default="INFO", description="least severe level that is written")


S = TypeVar("S", bound=Settings)


def read(kind: type[S]) -> S:
    """Read settings from the environment; end the process with one clear line where that is impossible."""
    try:
        return kind()
    except ValidationError as error:
        faults = "; ".join(f"THEMELINE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        sys.exit(f"themeline: the settings are not usable: {faults}")
