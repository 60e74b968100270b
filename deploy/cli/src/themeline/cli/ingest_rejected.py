"""The file of rejected articles: JSON Lines, each with its reason and the article as it was sent.

An article that was mended in place (under `item`) can be sent by giving this file to `themeline ingest`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO, cast

from themeline.cli.errors import CommandError
from themeline.cli.sources import Entry, Unreadable

# A file that nobody asked for must not fill the disk when a whole archive is rejected.
MOST_UNASKED_BYTES = 64 * 1024 * 1024
UNREADABLE = "urn:themeline:problem:unreadable"


class RejectedFile:
    """Writes rejected articles as they come; the file is made with the first one.

    Args:
        path: where; None keeps none.
        most_bytes: after which no more are written; None for no limit.
        appends: keep what an earlier run wrote, which this one continues.
    """

    def __init__(self, path: Path | None, *, most_bytes: int | None = None, appends: bool = False) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._mode = "a" if appends else "w"
        self._file: TextIO | None = None
        self.left_out = 0

    @property
    def path(self) -> Path | None:
        """The file, if anything was written in this run."""
        return self._path if self._file is not None else None

    def add(self, entry: Entry, problem: Mapping[str, Any]) -> None:
        """Keep an article that the service refused."""
        self._write({"where": entry.where, "problem": dict(problem), "item": entry.fields})

    def add_unreadable(self, found: Unreadable) -> None:
        """Keep a line that never became an article."""
        problem = {"type": UNREADABLE, "title": found.reason, "detail": found.detail}
        self._write({"where": found.where, "problem": problem, "raw": found.raw})

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._path is None:
            return
        try:
            file = self._opened(self._path)
            if self._most_bytes is not None and file.tell() > self._most_bytes:
                self.left_out += 1
                return
            file.write(f"{json.dumps(line)}\n")
            file.flush()  # it must be there before the bookmark says that the article was answered
        except OSError as error:
            raise CommandError(
                f"{self._path} cannot be written ({error.strerror}): name another with --rejected"
            ) from None

    def _opened(self, path: Path) -> TextIO:
        if self._file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = cast("TextIO", path.open(self._mode, encoding="utf-8"))
        return self._file
