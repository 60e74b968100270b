"""What the ingest service is told by its environment."""

from pydantic import Field

from themeline.shared.settings import DatabaseSettings, LogSettings, RedisSettings


class IngestSettings(DatabaseSettings, LogSettings):
    """The HTTP service. It writes to PostgreSQL alone: Redis may be away."""

    ingest_host: str = Field(default="127.0.0.1", description="address that the ingest service listens on")
    ingest_port: int = Field(default=8001, ge=1, le=65535, description="port of the ingest service")
    allow_anonymous: bool = Field(default=False, description="listen beyond loopback although nobody has to show a key")
    max_body_bytes: int = Field(
        default=32 * 1024 * 1024, ge=1024, description="largest request body, before and after decompression"
    )


class RelaySettings(DatabaseSettings, RedisSettings, LogSettings):
    """The relay: outbox to queue."""

    relay_batch: int = Field(default=64, ge=1, le=1000, description="most articles in one message")
    # A relay that is told to stop first ends its wait; all have 15 seconds.
    relay_poll_seconds: float = Field(
        default=1.0, gt=0, le=10, description="how often the outbox is looked at when no notification comes"
    )
    metrics_host: str = Field(default="127.0.0.1", description="address of the metrics page")
    metrics_port: int | None = Field(default=None, description="port of the metrics page; absent: none")
