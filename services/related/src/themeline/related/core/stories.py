"""Which story an article belongs to: one pass, in order of arrival, with decay on the story's last article."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def story_choices(
    probabilities: Floats,
    groups: npt.NDArray[np.int64],
    known: Mapping[int, Group],
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


def near_groups(
    probabilities: Floats, groups: npt.NDArray[np.int64], known: Mapping[int, Group], threshold: float
) -> list[int]:
    """The groups with a linkage of at least `threshold`, strongest first; of equally strong ones the lower id."""
    odds = log_odds(probabilities)
    bar = float(log_odds(np.array([threshold], np.float32))[0])
    near = sorted(set(groups[odds >= bar].tolist()) & known.keys())
    links = {id_: linkage(odds[groups == id_], known[id_].size) for id_ in near}
    return sorted((id_ for id_ in near if links[id_] >= bar), key=lambda id_: -links[id_])


def linkage(odds: npt.NDArray[np.float64], size: int) -> float:
    """Strength of an article's tie to a group of `size` members, `odds` being its log-odds with some of them."""
    counted = max(1, min(size, LINK_MEMBERS))
    closest = np.sort(odds)[::-1][:counted]
    missing = counted - len(closest)
    mean = (closest.sum() + missing * FAR) / counted
    return float(LINK_MAX * closest[0] + (1 - LINK_MAX) * mean)


def log_odds(probabilities: Floats) -> npt.NDArray[np.float64]:
    """Log-odds, bounded to ±FAR so that one certain pair cannot outweigh all others."""
    edge = 1 / (1 + np.exp(-FAR))
    bounded = np.clip(probabilities.astype(np.float64), edge, 1 - edge)
    odds: npt.NDArray[np.float64] = np.log(bounded / (1 - bounded))
    return odds
