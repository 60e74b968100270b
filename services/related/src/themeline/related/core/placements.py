"""Where a batch of articles goes, decided one article after another.

What is decided for one article is seen by the next, so that two articles of one batch on one new
event open one story between them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus
from themeline.related.core.duplicates import find_duplicate
from themeline.related.core.placing import Assignment, Neighbourhood, place
from themeline.related.core.regrouping import LOOK_AT, Suspects, look_is_due
from themeline.related.core.relations import Scored
from themeline.related.core.standing import Groups, Standing
from themeline.related.core.stories import Group


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article went. A negative story is new: `Placing.theme_of` says its theme."""

    id: int
    story: int
    duplicate_of: int


@dataclass(eq=False)
class Placing:
    """The state of one batch; `stories` and `themes` hold those of every candidate, and are updated.

    New stories and themes get negative ids, which the caller replaces when it stores them. `theme_of`
    gives a story's theme. `touched_stories` and `touched_themes` changed; they give the sizes before.
    `moved` lists (article, its new
    original) among stored articles; `emptied` (story, the one that its last article went to): a public id
    never dies, it leads on. `vacated` gives the stories that wait, empty, for an article that had left.
    """

    corpus: Corpus
    standing: Standing
    sort_hours: npt.NDArray[np.float64]
    stories: Groups
    themes: Groups
    theme_of: dict[int, int]
    vacated: Mapping[int, int] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)
    emptied: list[tuple[int, int]] = field(default_factory=list)
    touched_stories: dict[int, int] = field(default_factory=dict)
    touched_themes: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._left: set[int] = set()
        self._story_pairs: set[tuple[int, int]] = set()
        self._theme_pairs: set[tuple[int, int]] = set()
        self._story, self._original = self.standing.stories.copy(), self.standing.originals.copy()
        self._theme = np.array([self.theme_of.get(story, 0) for story in self._story.tolist()], np.int64)

    def place(self, row: int, scored: Scored) -> Placed:
        """Decide on the article at corpus row `row`, given all its scored candidates."""
        id_, left = int(self.corpus.ids[row]), self._leave(row)
        duplicate = find_duplicate(self.corpus, row, scored, self.sort_hours, self._original)
        twin = duplicate.original or next(iter(duplicate.copies), None)
        story = self._assign(row, scored, left, None if twin is None else self._story_at(twin))
        self._move(duplicate.copies, id_)
        self._join(row, story)
        if left and left != story and self.stories[left].size == 0:
            self.emptied.append((left, story))
        self._original[row] = duplicate.original or 0
        self.placed.append(Placed(id_, story, duplicate.original or 0))
        return self.placed[-1]

    def suspects(self) -> Suspects:
        """The stories and themes that are worth a look after this batch: they may be one, or may have fallen apart."""
        stories = {id_ for id_, size in self.touched_stories.items() if look_is_due(size, self.stories[id_].size)}
        themes = {id_ for id_, size in self.touched_themes.items() if look_is_due(size, self.themes[id_].size)}
        return Suspects(
            frozenset(pair for pair in self._story_pairs if pair[0] in stories or self._is_new(self.stories, pair)),
            frozenset(stories | self._left),
            frozenset(pair for pair in self._theme_pairs if pair[0] in themes or self._is_new(self.themes, pair)),
            frozenset(themes | {self.theme_of[story] for story in self._left}),
        )

    @staticmethod
    def _is_new(groups: Groups, pair: tuple[int, int]) -> bool:
        """Whether one of the two is too small to have been looked at; others wait until the first grew enough."""
        return min(groups[id_].size for id_ in pair) < LOOK_AT[0]

    def _assign(self, row: int, scored: Scored, left: int, twin_story: int | None) -> int:
        assigned = place(scored, self._around(scored), float(self.corpus.hours[row]), twin_story)
        if assigned.story is not None:
            self._suspect(assigned.story, assigned)
            return assigned.story
        if left and self.stories[left].size == 0:
            return left  # it was alone in its story, and still is: the id is public
        story = self._open_story(self._open_theme() if assigned.theme is None else assigned.theme)
        self._suspect(story, assigned)
        return story

    def _suspect(self, story: int, assigned: Assignment) -> None:
        theme = self.theme_of[story]
        self._story_pairs.update((story, other) for other in assigned.other_stories)
        self._theme_pairs.update((theme, other) for other in assigned.other_themes)

    def _around(self, scored: Scored) -> Neighbourhood:
        rows = scored.rows
        return Neighbourhood(self._story[rows], self._theme[rows], self.stories, self.themes, self.theme_of)

    def _story_at(self, id_: int) -> int | None:
        """The story of an article, which its copies are in as well: it may not be among the candidates itself."""
        rows = np.flatnonzero((self.corpus.ids == id_) | (self._original == id_))
        return int(self._story[rows[0]]) or None

    def _open_theme(self) -> int:
        theme = -len(self.themes) - 1
        self.themes[theme] = Group(theme, 0, float("nan"), float("nan"))
        return theme

    def _open_story(self, theme: int) -> int:
        story = -len(self.stories) - 1
        self.stories[story] = Group(story, 0, float("nan"), float("nan"))
        self.theme_of[story] = theme
        return story

    def _leave(self, row: int) -> int:
        """An article that is placed anew first leaves the story it was in; return the story it left, or 0."""
        story = int(self._story[row])
        if story:
            theme = self.theme_of[story]
            self._touch(story, theme)
            self._left.add(story)
            self.stories[story] = _resized(self.stories[story], -1)
            self.themes[theme] = _resized(self.themes[theme], -1)
            self._story[row] = self._theme[row] = self._original[row] = 0
            return story
        return self.vacated.get(int(self.corpus.ids[row]), 0)

    def _join(self, row: int, story: int) -> None:
        theme, at = self.theme_of[story], float(self.sort_hours[row])
        dated = not np.isnan(self.corpus.hours[row])
        self._touch(story, theme)
        self.stories[story] = _joined(self.stories[story], at, dated=dated)
        self.themes[theme] = _joined(self.themes[theme], at, dated=dated)
        self._story[row], self._theme[row] = story, theme

    def _move(self, copies: tuple[int, ...], original: int) -> None:
        """Stored originals turn out to copy the new article: they and their copies point there."""
        for copy in copies:
            self._original[(self.corpus.ids == copy) | (self._original == copy)] = original
            self.moved.append((copy, original))

    def _touch(self, story: int, theme: int) -> None:
        """Note that a story and its theme are about to change."""
        self.touched_stories.setdefault(story, self.stories[story].size)
        self.touched_themes.setdefault(theme, self.themes[theme].size)


def _resized(group: Group, by: int) -> Group:
    return replace(group, size=group.size + by)


def _joined(group: Group, at: float, *, dated: bool) -> Group:
    """An undated article counts, but neither begins nor revives a group: it lends an empty one its arrival."""
    if not dated and not np.isnan(group.last):
        return _resized(group, 1)
    if dated and group.undated:
        return Group(group.id, group.size + 1, at, at)
    first, last = float(np.fmin(group.first, at)), float(np.fmax(group.last, at))
    return Group(group.id, group.size + 1, first, last, undated=not dated)
