"""Signals as something to wait for: a stop that was asked for, or a child that ended."""

import os
import select
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SignalInbox:
    """Wakes `wait` at once when a signal arrives; usable in the main thread only.

    Handlers rather than a signal mask: children would inherit the mask.
    """

    def __init__(self) -> None:
        self.stop_asked = False
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._earlier: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}
        self._earlier_fd = -1

    def __enter__(self) -> Self:
        self._earlier_fd = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in (*STOPPING, signal.SIGCHLD):
            self._earlier[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._earlier_fd)
        os.close(self._reader)
        os.close(self._writer)

    def wait(self, seconds: float) -> None:
        """Return when a signal arrives, `wake` is called, or the time is over."""
        if select.select([self._reader], [], [], max(0.0, seconds))[0]:
            os.read(self._reader, 4096)

    def wake(self) -> None:
        """Make `wait` return; any thread may call it."""
        os.write(self._writer, b"\0")

    def ask_stop(self) -> None:
        """As if a signal had asked for it; any thread may call it."""
        self.stop_asked = True
        self.wake()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number in STOPPING:
            self.stop_asked = True
