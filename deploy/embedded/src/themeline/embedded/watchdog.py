"""Ends what a killed supervisor could not: a tiny shell that waits for the supervisor's pipe to close.

The kernel tells children that their parent died (PR_SET_PDEATHSIG), but not grandchildren, such as the
processes of a Celery worker; the watchdog knows every child's session and kills it.
"""

import subprocess
from typing import IO

# Reads "add PID", "del PID" and "end" lines; at the end of the input without "end" the supervisor was killed.
# The seconds let databases and workers end in order after the first signal.
SCRIPT = """
trap '' INT TERM HUP
pids=" "
while read -r word pid; do
  case $word in
    add) pids="$pids$pid " ;;
    del) pids="${pids%% $pid *} ${pids#* $pid }" ;;
    end) exit 0 ;;
  esac
done
for pid in $pids; do kill -s TERM -- "-$pid" 2>/dev/null; done
sleep 3
for pid in $pids; do kill -s KILL -- "-$pid" 2>/dev/null; done
"""


class Watchdog:
    """The supervisor's end of the pipe."""

    def __init__(self, lock: int | None = None) -> None:
        """Start it; `lock` is a file descriptor it keeps open, so that the lock lasts as long as it."""
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=() if lock is None else (lock,),
            cwd="/",
        )

    def add(self, pid: int) -> None:
        self._tell(f"add {pid}")

    def remove(self, pid: int) -> None:
        self._tell(f"del {pid}")

    def close(self) -> None:
        """Send it home: everything has ended in order."""
        self._tell("end")
        self._pipe.close()
        self._process.wait()

    @property
    def _pipe(self) -> IO[bytes]:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 (it was asked for)
        return pipe

    def _tell(self, line: str) -> None:
        try:
            self._pipe.write(f"{line}\n".encode())
            self._pipe.flush()
        except BrokenPipeError:
            return  # somebody killed it; the supervisor itself still ends its children
