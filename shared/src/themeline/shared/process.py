"""Long-running processes without HTTP: passes of work until a signal says stop."""

import signal
import threading
from collections.abc import Callable
from typing import Any

from themeline.shared.telemetry.logging import logger

# The wait after a failed pass doubles from the first to the last of these.
FIRST_BACKOFF_S = 0.5
LAST_BACKOFF_S = 5.0

log = logger(__name__)


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def handle(_number: int, _frame: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    return stop


def run_passes(
    step: Callable[[], object],
    wait: Callable[[], object],
    stop: threading.Event,
    *,
    failed: Callable[[Exception], None],
) -> None:
    """Repeat `step` then `wait` until `stop` is set; a failed pass is reported, waited out and repeated."""
    backoff = FIRST_BACKOFF_S
    while not stop.is_set():
        try:
            step()
            wait()
        except Exception as error:  # noqa: BLE001  a pass may fail in any way; the next one starts afresh
            failed(error)
            stop.wait(backoff)
            backoff = min(2 * backoff, LAST_BACKOFF_S)
        else:
            backoff = FIRST_BACKOFF_S


def first_line(error: BaseException) -> str:
    """Return an error's message in one line."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__
