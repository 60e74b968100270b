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
from themeline.related.core.relations import Scored
from themeline.related.core.stories import Group


@dataclass(frozen=True, slots=True)
class Known:
    """Where a stored article stands: its story (0 for none) and the article it copies (0 for none)."""

    story: int = 0
    duplicate_of: int = 0


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
    gives a story's theme. `touched_stories` and `touched_themes` changed. `moved` lists (article, its new
    original) among stored articles; `emptied` (story, the one that its last article went to) and
    `absorbed` (theme, the one it became part of): a public id never dies, it leads on.
    """

    corpus: Corpus
    known: Mapping[int, Known]
    sort_hours: npt.NDArray[np.float64]
    stories: dict[int, Group]
    themes: dict[int, Group]
    theme_of: dict[int, int]
    placed: list[Placed] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)
    emptied: list[tuple[int, int]] = field(default_factory=list)
    absorbed: list[tuple[int, int]] = field(default_factory=list)
    touched_stories: set[int] = field(default_factory=set)
    touched_themes: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        standing = [self.known.get(int(id_), Known()) for id_ in self.corpus.ids]
        self._story = np.array([place.story for place in standing], np.int64)
        self._original = np.array([place.duplicate_of for place in standing], np.int64)

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

    def _assign(self, row: int, scored: Scored, left: int, twin_story: int | None) -> int:
        assigned = place(scored, self._around(scored), float(self.corpus.hours[row]), twin_story)
        if assigned.story is not None:
            self._absorb(assigned)
            return assigned.story
        if left and self.stories[left].size == 0:
            return left  # it was alone in its story, and still is: the id is public
        return self._open_story(self._open_theme() if assigned.theme is None else assigned.theme)

    def _around(self, scored: Scored) -> Neighbourhood:
        stories = self._story[scored.rows]
        themes = np.array([self.theme_of.get(story, 0) for story in stories.tolist()], np.int64)
        # only the groups around: a batch knows thousands of stories, an article touches a few dozen
        near = set(stories.tolist()) - {0}
        return Neighbourhood(
            stories,
            themes,
            {story: self.stories[story] for story in near},
            {theme: self.themes[theme] for theme in set(themes.tolist()) - {0}},
            {story: self.theme_of[story] for story in near},
        )

    def _story_at(self, id_: int) -> int | None:
        """The story of an article, which its copies are in as well: it may not be among the candidates itself."""
        rows = np.flatnonzero((self.corpus.ids == id_) | (self._original == id_))
        return int(self._story[rows[0]]) or None

    def _open_theme(self) -> int:
        theme = min((*self.themes, 0)) - 1
        self.themes[theme] = Group(theme, 0, float("nan"), float("nan"))
        return theme

    def _open_story(self, theme: int) -> int:
        story = min((*self.stories, 0)) - 1
        self.stories[story] = Group(story, 0, float("nan"), float("nan"))
        self.theme_of[story] = theme
        return story

    def _leave(self, row: int) -> int:
        """An article that is placed anew first leaves the story it was in; return that story, or 0."""
        story = int(self._story[row])
        if story:
            theme = self.theme_of[story]
            self.stories[story] = _resized(self.stories[story], -1)
            self.themes[theme] = _resized(self.themes[theme], -1)
            self._touch(story, theme)
            self._story[row] = 0
            self._original[row] = 0
        return story

    def _join(self, row: int, story: int) -> None:
        theme, at = self.theme_of[story], float(self.sort_hours[row])
        dated = not np.isnan(self.corpus.hours[row])
        self.stories[story] = _joined(self.stories[story], at, dated=dated)
        self.themes[theme] = _joined(self.themes[theme], at, dated=dated)
        self._touch(story, theme)
        self._story[row] = story

    def _absorb(self, assigned: Assignment) -> None:
        """The theme of a story that was alone in it becomes part of a wider one."""
        old, new = assigned.absorbed, assigned.theme
        if old is None or new is None or assigned.story is None:
            return
        small, large = self.themes[old], self.themes[new]
        first, last = float(np.fmin(small.first, large.first)), float(np.fmax(small.last, large.last))
        self.themes[new] = Group(new, small.size + large.size, first, last)
        self.themes[old] = replace(small, size=0)
        self.theme_of.update({story: new for story, theme in self.theme_of.items() if theme == old})
        self._touch(assigned.story, old)
        self._touch(assigned.story, new)
        self.absorbed.append((old, new))

    def _move(self, copies: tuple[int, ...], original: int) -> None:
        """Stored originals turn out to copy the new article: they and their copies point there."""
        for copy in copies:
            self._original[(self.corpus.ids == copy) | (self._original == copy)] = original
            self.moved.append((copy, original))

    def _touch(self, story: int, theme: int) -> None:
        self.touched_stories.add(story)
        self.touched_themes.add(theme)


def _resized(group: Group, by: int) -> Group:
    return replace(group, size=group.size + by)


def _joined(group: Group, at: float, *, dated: bool) -> Group:
    """An undated article counts, but neither begins nor revives a group that has dates."""
    if not dated and not np.isnan(group.last):
        return _resized(group, 1)
    return Group(group.id, group.size + 1, float(np.fmin(group.first, at)), float(np.fmax(group.last, at)))
