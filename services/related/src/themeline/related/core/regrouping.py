"""Stories and themes put right after the fact: two that turn out to be one are merged, one that fell apart is split.

Both go by the mean over pairs of articles, and the bar for merging is higher than the one for splitting. A merge
therefore raises the sum of (log-odds - t) over all pairs within groups, for any t between the two bars, and so
does a split: while relations stay as they are, no sequence of merges and splits comes back to where it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from themeline.related.core.corpus import Rows
from themeline.related.core.evidence import (
    STORY_SAMPLE,
    THEME_SAMPLE,
    THEME_STORIES,
    Evidence,
    Pair,
    Question,
    questions,
)
from themeline.related.core.stories import STORY_SILENCE, Group, gap, log_odds
from themeline.related.core.themes import MAX_THEME
from themeline.related.core.ties import Ties

MERGE_STORIES, SPLIT_STORIES = 0.5, 0.35
"""Mean probability between two stories from which they are one, and between two parts of one below which they are two.
Cross-validated, BCubed F1 on full texts and headlines: 0.4 and 0.2 .882 and .882; 0.5 and 0.2 .887 and .878; 0.4 and
0.3 .898 and .882; 0.5 and 0.35 .907 and .879."""

MERGE_THEMES, SPLIT_THEMES = 0.4, 0.2
"""The same for themes, held wider apart: what is said of a subject changes over weeks. Cross-validated on full texts:
.906; with 0.5 and 0.3 .897."""

MIN_PART = 2
"""Articles of a part that is split off: one stray article is no story that was overlooked."""

MAX_STORY = 2_000
"""Articles beyond which stories are not merged: no event has more, and moving them takes long."""

LOOK_AT = (4, 5, 8, 13, 21, 34, 55, 89)
"""Sizes at which a group is looked at for a split, and every `LOOK_EVERY` from there: the work a group causes grows
no faster than the group."""

LOOK_EVERY = 100


@dataclass(frozen=True, slots=True)
class Suspects:
    """What is worth a look: pairs of groups that an article could have joined, groups that grew or changed."""

    story_pairs: frozenset[tuple[int, int]] = frozenset()
    stories: frozenset[int] = frozenset()
    theme_pairs: frozenset[tuple[int, int]] = frozenset()
    themes: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.story_pairs or self.stories or self.theme_pairs or self.themes)

    def __or__(self, other: "Suspects") -> "Suspects":
        return Suspects(
            self.story_pairs | other.story_pairs,
            self.stories | other.stories,
            self.theme_pairs | other.theme_pairs,
            self.themes | other.themes,
        )

    def renamed(self, stories: Mapping[int, int], themes: Mapping[int, int]) -> "Suspects":
        """The same under the ids that groups got when they were stored."""
        return Suspects(
            frozenset((stories.get(one, one), stories.get(other, other)) for one, other in self.story_pairs),
            frozenset(stories.get(id_, id_) for id_ in self.stories),
            frozenset((themes.get(one, one), themes.get(other, other)) for one, other in self.theme_pairs),
            frozenset(themes.get(id_, id_) for id_ in self.themes),
        )


NO_SUSPECTS = Suspects()


@dataclass(frozen=True, slots=True)
class Rules:
    """Probabilities from which groups are merged and below which they are split, and what bounds a merge.

    sample: articles that stand for a group at most.
    """

    merge: float
    split: float
    max_size: int
    sample: int
    silence: float = float("inf")

    def questions(self, pairs: Iterable[Pair], looks: Iterable[int], groups: Mapping[int, Group]) -> list[Question]:
        """The suspicions about these groups, in questions that have no group in common."""
        members = {id_: min(group.size, self.sample) for id_, group in groups.items()}
        return questions(pairs, looks, members)


STORIES = Rules(MERGE_STORIES, SPLIT_STORIES, MAX_STORY, STORY_SAMPLE, STORY_SILENCE)
THEMES = Rules(MERGE_THEMES, SPLIT_THEMES, MAX_THEME, THEME_STORIES * THEME_SAMPLE)


@dataclass(frozen=True, slots=True)
class Merged:
    """A group that became part of another: `old` leads to `new` from now on."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Split:
    """Members of `group` (articles of a story, stories of a theme) that are a group of their own from now on."""

    group: int
    leaving: tuple[int, ...]


