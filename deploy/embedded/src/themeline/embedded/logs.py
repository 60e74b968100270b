"""The log of one child: a file of bounded size, whose warnings are also shown on the terminal."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# One file and one predecessor a child: at most 20 MB each.
LARGEST_LOG = 10 * 1024 * 1024
# More warnings at once than a person can read stay in the file.
MOST_LINES_SHOWN = 10
LAST_LINES = 12
LONGEST_LINE_SHOWN = 500
# What is read back from the end of a log to find its last lines.
TAIL_BYTES = 16 * 1024
SHOWN_LEVELS = frozenset({"warning", "error", "critical"})
# The servers' routine messages have no levels of interest below these.
SERVER_ALARMS = re.compile(r"PANIC|No space left|[Oo]ut of memory|MISCONF|corrupt")


class ChildLog:
    """Children append to the file themselves, so that they never wait for the supervisor."""

    def __init__(self, folder: Path, name: str, *, server: bool = False) -> None:
        self.path = folder / f"{name}.log"
        self._server = server
        self._rotate()
        self._read = 0

    def open(self) -> BinaryIO:
        """Open it for a child's output."""
        # O_APPEND: after a truncation the child goes on at the new end.
        return os.fdopen(os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb")

    def news(self) -> list[str]:
        """Return what a person should see of the lines written since the last call."""
        if self.path.stat().st_size == self._read:
            return []
        shown = [line for line in map(self._shown, self._new_lines()) if line]
        if len(shown) > MOST_LINES_SHOWN:
            rest = len(shown) - MOST_LINES_SHOWN
            shown = [*shown[:MOST_LINES_SHOWN], f"… and {rest} more such lines in {self.path}"]
        self._bound()
        return shown

    def last_lines(self) -> list[str]:
        """Return the last lines, readable."""
        with self.path.open("rb") as log:
            log.seek(max(0, self.path.stat().st_size - TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return [readable(line) for line in lines[-LAST_LINES:]]

    def _new_lines(self) -> Iterator[str]:
        with self.path.open("rb") as log:
            log.seek(self._read)
            for raw in log:
                if not raw.endswith(b"\n"):
                    break  # the rest of the line is still being written
                self._read += len(raw)
                yield raw.decode(errors="replace").rstrip()

    def _shown(self, line: str) -> str | None:
        if self._server:
            return line[:LONGEST_LINE_SHOWN] if SERVER_ALARMS.search(line) else None
        fields = _fields(line)
        if fields is not None and str(fields.get("level", "")).lower() not in SHOWN_LEVELS:
            return None
        return readable(line)

    def _bound(self) -> None:
        if self._read > LARGEST_LOG:
            self._rotate()
            os.truncate(self.path, 0)
            self._read = 0

    def _rotate(self) -> None:
        if self.path.exists() and self.path.stat().st_size:
            shutil.copyfile(self.path, self.path.with_suffix(".log.1"))
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))


def readable(line: str) -> str:
    """One JSON line of a log as a person reads it; any other line as it is, cut to a sensible length."""
    fields = _fields(line)
    if fields is None:
        return line[:LONGEST_LINE_SHOWN]
    hidden = ("event", "level", "timestamp", "service", "logger", "exception")
    rest = " ".join(f"{name}={value}" for name, value in fields.items() if name not in hidden)
    cause = str(fields.get("exception", "")).strip().splitlines()[-1:]
    words = [str(fields.get("level", "")), str(fields.get("event", "")), rest, *cause]
    return " ".join(word for word in words if word)[:LONGEST_LINE_SHOWN]


def _fields(line: str) -> dict[str, object] | None:
    if not line.startswith("{"):
        return None
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None
