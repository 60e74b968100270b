"""Parsing strangers' bytes in a process of its own, with a limit on time and one on memory.

The processes come from a fork server of multiprocessing: a small process that has the parsers loaded and nothing
else, no thread, no connection to a database. A fork of this process would inherit both (and locks that its other
threads hold); a fresh interpreter takes a second to load the parsers, the fork server's child 20 ms.
"""

import fcntl
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any, Literal, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

R = TypeVar("R")

SandboxFailure = Literal["parse-crash", "parse-memory", "parse-timeout"]

# A page of 300 kB takes 1 s on a busy machine, 150 kB of nested tags as well, a feed of 3 MB 8 s.
PARSE_SECONDS = 10.0
# Four times what the largest page takes that can be read in that time (1 MB: 67 MB); a feed of 10 MB takes 27 MB.
MEMORY_BYTES = 256 * 1024 * 1024

# Libraries hold on to memory, and caches grow: a process is replaced after so many calls, which costs 20 ms.
_CALLS_PER_PROCESS = 500
_LONGEST_REASON = 200
# What starting a process may take on a busy machine, besides the function's own time.
_STARTING_SECONDS = 30.0
# One that broke unnoticed, and its successor; if that does not start either, the machine has no processes left.
_MOST_POOLS = 2
# Loaded once, in the fork server (ftfy alone takes half a second); the functions' own modules are loaded by the first
# call of each process.
_PRELOADED = ("feedparser", "ftfy", "htmldate", "idna", "lxml.html", "nh3", "trafilatura", __name__)


class SandboxError(Exception):
    """The function gave no result. `type` is stable and short, the text one clause that a person can read."""

    def __init__(self, type_: SandboxFailure, reason: str) -> None:
        super().__init__(reason)
        self.type: SandboxFailure = type_
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a call ended in its process. Exceptions are told in words: not every one survives the way back."""

    value: Any = None
    failure: SandboxFailure | None = None
    reason: str = ""


class Sandbox:
    """Runs top-level functions in processes that may be ended; starts them with the first call.

    For any number of threads. Not to be used across a fork: a forked process makes its own.
    """

    def __init__(self, *, workers: int = 1, seconds: float = PARSE_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        """Set the limits.

        Args:
            workers: how many functions run at once; further calls wait for their turn.
            seconds: what a call may take that says nothing else.
            memory_bytes: what each process may have besides what is loaded in it.
        """
        self._workers = workers
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._turns = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._calls: set[ProcessFuture[_Ended]] = set()
        self._closed = False

    def run(self, function: Callable[..., R], *args: object, timeout: float | None = None) -> R:
        """Call the function (a module's, by its name) with arguments and a result that can be pickled.

        Raises:
            SandboxError: it took longer than `timeout` seconds (default: of the sandbox), or more memory,
                or raised, or its process died. The next call works.
        """
        with self._turns:
            ended = self._called(function, args, timeout or self._seconds)
        if ended.failure is not None:
            raise SandboxError(ended.failure, ended.reason)
        result: R = ended.value
        return result

    def close(self) -> None:
        """End the processes; what still runs in them fails. Twice is as once."""
        with self._lock:
            self._closed = True
        self._abandon(self._pool)

    def _called(self, function: Callable[..., object], args: tuple[object, ...], seconds: float) -> _Ended:
        pool, call = self._scheduled(function, args, seconds)
        try:
            return call.result(seconds + _STARTING_SECONDS)
        except ProcessExpired as error:
            return _Ended(None, "parse-crash", f"the process that read it died (exit code {error.exitcode})")
        except TimeoutError:
            if not call.done():  # it is not pebble that gave up
                self._abandon(pool)
            return _Ended(None, "parse-timeout", f"it took longer than {seconds:g} s to read")
        except (CancelledError, RuntimeError):
            self._abandon(pool)
            return _Ended(None, "parse-crash", "the process that read it was ended")
        except (AttributeError, TypeError, pickle.PicklingError) as error:
            return _Ended(None, "parse-crash", f"what was read cannot be handed over ({error})"[:_LONGEST_REASON])
        finally:
            self._calls.discard(call)

    def _scheduled(
        self, function: Callable[..., object], args: tuple[object, ...], seconds: float
    ) -> tuple[ProcessPool, "ProcessFuture[_Ended]"]:
        for _ in range(_MOST_POOLS):
            with self._lock:
                pool = self._running()
                try:
                    call = pool.schedule(_call, args=(function, args), timeout=seconds)
                except RuntimeError:  # it broke between two calls: somebody ended its idle process
                    pass
                else:
                    self._calls.add(call)
                    return pool, call
            self._abandon(pool)
        raise SandboxError("parse-crash", "no process can be started to read it")

    def _running(self) -> ProcessPool:
        if self._closed:
            raise SandboxError("parse-crash", "the sandbox is closed")
        if self._pool is None:
            context = _Context()
            context.set_forkserver_preload(list(_PRELOADED))
            self._pool = ProcessPool(
                self._workers, _CALLS_PER_PROCESS, _confine, (self._memory_bytes,), context=context
            )
        return self._pool

    def _abandon(self, pool: ProcessPool | None) -> None:
        with self._lock:
            if pool is None or self._pool is not pool:
                return  # another thread was quicker
            self._pool = None
            calls = list(self._calls)
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
        for call in calls:  # pebble leaves them waiting
            call.cancel()  # type: ignore[no-untyped-call]


def _call(function: Callable[..., object], args: tuple[object, ...]) -> _Ended:
    """Run in the process: everything that the function raises, also the end of the interpreter, is a result."""
    try:
        return _Ended(function(*args))
    except MemoryError:
        return _Ended(None, "parse-memory", "it takes more memory to read than it may")
    except BaseException as error:  # noqa: BLE001
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_REASON]
        return _Ended(None, "parse-crash", f"reading it failed ({reason})")


def _confine(memory_bytes: int) -> None:
    """Run first in each process."""
    # Private memory alone: what is mapped from the parsers' files is shared, and does not count.
    limit = _private_bytes() + memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # By a handler in Python, a loop in C would not end before it is killed, three seconds later.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with_parent()


def _private_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - proc(5), one line
        return int(statm.read().split()[5]) * resource.getpagesize()


def _die_with_parent() -> None:
    """Have the kernel end this process (SIGIO) when the one that asked for it is gone, however busy this one is.

    PR_SET_PDEATHSIG would watch the fork server, which lives as long as any of its children.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, fcntl.fcntl(parent.sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if not parent.is_alive():  # it went before anybody watched
        sys.exit(0)


class _Process(ForkServerProcess):
    """A process that does not load the program again, as multiprocessing has it: our functions are in modules."""

    def start(self) -> None:
        with _HIDING:
            main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = main


class _Context(ForkServerContext):
    Process = _Process


_HIDING = threading.Lock()
