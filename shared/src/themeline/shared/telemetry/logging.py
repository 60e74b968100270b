"""JSON logs: one object a line, with the correlation id of the request that caused it."""

import logging
import sys
from uuid import uuid4

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Longer ids are cut: a client must not fill the log or the outbox with its header.
MAX_CORRELATION_ID = 64

# What these say below a warning, our own metrics and lines say better.
NOISY = (
    "uvicorn.access",
    "alembic",
    "httpx",
    "httpcore",
    "trafilatura",
    "htmldate",
    "celery.worker.strategy",
    "celery.app.trace",
)


def configure(service: str, level: str) -> None:
    """Send every log record of this process, also the libraries', to stderr as JSON."""

    def add_service(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_service,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; its first argument is what happened, the rest are fields."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


def new_correlation_id() -> str:
    return uuid4().hex


def correlation_id() -> str:
    """Return the correlation id bound to this context, or a new one."""
    bound = structlog.contextvars.get_contextvars().get("correlation_id")
    return bound if isinstance(bound, str) else new_correlation_id()


def acceptable_correlation_id(value: str | None) -> str:
    """Return a client's id where it is short and printable, else a new one."""
    if value and len(value) <= MAX_CORRELATION_ID and value.isascii() and value.isprintable():
        return value
    return new_correlation_id()
