"""What tells whether groups are one, or have fallen apart: members that stand for them, and their ties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from themeline.related.core.corpus import Rows
from themeline.related.core.stories import Group
from themeline.related.core.ties import Ties

STORY_SAMPLE = 24
"""Latest originals of a story that stand for it: the error of a mean over 24 × 24 pairs is far below what tells one
story from two, and the work stays the same however long the story is."""

THEME_SAMPLE = 8
"""Latest originals of each of a theme's stories that stand for it."""

THEME_STORIES = 16
"""Latest stories that stand for a theme."""

MOST_TOGETHER = 1_024
"""Articles that are looked at together: half a million pairs. Groups that batch after batch ties into one chain would
otherwise be looked at all at once, and pairs grow with the square."""

Pair = tuple[int, int]


class Member(NamedTuple):
    """An article that stands for its group: `atom` is what it stays together with, hours NaN when undated."""

    group: int
    atom: int
    article: int
    hours: float


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of groups to look at: the rows of `ties` that stand for each of their atoms.

    An atom stays together: a single article of a story, a story of a theme.
    """

    groups: Mapping[int, Group]
    atoms: Mapping[int, Mapping[int, Rows]]
    ties: Ties


@dataclass(frozen=True, slots=True)
class Question:
    """Pairs of groups that may be one, and groups that may have fallen apart, which must be looked at together."""

    pairs: tuple[Pair, ...] = ()
    looks: tuple[int, ...] = ()

    @property
    def ids(self) -> set[int]:
        """Every group in question."""
        return {*self.looks, *(id_ for pair in self.pairs for id_ in pair)}


def questions(pairs: Iterable[Pair], looks: Iterable[int], members: Mapping[int, int]) -> list[Question]:
    """The suspicions parted into questions that have no group in common.

    members: how many articles at most stand for each group. A pair that would bring more than `MOST_TOGETHER` of them
    into one question waits until an article gives reason to look again.
    """
    leader: dict[int, int] = {}
    together = dict(members)

    def lead(id_: int) -> int:
        while leader.setdefault(id_, id_) != id_:
            id_ = leader[id_]
        return id_

    def join(one: int, other: int) -> bool:
        left, right = lead(one), lead(other)
        if left != right:
            if together[left] + together[right] > MOST_TOGETHER:
                return False
            leader[left] = right
            together[right] += together[left]
        return True

    pairs, looks = [pair for pair in sorted(set(pairs)) if join(*pair)], sorted(set(looks))
    leaders = sorted({lead(id_) for id_ in (*looks, *(one for one, _ in pairs))})
    return [
        Question(
            tuple(pair for pair in pairs if lead(pair[0]) == each), tuple(id_ for id_ in looks if lead(id_) == each)
        )
        for each in leaders
    ]


def pairs_of(members: Sequence[Member]) -> list[Pair]:
    """Every pair of the members' articles, the larger id first, as relations are stored."""
    return [(max(pair), min(pair)) for pair in combinations(sorted({member.article for member in members}), 2)]


def gather(
    groups: Mapping[int, Group], members: Sequence[Member], relations: Mapping[Pair, float], horizon: float
) -> Evidence:
    """Evidence from the members of the groups in question, and the probability of each relation among `pairs_of`."""
    atoms: dict[int, dict[int, list[int]]] = {id_: {} for id_ in groups}
    for row, member in enumerate(members):
        atoms[member.group].setdefault(member.atom, []).append(row)
    row_of = {member.article: row for row, member in enumerate(members)}
    found = [
        (row_of[high], row_of[low], relations[high, low]) for high, low in pairs_of(members) if (high, low) in relations
    ]
    high, low = (np.array([each[at] for each in found], np.intp) for at in (0, 1))
    hours = np.array([member.hours for member in members])
    ties = Ties.of(hours, (high, low), np.array([each[2] for each in found], np.float32), horizon)
    return Evidence(
        groups,
        {id_: {atom: np.array(rows, np.intp) for atom, rows in own.items()} for id_, own in atoms.items()},
        ties,
    )
