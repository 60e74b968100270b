"""What the API service is told by its environment."""

from typing import Annotated

from pydantic import AfterValidator, Field

from themeline.shared.settings import DatabaseSettings, LogSettings, RedisSettings


def _http(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise ValueError("it is no address such as http://host:8002")
    return address.rstrip("/")


class ApiSettings(DatabaseSettings, RedisSettings, LogSettings):
    api_host: str = Field(default="127.0.0.1", description="address that the API service listens on")
    api_port: int = Field(default=8000, ge=1, le=65535, description="port of the API service")
    related_url: Annotated[str, AfterValidator(_http)] = Field(
        default="http://127.0.0.1:8002",
        description="address of the related service's metrics, beside which it answers internal calls",
    )
    allow_anonymous: bool = Field(default=False, description="listen beyond loopback although nobody has to show a key")
