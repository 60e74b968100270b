"""What the related service is told by its environment."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from themeline.shared.settings import DatabaseSettings, LogSettings, RedisSettings, Settings

# A batch is done or dead by then: twice the longest task measured under load, below the
# visibility timeout, so that a batch is never worked on twice at once.
TASK_TIME_LIMIT_S = 60


EncoderKind = Literal["lexical", "static", "minilm", "multilingual", "http"]


class EncoderSettings(Settings):
    """Which encoder makes the vectors, and where its model is."""

    encoder: EncoderKind = Field(
        default="static", description="what makes vectors of texts: lexical, static, minilm, multilingual or http"
    )
    encoder_path: Path | None = Field(
        default=None, description="minilm: a folder with another model.onnx and its tokenizer.json"
    )
    encoder_url: str | None = Field(
        default=None, description="http: the address of `/v1/embeddings` (OpenAI) or `/embed` (TEI)"
    )
    encoder_model: str = Field(default="", description="http: the name of the model")
    encoder_api_key: SecretStr | None = Field(default=None, description="http: the key, sent as a bearer token")
    encoder_timeout_seconds: float = Field(default=10.0, gt=0, le=20, description="http: longest wait for an answer")


class RelatedSettings(EncoderSettings, DatabaseSettings, RedisSettings, LogSettings):
    """The worker."""

    workers: int = Field(default=2, ge=1, description="processes that compute relations")
    scorer: Path | None = Field(
        default=None, description="a scorer.json written by `themeline fit`; absent: the one shipped for the encoder"
    )
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


class ReindexSettings(EncoderSettings, DatabaseSettings, RedisSettings):
    """The command that changes the encoder."""


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
