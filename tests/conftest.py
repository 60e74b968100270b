"""Settings of every tier of tests."""

import structlog
from hypothesis import settings

# Examples share two processors with other tests: a slow one is no failure.
settings.register_profile("themeline", deadline=None)
settings.load_profile("themeline")

# Without this a logged traceback is drawn with all its variables, which takes seconds.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
    ]
)
