"""Settings that several services need, read from `THEMELINE_*` variables."""

import logging
import sys
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis import Redis
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def _postgresql(address: str) -> str:
    # The libraries' own words may hold a piece of the password, so they are not repeated.
    try:
        is_ours = make_url(address).get_backend_name() == "postgresql"
    except (ArgumentError, ValueError):
        is_ours = False
    if not is_ours:
        raise ValueError("it is no address such as postgresql+psycopg://user:password@host:port/name")
    return address


def _redis(address: str) -> str:
    try:
        Redis.from_url(address).close()  # it would connect at the first command
    except ValueError:
        raise ValueError("it is no address such as redis://:password@host:port/0 or unix:///path") from None
    return address


def _level(name: str) -> str:
    names = logging.getLevelNamesMapping()
    if name.upper() not in names:
        raise ValueError(f"it is none of {', '.join(names)}")
    return name


class Settings(BaseSettings):
    """The base of every service's settings: frozen, read once in the composition root."""

    model_config = SettingsConfigDict(env_prefix="THEMELINE_", frozen=True, extra="ignore")


class DatabaseSettings(Settings):
    database_url: Annotated[str, AfterValidator(_postgresql)] = Field(
        description="PostgreSQL, as postgresql+psycopg://user:password@host:port/name"
    )
    database_pool: int = Field(default=5, ge=1, description="connections kept by one process")


class RedisSettings(Settings):
    redis_url: Annotated[str, AfterValidator(_redis)] = Field(
        description="Valkey or Redis, as redis://:password@host:port/0 or unix:///path"
    )


class LogSettings(Settings):
    log_level: Annotated[str, AfterValidator(_level)] = Field(
        default="INFO", description="least severe level that is written"
    )


S = TypeVar("S", bound=Settings)


def read(kind: type[S]) -> S:
    """Read settings from the environment; end the process with one clear line where that is impossible."""
    try:
        return kind()
    except ValidationError as error:
        faults = "; ".join(f"THEMELINE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        sys.exit(f"themeline: the settings are not usable: {faults}")
