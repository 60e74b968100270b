"""Scores with regard to company: an article that is close to a candidate's whole story is closer than the pair says.

Articles of one story are relevant together (the cluster hypothesis: Jardine & van Rijsbergen 1971), so the score of a
pair is smoothed by those of the article with the other members of the candidate's story and theme, as documents are
smoothed by their cluster in retrieval (Liu & Croft 2004, Kurland & Lee 2004). What a pair has to say by itself decides
which story an article joins; its company only counts afterwards, so that a story cannot talk itself larger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from themeline.related.core.corpus import Corpus
from themeline.related.core.frequencies import Floats
from themeline.related.core.relations import Scored
from themeline.related.core.scoring import Scorer, gates_between, probability
from themeline.shared.core.reasons import SCALE, Signal

CAP = 8.0
"""Bound on the log-odds of one member, so that a copy among them does not speak for all."""

OWN_CAP = 16.0
"""Bound on the log-odds of the pair itself: beyond it nothing is surer."""

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Story and theme id of each row of a corpus, (n,); 0 for none."""

    stories: Ids
    themes: Ids

    @cached_property
    def numbered(self) -> tuple[Ids, Ids]:
        """Stories and themes of the rows as `numbered`, once for all articles of a batch."""
        return numbered(self.stories), numbered(self.themes)

    @classmethod
    def of(cls, corpus: Corpus, story_of: Mapping[int, int], theme_of: Mapping[int, int]) -> "Groups":
        """Groups of a corpus from the story of each article, where it has one, and the theme of each story."""
        stories = np.array([story_of.get(id_, 0) for id_ in corpus.ids.tolist()], np.int64)
        return cls(stories, np.array([theme_of.get(story, 0) for story in stories.tolist()], np.int64))


def accompanied(corpus: Corpus, row: int, scored: Scored, groups: Groups, scorer: Scorer) -> Scored:
    """The scored candidates of the article at `row`, all of them at once, with regard to their groups."""
    if scorer.company is None or not len(scored.rows):
        return scored
    stories, themes = (numbers[scored.rows] for numbers in groups.numbered)
    gates = gates_between(corpus.fullness[row], corpus.fullness[scored.rows])
    own_story, own_theme = scored.own_story, scored.own_theme
    story = smoothed(own_story, evidence(own_story, stories, themes), gates, scorer.company.story)
    theme = np.maximum(story, smoothed(own_theme, evidence(own_theme, stories, themes), gates, scorer.company.theme))
    contributions = scored.contributions.copy()
    contributions[:, Signal.COMPANY] = np.clip(np.rint((theme - own_theme) * SCALE), -127, 127)
    return replace(scored, story=probability(story), theme=probability(theme), contributions=contributions)


def evidence(odds: Floats, stories: Ids, themes: Ids) -> Floats:
    """Mean log-odds of the article with the members of each candidate's story, and of its theme, (m, 2).

    stories, themes: as `numbered`. The candidate itself counts among them, and alone where it has no group.
    """
    bounded = np.clip(odds, -CAP, CAP)
    return np.stack([_mean(bounded, stories), _mean(bounded, themes)], axis=1)


def numbered(ids: Ids) -> Ids:
    """Small numbers in place of ids, 0 for 0: what is counted by them needs little room."""
    numbers: Ids = np.unique(ids, return_inverse=True)[1] + 1
    numbers[ids == 0] = 0
    return numbers


def _mean(odds: Floats, groups: Ids) -> Floats:
    means = np.bincount(groups, odds)[groups] / np.bincount(groups)[groups]
    mean: Floats = np.where(groups == 0, odds, means).astype(np.float32)
    return mean


def smoothed(odds: Floats, around: Floats, gates: Floats, weights: Floats) -> Floats:
    """Log-odds of each candidate from its own, those around it (m, 2) and gates (m, GATES), by weights (GATES, 4)."""
    known = np.column_stack([np.clip(odds, -OWN_CAP, OWN_CAP), around, np.ones_like(odds)])
    mixed: Floats = ((gates @ weights) * known).sum(axis=1).astype(np.float32)
    return mixed
