"""Articles against what is stored: candidates, signals, probabilities."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.core.corpus import Corpus
from themeline.related.core.frequencies import Frequencies
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.scoring import NO_VECTORS, Scorer, scorer_of
from themeline.related.store import candidates as search
from themeline.related.store import corpus as inputs
from themeline.related.store.encodings import EncoderState
from themeline.related.store.relations import Pairs
from themeline.shared.core.scores import FLOOR

ScorerOf = Callable[[str], Scorer]
"""The scorer for the vectors of an encoder, by the encoder's name."""


class Timer(Protocol):
    """Times a named stage; the entry point makes it a metric."""

    def __call__(self, stage: str) -> AbstractContextManager[object]: ...


@dataclass(frozen=True, eq=False)
class Compared:
    """The candidates of each article with their scores; corpus and hours hold the articles and all candidates."""

    corpus: Corpus
    sort_hours: npt.NDArray[np.float64]
    scored: Mapping[int, Scored]

    def pairs(self) -> list[Pairs]:
        """The relations to save."""
        return [_pairs(self.corpus, id_, kept(scored, FLOOR)) for id_, scored in self.scored.items()]


def compare(
    session: Session,
    queries: Sequence[search.Query],
    *,
    encoder: EncoderState,
    frequencies: Frequencies,
    horizon: timedelta,
    timer: Timer,
    scorers: ScorerOf = scorer_of,
) -> Compared:
    """Find and score the candidates of each article, by the scorer of the encoder that serves."""
    with timer("search"):
        found = search.find_candidates(
            session, queries, encoder=encoder.encoder, dimensions=encoder.dimensions, horizon=horizon
        )
    own = [query.id for query in queries]
    with timer("load"):
        wanted = np.unique(np.concatenate([np.array(own, np.int64), *(found[id_].ids for id_ in own)]))
        corpus, sort_hours = inputs.load_corpus(session, wanted.tolist(), frequencies)
    with timer("score"):
        scored = {id_: _score(corpus, id_, found[id_], scorers(encoder.encoder)) for id_ in own}
    return Compared(corpus, sort_hours, scored)


def _score(corpus: Corpus, article: int, found: search.Candidates, scorer: Scorer) -> Scored:
    row = int(corpus.rows([article])[0])
    there = np.isin(found.ids, corpus.ids)
    rows, cosines, both = corpus.rows(found.ids[there].tolist()), found.cosines[there], found.have_vectors[there]
    scored = relate(corpus, row, rows[both], cosines[both], scorer)
    if both.all():
        return scored
    # A cosine that is not known is no cosine of 0: such pairs are judged by everything else.
    return _joined(scored, relate(corpus, row, rows[~both], cosines[~both], scorer_of(NO_VECTORS)))


def _joined(one: Scored, other: Scored) -> Scored:
    joined = Scored(
        np.concatenate([one.rows, other.rows]),
        np.concatenate([one.story, other.story]),
        np.concatenate([one.theme, other.theme]),
        np.concatenate([one.contributions, other.contributions]),
        np.concatenate([one.copy, other.copy]),
    )
    return joined.take(np.argsort(joined.rows))


def _pairs(corpus: Corpus, article: int, scored: Scored) -> Pairs:
    return Pairs(article, corpus.ids[scored.rows], scored.story, scored.theme, scored.contributions)
