"""Which theme a story belongs to: its articles' theme probabilities, under a size cap."""

import numpy as np
import numpy.typing as npt

from themeline.related.core.stories import Group


def assign_theme(
    probabilities: npt.NDArray[np.float32],
    groups: npt.NDArray[np.int64],
    known: dict[int, Group],
    at: float,
) -> int | None:
    """The theme that a new story joins, or None: it opens a new theme.

    Called when an article opens a story (an article that joins one takes that story's theme): theme
    probabilities of that article's candidates, the theme id of each (0 for none), and the themes among them.
    """
    raise NotImplementedError
