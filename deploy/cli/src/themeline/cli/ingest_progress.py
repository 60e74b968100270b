"""How a run of `themeline ingest` is shown: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

# Often enough to see life in a log, seldom enough to read it.
LINE_SECONDS = 30.0


class Pace:
    """How fast articles are sent, and when it will be over.

    Args:
        size: bytes of everything that is read; None when not known.
        clock: seconds, always rising.
    """

    def __init__(self, size: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._began = clock()
        self._first: tuple[float, int] | None = None
        self.articles = 0
        self.read = 0

    def advance(self, articles: int, read: int) -> None:
        """So many articles more were answered; so many bytes of all were read by then."""
        self.articles += articles
        self.read = max(self.read, read)
        # Bytes are timed from here: those that an earlier run sent say nothing on how fast this one is.
        if self._first is None:
            self._first = self._clock(), self.read

    @property
    def seconds(self) -> float:
        return self._clock() - self._began

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds if self.seconds > 0 else 0.0

    @property
    def share(self) -> float | None:
        """Of everything, how much is done; None when not known."""
        return min(self.read / self._size, 1.0) if self._size else None

    @property
    def seconds_left(self) -> float | None:
        if not self._size or self._first is None or self.read <= self._first[1]:
            return None
        began, read = self._first
        return (self._clock() - began) * max(self._size - self.read, 0) / (self.read - read)

    def __str__(self) -> str:
        words = [f"{self.articles:,} articles", f"{self.rate:,.0f}/s"]
        if self.share is not None:
            words.append(f"{self.share:.0%}")
        if self.seconds_left is not None:
            words.append(f"{duration(self.seconds_left)} left")
        return " · ".join(words)


def duration(seconds: float) -> str:
    """As a person says it: `8 s`, `3 min 20 s`, `2 h 5 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Shown:
    """Shows a run while it is entered."""

    def __init__(self, pace: Pace | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        console = Console(stderr=True)
        self.pace = pace or Pace()
        self._clock = clock
        self._said = clock()
        self._bar = Progress(
            TextColumn("sending"),
            BarColumn(),
            TextColumn("{task.fields[words]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task("", total=None, words="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away, so that what follows can be printed."""
        self._bar.stop()

    def advance(self, articles: int, read: int) -> None:
        """Show that so many articles more were answered, by the time so many bytes of all were read."""
        self.pace.advance(articles, read)
        self._show(str(self.pace))

    def note(self, text: str) -> None:
        """Say something that stays."""
        self._bar.console.print(f"themeline: {text}", markup=False, highlight=False, soft_wrap=True)

    def waiting(self, reason: str) -> None:
        """Show why nothing moves."""
        self._show(f"{self.pace} · waiting: {reason}")

    def _show(self, words: str) -> None:
        if not self._bar.disable:
            share = self.pace.share
            total = None if share is None else 1.0
            self._bar.update(self._task or TaskID(0), total=total, completed=share or 0.0, words=words)
        elif self._clock() - self._said >= LINE_SECONDS:
            self._said = self._clock()
            click.echo(f"themeline: {words}", err=True)
