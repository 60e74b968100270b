"""Which story an article belongs to: one pass, in order of arrival, with decay on the story's last article."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from themeline.related.core.frequencies import Floats

JOIN_STORY = 0.5
"""Linkage from which an article joins a story. Cross-validated BCubed F1 at 0.35, 0.45, 0.5, 0.55, with merges and
splits: full texts .880, .881, .882, .869; headlines .847, .872, .882, .876."""

LINK_MAX = 0.3
"""Share of the closest member in the linkage; the rest is the mean. Measured on headlines, BCubed F1 at the best
threshold: both .868, the mean alone .844, the closest alone .788."""

LINK_MEMBERS = 20
"""Closest members that the mean is taken over: a long story need not be similar throughout. Eight: headlines .840."""

FAR = -8.0
"""Log-odds counted for a member that was not even a candidate, and the lower bound for those that were."""

STORY_SILENCE = 14 * 24.0
"""Hours without an article after which a story is over; what follows later is a new story of the same theme."""


@dataclass(frozen=True, slots=True)
class Group:
    """A story or theme as assignment sees it: its size in articles, hours of its first and last (NaN: none yet).

    undated: no article in it has a date; the times are of the first arrival.
    """

    id: int
    size: int
    first: float
    last: float
    undated: bool = False


class GroupsById(Protocol):
    """Stories or themes that are known; a dictionary is one."""

    def __getitem__(self, id_: int, /) -> Group: ...
    def __contains__(self, id_: object, /) -> bool: ...


def story_choices(
    probabilities: Floats,
    groups: npt.NDArray[np.int64],
    known: GroupsById,
    at: float,
) -> list[int]:
    """The stories that an article published at `at` (hours, NaN when undated) could join, the closest first.

    It joins the first; without any it opens one. probabilities: story probabilities of its scored candidates;
    groups: the story id of each candidate, 0 for none. known: the stories among them (others are ignored). A copy
    is not asked about: it goes to its original's story. An undated article may join a story, but its caller
    never moves the story's times by it.
    """
    near = near_groups(probabilities, groups, known, JOIN_STORY)
    return [id_ for id_ in near if not is_over(known[id_], at)]


def is_over(story: Group, at: float) -> bool:
    """Whether more time lies between the story and `at` than a story may be silent; never when undated."""
    return gap(story, Group(0, 1, at, at)) > STORY_SILENCE


def gap(one: Group, other: Group) -> float:
    """Hours between two groups, negative where they overlap; NaN when either is undated."""
    return float(np.maximum(other.first - one.last, one.first - other.last))


def near_groups(probabilities: Floats, groups: npt.NDArray[np.int64], known: GroupsById, threshold: float) -> list[int]:
    """The groups with a linkage of at least `threshold`, strongest first; of equally strong ones the lower id."""
    odds = log_odds(probabilities)
    bar = _bar(threshold)
    members: dict[int, list[float]] = {id_: [] for id_ in sorted({*groups[odds >= bar].tolist()}) if id_ in known}
    if not members:
        return []
    for id_, one in zip(groups.tolist(), odds.tolist(), strict=True):
        if id_ in members:
            members[id_].append(one)
    links = {id_: linkage(found, known[id_].size) for id_, found in members.items()}
    return sorted((id_ for id_ in members if links[id_] >= bar), key=lambda id_: -links[id_])


def linkage(odds: Iterable[float], size: int) -> float:
    """Strength of an article's tie to a group of `size` members, `odds` being its log-odds with some of them."""
    counted = max(1, min(size, LINK_MEMBERS))
    closest = sorted(odds, reverse=True)[:counted]
    missing = counted - len(closest)
    mean = (sum(closest) + missing * FAR) / counted
    return LINK_MAX * closest[0] + (1 - LINK_MAX) * mean


@lru_cache(maxsize=8)
def _bar(threshold: float) -> float:
    return float(log_odds(np.array([threshold], np.float32))[0])


def log_odds(probabilities: Floats) -> npt.NDArray[np.float64]:
    """Log-odds, bounded to ±FAR so that one certain pair cannot outweigh all others."""
    edge = 1 / (1 + np.exp(-FAR))
    bounded = np.clip(probabilities.astype(np.float64), edge, 1 - edge)
    odds: npt.NDArray[np.float64] = np.log(bounded / (1 - bounded))
    return odds
