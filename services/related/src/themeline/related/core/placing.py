"""Where an article goes, all rules together: copy, story, theme."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themeline.related.core.relations import Scored
from themeline.related.core.standing import Groups
from themeline.related.core.stories import story_choices
from themeline.related.core.themes import theme_choices


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Groups of the m scored candidates: story and theme id of each (0 for none), the groups, stories' themes."""

    story_ids: npt.NDArray[np.int64]
    theme_ids: npt.NDArray[np.int64]
    stories: Groups
    themes: Groups
    theme_of: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Story and theme of an article; None opens a new one.

    other_stories, other_themes: those it could have joined as well. They may be the same as the one it joined.
    """

    story: int | None
    theme: int | None
    other_stories: tuple[int, ...] = ()
    other_themes: tuple[int, ...] = ()


def place(scored: Scored, around: Neighbourhood, at: float, original_story: int | None = None) -> Assignment:
    """Assign an article published at `at` (hours, NaN when undated), given its scored candidates.

    original_story: for a copy, the story of its original, which is then its own.
    """
    if original_story is not None and original_story in around.theme_of:
        return Assignment(original_story, around.theme_of[original_story])
    stories = story_choices(scored.story, around.story_ids, around.stories, at)
    themes = theme_choices(scored.theme, around.theme_ids, around.themes)
    if not stories:
        return Assignment(None, themes[0] if themes else None, (), tuple(themes[1:]))
    own = around.theme_of[stories[0]]
    others = tuple(theme for theme in themes if theme != own)
    return Assignment(stories[0], own, tuple(stories[1:]), others)
