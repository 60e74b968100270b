"""How far an archive was sent, so that a run that was interrupted can be continued.

Nothing depends on it: what is sent again changes nothing. It only saves the time.
"""

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from themeline.cli.sources import Place


@dataclass(frozen=True)
class Bookmark:
    """A place in the sources of a run.

    Attributes:
        answered: the service answered everything up to here.
        accepted: the last article that it accepted. It is sent again, to see whether this is still the same system.
        where: `answered` as a person would name it.
        counts: articles by status so far.
    """

    answered: Place
    accepted: Place
    where: str
    counts: dict[str, int] = field(default_factory=dict)


class BookmarkFile:
    """The bookmark of one set of sources, on disk; without a path there is none."""

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self.failure: OSError | None = None

    def load(self) -> Bookmark | None:
        """What an earlier run left; None where there is nothing, or the sources have changed since."""
        if self._path is None:
            return None
        try:
            kept = json.loads(self._path.read_bytes())
            return _bookmark(kept) if kept["fingerprint"] == self._fingerprint else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, bookmark: Bookmark) -> None:
        """Replace the bookmark, whole or not at all. That it cannot be written is kept in `failure`, and no error."""
        if self._path is None or self.failure is not None:
            return
        kept = json.dumps({"fingerprint": self._fingerprint, **asdict(bookmark)})
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(kept)
            fresh.replace(self._path)
        except OSError as error:
            self.failure = error

    def remove(self) -> None:
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()


def _bookmark(kept: dict[str, Any]) -> Bookmark:
    return Bookmark(
        answered=Place(int(kept["answered"]["origin"]), int(kept["answered"]["line"])),
        accepted=Place(int(kept["accepted"]["origin"]), int(kept["accepted"]["line"])),
        where=str(kept["where"]),
        counts={str(status): int(number) for status, number in kept["counts"].items()},
    )
