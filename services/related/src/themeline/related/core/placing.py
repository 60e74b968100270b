"""Where an article goes, all rules together: copy, story, theme."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.relations import Scored
from themeline.related.core.stories import Group, assign_story
from themeline.related.core.themes import assign_theme


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Groups of the m scored candidates: story and theme id of each (0 for none), the groups, stories' themes."""

    story_ids: npt.NDArray[np.int64]
    theme_ids: npt.NDArray[np.int64]
    stories: Mapping[int, Group]
    themes: Mapping[int, Group]
    theme_of: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Story and theme of an article; None opens a new one. `absorbed`: a theme to merge into `theme`."""

    story: int | None
    theme: int | None
    absorbed: int | None = None


def place(scored: Scored, around: Neighbourhood, at: float, original_story: int | None = None) -> Assignment:
    """Assign an article published at `at` (hours, NaN when undated), given its scored candidates.

    original_story: for a copy, the story of its original, which is then its own. A story that is still alone
    in its theme is asked again for a theme with each article that joins it: one article says little of it.
    """
    if original_story is not None and original_story in around.theme_of:
        return Assignment(original_story, around.theme_of[original_story])
    story = assign_story(scored.story, around.story_ids, around.stories, at)
    if story is None:
        return Assignment(None, assign_theme(scored.theme, around.theme_ids, around.themes))
    own = around.theme_of[story]
    if around.themes[own].size > around.stories[story].size:
        return Assignment(story, own)
    wider = assign_theme(scored.theme, around.theme_ids, around.themes, own)
    return Assignment(story, own) if wider is None else Assignment(story, wider, absorbed=own)
