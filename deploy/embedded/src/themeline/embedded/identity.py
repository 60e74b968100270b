"""As whom PostgreSQL runs: it refuses to run as root.

An ordinary user runs it as himself. Root runs it in a user namespace, where root's files belong to the
server and it still is not root; where namespaces are forbidden (many containers), as `nobody`.
"""

import functools
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from themeline.embedded.errors import EmbeddedError

NOBODY = 65534


@dataclass(frozen=True)
class Identity:
    """The words before a command, and the user to become, if any."""

    prefix: Sequence[str] = ()
    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Give a file or folder to the user the server runs as."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def disown(self, path: Path) -> None:
        """Take a file back."""
        if self.uid is not None:
            os.chown(path, os.geteuid(), os.getegid())

    def admit(self, path: Path) -> None:
        """Let the server pass through a folder of ours without reading it."""
        if self.gid is not None:
            os.chown(path, -1, self.gid)
            path.chmod(0o710)


@functools.cache
def server_identity() -> Identity:
    """Find out how a server that refuses root can run here."""
    if os.geteuid() != 0:
        return Identity()
    namespace = _namespace_prefix()
    if namespace:
        return Identity(prefix=namespace)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and this system has neither user namespaces nor a user "
            "`nobody`: run as an ordinary user, or set THEMELINE_DATABASE_URL to a PostgreSQL server"
        ) from None
    return Identity(uid=nobody.pw_uid, gid=nobody.pw_gid)


def _namespace_prefix() -> list[str]:
    program = shutil.which("unshare") if sys.platform == "linux" else None
    if program is None:
        return []
    prefix = [program, "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if tried.returncode == 0 else []


def require_reachable(path: Path, identity: Identity) -> None:
    """Say which folder the server's user may not enter, before PostgreSQL says it less clearly."""
    if identity.uid is None:
        return
    for folder in reversed(path.absolute().parents):
        status = folder.stat()
        through_group = status.st_gid == identity.gid and status.st_mode & 0o010
        if not (status.st_mode & 0o001 or through_group or status.st_uid == identity.uid):
            raise EmbeddedError(
                f"PostgreSQL runs as `nobody` here, because root cannot make user namespaces, and may not "
                f"enter {folder}: use another folder (--data-dir), allow it with `chmod o+x {folder}`, "
                f"or run as an ordinary user"
            )
