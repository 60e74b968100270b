"""Parsing strangers' bytes in a process of its own, with a limit on time and one on memory."""

from collections.abc import Callable
from typing import Literal, TypeVar

R = TypeVar("R")

SandboxFailure = Literal["parse-crash", "parse-memory", "parse-timeout"]

PARSE_SECONDS = 10.0
MEMORY_BYTES = 512 * 1024 * 1024


class SandboxError(Exception):
    """The function gave no result. `type` is stable and short, the text one clause that a person can read."""

    def __init__(self, type_: SandboxFailure, reason: str) -> None:
        super().__init__(reason)
        self.type: SandboxFailure = type_
        self.reason = reason


class Sandbox:
    """Runs top-level functions in processes that may be ended; starts them with the first call.

    Not to be used across a fork: a forked process makes its own.
    """

    def __init__(self, *, workers: int = 1, seconds: float = PARSE_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        raise NotImplementedError

    def run(self, function: Callable[..., R], *args: object, timeout: float | None = None) -> R:
        """Call the function (a module's, by its name) with arguments and a result that can be pickled.

        Raises:
            SandboxError: it took longer than `timeout` seconds (default: of the sandbox), or more memory,
                or raised, or its process died. The next call works.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the processes; what still runs in them fails. Twice is as once."""
        raise NotImplementedError