def regroup(question: Question, found: Evidence, rules: Rules) -> list[Merged | Split]:
    """What is to be merged, and what is to be split; no group is both at once."""
    rows = {id_: np.concatenate([*atoms.values()]) for id_, atoms in found.atoms.items() if atoms}
    done = merges([pair for pair in question.pairs if rows.keys() >= {*pair}], found.groups, rows, found.ties, rules)
    changed = {id_ for merged in done for id_ in (merged.old, merged.new)}
    candidates = [id_ for id_ in question.looks if id_ in rows and id_ not in changed]
    splits = [split(id_, found.atoms[id_], found.ties, rules) for id_ in candidates]
    return [*done, *(each for each in splits if each is not None)]


def merges(
    pairs: Iterable[tuple[int, int]],
    groups: Mapping[int, Group],
    rows: Mapping[int, Rows],
    ties: Ties,
    rules: Rules,
) -> list[Merged]:
    """Which of the suspected `pairs` are one group, the closest first; what is merged counts as one at once.

    rows: the rows of `ties` that stand for each group. The larger survives, of equals the one stored first;
    new groups, with negative ids, never survive stored ones.
    """
    groups, rows = dict(groups), dict(rows)
    open_pairs = {(min(pair), max(pair)) for pair in pairs}
    done: list[Merged] = []
    while best := _closest(open_pairs, groups, rows, ties, rules):
        old, new = sorted(best, key=lambda id_: _seniority(groups[id_]))
        done.append(Merged(old, new))
        groups[new] = joined(groups[new], groups[old])
        rows[new] = np.concatenate([rows[new], rows[old]])
        renamed = ({new if id_ == old else id_ for id_ in pair} for pair in open_pairs)
        open_pairs = {(min(pair), max(pair)) for pair in renamed if len(pair) > 1}
    return done


def _closest(
    pairs: Iterable[tuple[int, int]],
    groups: Mapping[int, Group],
    rows: Mapping[int, Rows],
    ties: Ties,
    rules: Rules,
) -> tuple[int, int] | None:
    bar = _log_odds(rules.merge)
    fitting = [pair for pair in sorted(pairs) if _may_merge(groups[pair[0]], groups[pair[1]], rules)]
    found = [(ties.between(*(rows[id_] for id_ in pair)), pair) for pair in fitting]
    return max((each for each in found if each[0] >= bar), default=(0.0, None), key=lambda each: each[0])[1]


def _may_merge(one: Group, other: Group, rules: Rules) -> bool:
    near = not gap(one, other) > rules.silence
    return near and min(one.size, other.size) > 0 and one.size + other.size <= rules.max_size


def _seniority(group: Group) -> tuple[bool, int, int]:
    return group.id > 0, group.size, -abs(group.id)


def joined(one: Group, other: Group) -> Group:
    """`one` with the articles of `other`; dated articles tell the time, where there are any."""
    size = one.size + other.size
    if one.undated != other.undated:
        dated = other if one.undated else one
        return replace(one, size=size, first=dated.first, last=dated.last, undated=False)
    first, last = float(np.fmin(one.first, other.first)), float(np.fmax(one.last, other.last))
    return replace(one, size=size, first=first, last=last)


def split(group: int, atoms: Mapping[int, Rows], ties: Ties, rules: Rules) -> Split | None:
    """How a group falls apart into two that each hold together, or None.

    atoms: what stays together (single articles of a story, stories of a theme), oldest first, with the rows of
    `ties` that stand for each. The larger part keeps the id, of equals the one with the older articles.
    """
    if len(atoms) < 2 or sum(map(len, atoms.values())) < 2 * MIN_PART:  # noqa: PLR2004  two parts
        return None
    parts = ties.cut(atoms)
    rows = [np.concatenate([atoms[atom] for atom in part]) for part in parts]
    apart = ties.between(*rows) < _log_odds(rules.split)
    if not apart or any(not _holds_together(part, ties, rules) for part in rows):
        return None
    order = list(atoms)
    kept = max((0, 1), key=lambda at: (len(rows[at]), -min(order.index(atom) for atom in parts[at])))
    return Split(group, tuple(sorted(parts[1 - kept])))


def _holds_together(rows: Rows, ties: Ties, rules: Rules) -> bool:
    return len(rows) >= MIN_PART and not ties.within(rows) < _log_odds(rules.merge)


def look_is_due(before: int, after: int) -> bool:
    """Whether a group that grew from `before` to `after` articles is to be looked at for a split."""
    return any(before < size <= after for size in LOOK_AT) or before // LOOK_EVERY < after // LOOK_EVERY


def _log_odds(probability: float) -> float:
    return float(log_odds(np.array([probability], np.float32))[0])
