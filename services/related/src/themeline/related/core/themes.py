"""Which theme a story belongs to: its articles' theme probabilities, under a size cap."""

import numpy as np
import numpy.typing as npt

from themeline.related.core.frequencies import Floats
from themeline.related.core.stories import GroupsById, near_groups

JOIN_THEME = 0.6
"""Linkage from which a story joins a theme. Cross-validated BCubed F1 of themes on full texts: .865 at 0.5, where
themes swallow each other story by story, .898 at 0.6, .906 at 0.7, where on news of four weeks themes fall apart."""

MAX_THEME = 2_000
"""Articles from which a theme takes no further stories: by then it is a section of a newspaper, not a theme."""


def theme_choices(
    probabilities: Floats,
    groups: npt.NDArray[np.int64],
    known: GroupsById,
) -> list[int]:
    """The themes that an article's story could join, the closest first.

    probabilities: theme probabilities of the article's scored candidates; groups: the theme id of each, 0 for
    none; known: the themes among them. A story that the article opens joins the first, or opens a theme.
    """
    near = near_groups(probabilities, groups, known, JOIN_THEME)
    return [id_ for id_ in near if known[id_].size < MAX_THEME]
