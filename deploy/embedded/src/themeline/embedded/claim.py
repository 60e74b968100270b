"""One system a data folder: a lock that lasts as long as the last process of the system that holds it."""

import fcntl
import os
import time
from pathlib import Path

from themeline.embedded.errors import EmbeddedError

# A killed system's watchdog ends what is left of it within 3 s; servers may take a little longer.
LEFTOVER_SECONDS = 10.0


def claim(folder: Path) -> int:
    """Lock the folder and return the lock's file descriptor; refuse it when another system holds it."""
    path = folder / "lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedError(
            f"{path} cannot be written ({error.strerror}): mend who owns {folder}, or name another with --data-dir"
        ) from None
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text().strip()
            # A holder that lives is told at once; the remains of one that was killed are waited for.
            if _lives(holder) or time.monotonic() > deadline:
                os.close(descriptor)
                raise EmbeddedError(
                    f"{folder} is in use by a running Themeline (process {holder or 'unknown'}): stop that one, "
                    f"or name another folder with --data-dir"
                ) from None
            time.sleep(0.05)
        else:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            return descriptor


def _lives(pid: str) -> bool:
    if not pid.isdigit():
        return True  # it has just begun
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
