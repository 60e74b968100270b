"""What every tier of tests needs: waiting for a condition, ports, and programs that may be missing."""

import contextlib
import itertools
import os
import shutil
import socket
import time
from collections.abc import Callable
from typing import NoReturn, TypeVar

import pytest

# How often a condition is looked at.
POLL_SECONDS = 0.02

T = TypeVar("T")


def wait_for(condition: Callable[[], T], timeout: float = 10.0, what: str = "") -> T:
    """Return the first true value of `condition`, looked at until `timeout` seconds have passed."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout:g} s: {what or condition}; last seen: {value!r}")
        time.sleep(POLL_SECONDS)


# Below the ports that the system gives to connections (from 32,768 on Linux): those may be taken at any moment.
FIRST_PORT, PORTS_OF_A_PROCESS = 20_000, 1_000
_ports = itertools.count()


def free_port() -> int:
    """Return a TCP port of the loopback interface on which nothing listens now, and that no other test is given.

    Each process of the tests has a thousand of its own, and gives them out in turn.
    """
    first = FIRST_PORT + os.getpid() % 12 * PORTS_OF_A_PROCESS
    while True:
        port = first + next(_ports) % PORTS_OF_A_PROCESS
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where CI has promised that everything is installed."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def require_program(name: str) -> str:
    """Return the path of a program that Python cannot bring; skip, or fail in CI, without it."""
    return shutil.which(name) or missing(f"the program {name} is not installed")
