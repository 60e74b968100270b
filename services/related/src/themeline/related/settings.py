"""What the related service is told by its environment."""

from datetime import timedelta

from pydantic import Field

from themeline.shared.settings import DatabaseSettings, LogSettings, RedisSettings

# A batch is done or dead by then: twice the longest task measured under load, below the
# visibility timeout, so that a batch is never worked on twice at once.
TASK_TIME_LIMIT_S = 60


class RelatedSettings(DatabaseSettings, RedisSettings, LogSettings):
    """The worker."""

    workers: int = Field(default=2, ge=1, description="processes that compute relations")
    metrics_host: str = Field(default="127.0.0.1", description="address of the metrics and health pages")
    metrics_port: int | None = Field(default=None, description="port of those pages; absent: none")
    horizon_days: float = Field(
        default=30.0, gt=0, description="largest time between two articles for a relation to be computed"
    )
    max_solo_attempts: int = Field(
        default=3, ge=1, description="attempts at one article alone before it is quarantined"
    )
    visibility_timeout_seconds: int = Field(
        default=120, ge=1, description="after which a message of a lost worker goes to another"
    )

    @property
    def horizon(self) -> timedelta:
        return timedelta(days=self.horizon_days)


class SweepSettings(DatabaseSettings, RedisSettings, LogSettings):
    """The sweep: finds what fell behind and sends it again."""

    sweep_interval_seconds: float = Field(default=10.0, gt=0, description="time between two sweeps")
    sweep_grace_seconds: float = Field(
        default=90.0,
        gt=0,
        description="how much longer than the queue is old an article may take before it is sent again",
    )
    sweep_batch: int = Field(default=64, ge=1, le=1000, description="most articles in one message")
    metrics_host: str = Field(default="127.0.0.1", description="address of the metrics and health pages")
    metrics_port: int | None = Field(default=None, description="port of those pages; absent: none")
