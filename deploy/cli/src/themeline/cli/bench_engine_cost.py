"""What articles cost: CPU seconds by stage, here and in the database's process."""

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

SEARCH = "search"


def nothing() -> float:
    """The CPU of no other process."""
    return 0.0


def as_in_a_worker() -> None:
    """Keep what the measurement itself has in memory from the garbage collector, as workers do with what they load."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Plan:
    """What is measured: `articles` in batches, with each number of `sizes` (ascending) stored before them.

    candidates: the most that the engine alone scores for an article; None: as many as the service does.
    """

    sizes: Sequence[int]
    articles: int
    batch: int
    candidates: int | None = None


@dataclass
class Cost:
    """What a number of articles cost, and what was found for them.

    elsewhere: CPU seconds so far of the process that works for this one. Its resolution is a hundredth of a second,
    which many batches even out.
    """

    elsewhere: Callable[[], float] = nothing
    articles: int = 0
    here: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    there: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    background: float | None = None
    candidates: int = 0
    relations: int = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what the block costs; of stages one within the other the inner one counts."""
        began, there = time.process_time(), self.elsewhere()
        before = sum(self.here.values()), sum(self.there.values())
        try:
            yield
        finally:
            inner = sum(self.here.values()) - before[0], sum(self.there.values()) - before[1]
            self.here[name] += time.process_time() - began - inner[0]
            self.there[name] += self.elsewhere() - there - inner[1]

    @property
    def total(self) -> float:
        """Milliseconds an article here; an engine without a database is not blamed for its exhaustive search."""
        return self._each(sum(seconds for name, seconds in self.here.items() if self._served or name != SEARCH))

    @property
    def _served(self) -> bool:
        return self.elsewhere is not nothing

    def _each(self, seconds: float) -> float:
        return seconds / max(1, self.articles) * 1000

    def figures(self) -> dict[str, Any]:
        """Milliseconds an article, by name; of a stage in two processes [here, there]."""
        each = {name: round(self._each(seconds), 3) for name, seconds in self.here.items()}
        found: dict[str, Any] = {
            "articles": self.articles,
            "candidates": round(self.candidates / max(1, self.articles), 1),
            "relations": round(self.relations / max(1, self.articles), 1),
            "total": round(self.total, 3),
        }
        if not self._served:
            return {"stages": {name: value for name, value in each.items() if name != SEARCH}, **found} | {
                SEARCH: each.get(SEARCH, 0.0)
            }
        both = {name: [value, round(self._each(self.there[name]), 3)] for name, value in each.items()}
        found["postgresql"] = round(self._each(sum(self.there.values())), 3)
        if self.background is not None:
            found["postgresql_background"] = round(self._each(self.background), 3)
        return {"stages": both, **found}
