"""What every tier of tests needs: waiting for a condition, ports, and programs that may be missing."""

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


def free_port() -> int:
    """Return a TCP port of the loopback interface on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where CI has promised that everything is installed."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def require_program(name: str) -> str:
    """Return the path of a program that Python cannot bring; skip, or fail in CI, without it."""
    return shutil.which(name) or missing(f"the program {name} is not installed")
