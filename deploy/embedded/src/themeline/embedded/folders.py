"""Private folders: what the servers keep, and where their sockets stand."""

import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

from themeline.embedded.errors import EmbeddedError

# sockaddr_un.sun_path holds 108 bytes with the closing NUL (unix(7)); macOS has 104.
LONGEST_SOCKET_PATH = 100
# The longest name a socket or its lock file has: .s.PGSQL.5432.lock
LONGEST_SOCKET_NAME = 18
# In PostgreSQL's settings and addresses a comma separates two folders; other rare characters need care too.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._ +-]+", re.ASCII)


def private_folder(path: Path, *, mode: int = 0o700) -> Path:
    """Make a folder that only this user may enter; refuse one that is not a folder or not ours."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        path.chmod(mode)
    except FileExistsError:
        raise EmbeddedError(f"{path} is not a folder: name another one with --data-dir") from None
    except PermissionError:
        raise EmbeddedError(f"{path} cannot be used by this user: name another folder with --data-dir") from None
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be made ({error.strerror}): name another folder with --data-dir") from None
    return path


def socket_folder(beside: Path, *, owner: int | None = None) -> Path:
    """Make the private folder of a server's sockets: `beside`/run, or a short one where that will not do.

    The short one is remembered in `beside`/run.path, and used again after a crash; `owner` is the user
    that the server runs as, where it is another.
    """
    wanted = (beside / "run").absolute()
    fits = len(os.fsencode(wanted)) + 1 + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH
    if fits and PLAIN_PATH.fullmatch(str(wanted)):
        return private_folder(wanted)
    note = beside / "run.path"
    if note.exists() and _is_private(Path(note.read_text()), owner):
        return Path(note.read_text())
    short = Path(tempfile.mkdtemp(prefix="themeline-", dir=_short_base()))
    note.write_text(str(short))
    return short


def remove_socket_folder(beside: Path) -> None:
    """Remove the folder that `socket_folder` made."""
    shutil.rmtree(beside / "run", ignore_errors=True)
    note = beside / "run.path"
    if not note.exists():
        return
    short = Path(note.read_text())
    # The note is ours, yet only a folder with our prefix is ever removed.
    if short.name.startswith("themeline-") and not short.is_symlink():
        shutil.rmtree(short, ignore_errors=True)
    note.unlink()


def _short_base() -> str:
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    short = len(os.fsencode(base)) < LONGEST_SOCKET_PATH // 2 and PLAIN_PATH.fullmatch(base)
    return base if short and os.access(base, os.W_OK | os.X_OK) else "/tmp"  # noqa: S108 (mkdtemp makes a private folder in it)


def _is_private(path: Path, owner: int | None) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    ours = status.st_uid in (os.geteuid(), owner)
    return stat.S_ISDIR(status.st_mode) and ours and stat.S_IMODE(status.st_mode) == 0o700  # noqa: PLR2004 (as made)
