"""Where the articles of the engine's benchmark stand, as columns: what the service reads from its database."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from themeline.cli.bench_news import MadeUp
from themeline.related.core.corpus import Rows
from themeline.related.core.placements import Placing
from themeline.related.core.standing import Columns, Ids, Standing
from themeline.related.core.stories import Group

FIRST_ROOM = 1_024


@dataclass(frozen=True, eq=False)
class Around:
    """What `themeline.related.store.standing` reads for a batch; row_themes: the theme of each row of the corpus."""

    standing: Standing
    row_themes: Ids
    stories: Columns
    themes: Columns
    theme_of: dict[int, int]


class Shelf:
    """The story and original of each article, and the stories and themes, by number from 1."""

    def __init__(self) -> None:
        self._articles = np.zeros((2, FIRST_ROOM), np.int64)
        self._stories, self._themes = _Numbered(), _Numbered()
        self._theme_of = np.zeros(FIRST_ROOM, np.int64)
        self._made: dict[tuple[str, int], int] = {}

    def put(self, number: int, article: MadeUp) -> None:
        """Put an article into the story that it was made for."""
        at = hours_of(article)
        theme = self._numbered("theme", article.theme, self._themes, at)
        story = self._numbered("story", article.story, self._stories, at)
        self._lead(story, theme)
        self._set(number, story, 0)

    def around(self, wanted: Rows) -> Around:
        """What stands around these articles, which ascend."""
        self._articles = _with_room(self._articles, int(wanted[-1]))
        stories, originals = self._articles[:, wanted]
        own = np.unique(stories[stories > 0])
        themes = self._theme_of[own]
        return Around(
            Standing(stories, originals),
            self._theme_of[stories],
            self._stories.take(own),
            self._themes.take(np.unique(themes)),
            dict(zip(own.tolist(), themes.tolist(), strict=True)),
        )

    def settle(self, placing: Placing) -> None:
        """Keep what a batch changed, new stories and themes under lasting numbers."""
        themes = {id_: self._themes.save(id_, placing.themes[id_]) for id_ in placing.touched_themes}
        stories = {id_: self._stories.save(id_, placing.stories[id_]) for id_ in placing.touched_stories}
        for id_, story in stories.items():
            theme = placing.theme_of[id_]
            self._lead(story, themes.get(theme, theme))
        for one in placing.placed:
            self._set(one.id - 1, stories.get(one.story, one.story), one.duplicate_of)

    def _numbered(self, level: str, made: int, groups: "_Numbered", at: float) -> int:
        number = self._made.get((level, made), -1)
        before = Group(number, 0, at, at) if number < 0 else groups[number]
        number = groups.save(number, Group(number, before.size + 1, before.first, max(before.last, at)))
        self._made[level, made] = number
        return number

    def _lead(self, story: int, theme: int) -> None:
        self._theme_of = _with_room(self._theme_of, story)
        self._theme_of[story] = theme

    def _set(self, number: int, story: int, original: int) -> None:
        self._articles = _with_room(self._articles, number)
        self._articles[:, number] = story, original


class _Numbered:
    """Stories or themes by number."""

    def __init__(self) -> None:
        self._count = 0
        self._sizes = np.zeros(FIRST_ROOM, np.int64)
        self._times = np.zeros((2, FIRST_ROOM))

    def __getitem__(self, number: int) -> Group:
        return Group(number, int(self._sizes[number]), *self._times[:, number].tolist())

    def save(self, number: int, group: Group) -> int:
        """Keep a group; return its number, the next one where it has none above zero yet."""
        if number < 0:
            self._count += 1
            number = self._count
            self._sizes, self._times = _with_room(self._sizes, number), _with_room(self._times, number)
        self._sizes[number] = group.size
        self._times[:, number] = group.first, group.last
        return number

    def take(self, numbers: Ids) -> Columns:
        first, last = self._times[:, numbers]
        return Columns(numbers, self._sizes[numbers], first, last, np.zeros(len(numbers), np.bool_))


def hours_of(article: MadeUp) -> float:
    """Its time of publication in the core's unit."""
    return article.published.timestamp() / 3600


def _with_room(column: npt.NDArray[Any], number: int) -> npt.NDArray[Any]:
    """The column, twice as long where it has no place of this number."""
    return column if number < column.shape[-1] else np.concatenate([column, np.zeros_like(column)], axis=-1)
