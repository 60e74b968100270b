"""Stories and themes in memory, with merges and splits: what the database keeps, for the engine that has none."""

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from themeline.related.core.evidence import (
    STORY_SAMPLE,
    THEME_SAMPLE,
    THEME_STORIES,
    Evidence,
    Member,
    Pair,
    Question,
    gather,
    pairs_of,
)
from themeline.related.core.regrouping import STORIES, THEMES, Merged, Split, Suspects, regroup
from themeline.related.core.stories import Group

Probability = Callable[[Pair], float | None]
"""That two articles belong together, the larger number first; None without a relation."""


class Shelves:
    """Where each article stands, by number from 1: `stories`, `originals` and `hours` by number - 1.

    story_changes, theme_changes: the merges and splits so far, in order.
    """

    def __init__(self, horizon: float) -> None:
        self.stories: list[int] = []
        self.originals: list[int] = []
        self.hours: list[float] = []
        self.theme_of: dict[int, int] = {}
        self.story_groups: dict[int, Group] = {}
        self.theme_groups: dict[int, Group] = {}
        self.story_changes: list[Merged | Split] = []
        self.theme_changes: list[Merged | Split] = []
        self._horizon = horizon
        self._articles: defaultdict[int, list[int]] = defaultdict(list)
        self._stories_of: defaultdict[int, set[int]] = defaultdict(set)

    def add(self, story: int, original: int, hours: float) -> None:
        """Note where the next article went."""
        self.stories.append(story)
        self.originals.append(original)
        self.hours.append(hours)
        self._articles[story].append(len(self.stories))
        self._stories_of[self.theme_of[story]].add(story)

    def move(self, moved: Iterable[Pair]) -> None:
        """Point articles, and their copies, at their new originals."""
        for copy, original in moved:
            for number in self._articles[self.stories[copy - 1]]:
                if copy in (number, self.originals[number - 1]):
                    self.originals[number - 1] = original

    def regroup(self, suspects: Suspects, story: Probability, theme: Probability) -> None:
        """Merge and split what the suspicions prove right about: stories first, then themes."""
        for question in STORIES.questions(suspects.story_pairs, suspects.stories, self.story_groups):
            members = [member for id_ in sorted(question.ids) for member in self._story_members(id_)]
            found = self._gather(question, self.story_groups, members, story)
            for change in regroup(question, found, STORIES):
                self._change_stories(change)
        for question in THEMES.questions(suspects.theme_pairs, suspects.themes, self.theme_groups):
            members = [member for id_ in sorted(question.ids) for member in self._theme_members(id_)]
            found = self._gather(question, self.theme_groups, members, theme)
            for change in regroup(question, found, THEMES):
                self._change_themes(change)

    def _gather(
        self, question: Question, groups: dict[int, Group], members: list[Member], probability: Probability
    ) -> Evidence:
        relations = {pair: value for pair in pairs_of(members) if (value := probability(pair)) is not None}
        return gather({id_: groups[id_] for id_ in question.ids}, members, relations, self._horizon)

    def _story_members(self, story: int) -> list[Member]:
        numbers = [number for number in self._articles[story] if not self.originals[number - 1]]
        latest = sorted(numbers, key=lambda number: (np.nan_to_num(self.hours[number - 1]), number))[-STORY_SAMPLE:]
        return [Member(story, number, number, self.hours[number - 1]) for number in latest]

    def _theme_members(self, theme: int) -> list[Member]:
        stories = [story for story in self._stories_of[theme] if self._articles[story]]
        latest = sorted(stories, key=lambda story: (self.story_groups[story].last, story))[-THEME_STORIES:]
        return [
            Member(theme, story, member.article, member.hours)
            for story in latest
            for member in self._story_members(story)[-THEME_SAMPLE:]
        ]

    def _change_stories(self, change: Merged | Split) -> None:
        if isinstance(change, Merged):
            old, new = change.old, change.new
            moving = self._articles[old]
        else:
            old, new = change.group, -len(self.story_groups) - 1
            self.theme_of[new] = self.theme_of[old]
            leaving = {*change.leaving}
            moving = [number for number in self._articles[old] if leaving & {number, self.originals[number - 1]}]
        for number in moving:
            self.stories[number - 1] = new
        moved = {*moving}
        self._articles[old] = [number for number in self._articles[old] if number not in moved]
        self._articles[new] = sorted(self._articles[new] + moving)
        self._stories_of[self.theme_of[new]].add(new)
        for id_ in (old, new):
            self.story_groups[id_] = self._counted(id_, self._articles[id_])
        self._recount_themes({self.theme_of[old], self.theme_of[new]})
        self.story_changes.append(change)

    def _change_themes(self, change: Merged | Split) -> None:
        if isinstance(change, Merged):
            old, new = change.old, change.new
            moving = {*self._stories_of[old]}
        else:
            old, new = change.group, -len(self.theme_groups) - 1
            moving = {*change.leaving}
        self.theme_of.update(dict.fromkeys(moving, new))
        self._stories_of[old] -= moving
        self._stories_of[new] |= moving
        self._recount_themes({old, new})
        self.theme_changes.append(change)

    def _recount_themes(self, themes: Iterable[int]) -> None:
        for theme in themes:
            numbers = [number for story in self._stories_of[theme] for number in self._articles[story]]
            self.theme_groups[theme] = self._counted(theme, numbers)

    def _counted(self, id_: int, numbers: list[int]) -> Group:
        """A group of these articles; without a date their order tells the time, as it does on arrival."""
        dated = [self.hours[number - 1] for number in numbers if not np.isnan(self.hours[number - 1])]
        times = dated or [float(min(numbers))] if numbers else [float("nan")]
        return Group(id_, len(numbers), min(times), max(times), undated=bool(numbers) and not dated)
