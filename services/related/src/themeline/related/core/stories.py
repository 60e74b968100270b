"""Which story an article belongs to: one pass, in order of arrival, with decay on the story's last article."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Group:
    """A story or theme as assignment sees it: its size in articles, and hours of its first and last (NaN: undated)."""

    id: int
    size: int
    first: float
    last: float


def assign_story(
    probabilities: npt.NDArray[np.float32],
    groups: npt.NDArray[np.int64],
    known: dict[int, Group],
    at: float,
) -> int | None:
    """The story that an article published at `at` (hours, NaN when undated) joins, or None: it opens a new one.

    probabilities: story probabilities of its scored candidates; groups: the story id of each candidate, 0 for
    none. known: the stories among them. A copy is not asked about: it goes to its original's story.
    """
    raise NotImplementedError
