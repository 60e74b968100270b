"""Progress on a terminal; nothing elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Advance = Callable[[int], object]
Steps = Callable[[str, int], Advance]
"""Begins a step of so many articles, and gives what to call as they are done."""


@contextmanager
def progress() -> Iterator[Steps]:
    """A bar for each step on standard error, gone when all is done."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as shown:

        def step(what: str, articles: int) -> Advance:
            task = shown.add_task(what, total=articles)
            return lambda done: shown.advance(task, done)

        yield step


def silent(_what: str, _articles: int) -> Advance:
    """Shows nothing."""
    return lambda _: None
