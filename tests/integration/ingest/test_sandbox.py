import collections
import ctypes
import itertools
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from support import wait_for
from themeline.ingest.sandbox import Sandbox, SandboxError, SandboxFailure

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    one = Sandbox(memory_bytes=64 * MEGABYTE)
    yield one
    one.close()


def failure(sandbox: Sandbox, function: Callable[..., Any], *args: object, timeout: float | None = None) -> str:
    """What the call fails with; and that the sandbox survives it."""
    with pytest.raises(SandboxError) as caught:
        sandbox.run(function, *args, timeout=timeout)
    assert caught.value.reason
    assert "\n" not in caught.value.reason
    assert sandbox.run(int, "7") == 7
    return caught.value.type


def test_a_function_is_run_in_another_process(sandbox: Sandbox) -> None:
    assert sandbox.run(os.getpid) != os.getpid()
    assert sandbox.run(sorted, [3, 1, 2]) == [1, 2, 3]


def test_a_megabyte_goes_there_and_back(sandbox: Sandbox) -> None:
    data = os.urandom(4 * MEGABYTE)
    assert sandbox.run(bytes, data) == data


@pytest.mark.parametrize(
    ("function", "args", "type_"),
    [
        (time.sleep, (60,), "parse-timeout"),
        (collections.deque, (itertools.repeat(0), 0), "parse-timeout"),  # in C, deaf to signals
        (list, (itertools.repeat(0),), "parse-memory"),
        (bytearray, (10**12,), "parse-memory"),
        (ctypes.string_at, (0,), "parse-crash"),  # a real segmentation fault
        (signal.raise_signal, (signal.SIGKILL,), "parse-crash"),
        (os._exit, (3,), "parse-crash"),
        (sys.exit, (), "parse-crash"),
        (int, ("x",), "parse-crash"),
        (UnicodeDecodeError, (), "parse-crash"),
        (eval, ("(_ for _ in ())",), "parse-crash"),  # a result that cannot be sent
        (eval, ("lambda: 0",), "parse-crash"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_whatever_happens_is_named_and_the_next_call_works(
    sandbox: Sandbox, function: Callable[..., Any], args: tuple[object, ...], type_: SandboxFailure
) -> None:
    began = time.monotonic()
    assert failure(sandbox, function, *args, timeout=1) == type_
    assert time.monotonic() - began < 8


def test_an_exception_is_told_in_words(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="ValueError: invalid literal"):
        sandbox.run(int, "x")


def test_threads_share_the_processes() -> None:
    sandbox = Sandbox(workers=2)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda number: sandbox.run(abs, -number), range(100))) == list(range(100))
        processes = set(threads.map(lambda _: sandbox.run(os.getpid), range(20)))
    assert len(processes) <= 2
    sandbox.close()


def test_an_idle_process_that_is_killed_is_replaced() -> None:
    sandbox = Sandbox()
    process = psutil.Process(sandbox.run(os.getpid))
    process.kill()
    wait_for(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE, what="its end")
    assert eventually(sandbox, int, "7") == 7
    sandbox.close()


def eventually(sandbox: Sandbox, function: Callable[..., Any], *args: object) -> object:
    """The result, at the second try at the latest: the first may meet the process as it dies."""
    try:
        return sandbox.run(function, *args)
    except SandboxError:
        return sandbox.run(function, *args)


def test_closing_ends_what_runs() -> None:
    sandbox = Sandbox()
    process = psutil.Process(sandbox.run(os.getpid))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(sandbox.run, time.sleep, 60, timeout=60)
        wait_for(lambda: process.status() == psutil.STATUS_SLEEPING and running.running(), what="the call")
        sandbox.close()
        assert isinstance(running.exception(10), SandboxError)
    sandbox.close()
    assert not process.is_running()
    with pytest.raises(SandboxError, match="closed"):
        sandbox.run(int, "7")


def run_program(tmp_path: Path, text: str) -> subprocess.Popen[str]:
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(text))
    return subprocess.Popen([sys.executable, "-W", "error", program], stdout=subprocess.PIPE, text=True)


def test_processes_end_with_the_one_that_asked_for_them(tmp_path: Path) -> None:
    """Killed, it can tell nobody; and one of them is busy in C."""
    program = run_program(
        tmp_path,
        """
        import collections, itertools, os, threading
        from themeline.ingest.sandbox import Sandbox

        sandbox = Sandbox(workers=2)
        print(sandbox.run(os.getpid), flush=True)
        sandbox.run(collections.deque, itertools.repeat(0), 0, timeout=600)
        """,
    )
    with program:
        assert program.stdout
        assert program.stdout.readline()
        children = psutil.Process(program.pid).children(recursive=True)
        wait_for(lambda: any(child.cpu_times().user > 0.3 for child in _alive(children)), what="the loop to begin")
        program.kill()
    wait_for(lambda: not _alive(children), what="the processes to end")


def _alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_forked_process_may_use_one_and_end_without_closing_it(tmp_path: Path) -> None:
    program = run_program(
        tmp_path,
        """
        import os, sys
        from themeline.ingest.sandbox import Sandbox

        if os.fork() == 0:
            print(Sandbox().run(int, "7"), flush=True)
            sys.exit()
        _, status = os.wait()
        sys.exit(os.waitstatus_to_exitcode(status))
        """,
    )
    output, _ = program.communicate(timeout=60)
    assert (output, program.returncode) == ("7\n", 0)


def test_the_program_is_not_loaded_again(tmp_path: Path) -> None:
    """As multiprocessing does; here it has no guard, and would start processes without end."""
    program = run_program(
        tmp_path,
        """
        from themeline.ingest.sandbox import Sandbox

        print("loaded", flush=True)
        sandbox = Sandbox()
        print(sandbox.run(int, "7"), flush=True)
        sandbox.close()
        """,
    )
    output, _ = program.communicate(timeout=60)
    assert (output, program.returncode) == ("loaded\n7\n", 0)
