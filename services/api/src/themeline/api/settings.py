"""What the API service is told by its environment."""

from pydantic import Field

from themeline.shared.settings import DatabaseSettings, LogSettings, RedisSettings


class ApiSettings(DatabaseSettings, RedisSettings, LogSettings):
    api_host: str = Field(default="127.0.0.1", description="address that the API service listens on")
    api_port: int = Field(default=8000, ge=1, le=65535, description="port of the API service")
    allow_anonymous: bool = Field(default=False, description="listen beyond loopback although nobody has to show a key")
