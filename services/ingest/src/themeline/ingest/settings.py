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


class FetcherSettings(DatabaseSettings, RedisSettings, LogSettings):
    """The fetcher: reads feeds and pages."""

    fetchers: int = Field(default=16, ge=1, le=256, description="feeds and pages that are read at once")
    fetch_allow: str = Field(
        default="",
        description="networks that may be read from although they are not public, as 10.1.0.0/16,192.0.2.7/32",
    )
    fetch_pause_seconds: float = Field(
        default=1.0, ge=0, le=60, description="least time between two requests to one host"
    )
    contact_url: str = Field(default="", description="a page about who reads, named in the user agent")
    public_ingest_url: str = Field(
        default="", description="address at which hubs reach the ingest service; absent: no WebSub"
    )
    metrics_host: str = Field(default="127.0.0.1", description="address of the metrics and health pages")
    metrics_port: int | None = Field(default=None, description="port of those pages; absent: none")

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(network.strip() for network in self.fetch_allow.split(",") if network.strip())
