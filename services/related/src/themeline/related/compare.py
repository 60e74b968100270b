"""Articles against what is stored: candidates, signals, probabilities."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.core.company import Groups, accompanied
from themeline.related.core.corpus import Corpus
from themeline.related.core.expansion import closest, expanded
from themeline.related.core.frequencies import Frequencies
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.scoring import Scorer, scorer_of
from themeline.related.store import candidates as search
from themeline.related.store import corpus as inputs
from themeline.related.store import expansions
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
    """The candidates of each article, and what each pair says by itself.

    corpus, sort_hours: of the articles and all candidates. pairs: the relations to save, scored with regard to the
    stories and themes of the candidates. expanded: the articles' vectors, to be saved.
    """

    corpus: Corpus
    sort_hours: npt.NDArray[np.float64]
    scored: Mapping[int, Scored]
    pairs: Sequence[Pairs]
    expanded: Mapping[int, npt.NDArray[np.float32]]


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
        groups = inputs.load_groups(session, corpus)
        expanded = _expand(session, found, encoder.encoder)
        vectors = expansions.expanded_vectors(session, corpus.ids, encoder.encoder)
        for id_, vector in expanded.items():
            vectors[corpus.rows([id_])] = vector
    scorer = scorers(encoder.encoder)
    with timer("score"):
        scored = {id_: _score(corpus, id_, found[id_], vectors, scorer) for id_ in own}
        pairs = [_pairs(corpus, id_, one, groups, scorer) for id_, one in scored.items()]
    return Compared(corpus, sort_hours, scored, pairs, expanded)


def _expand(
    session: Session, found: Mapping[int, search.Candidates], encoder: str
) -> dict[int, npt.NDArray[np.float32]]:
    """The vector of each article, expanded by those of its closest candidates."""
    near = {id_: closest(np.where(one.have_vectors, one.cosines, -1)) for id_, one in found.items()}
    wanted = {*found, *(int(other) for id_, places in near.items() for other in found[id_].ids[places])}
    plain = expansions.plain_vectors(session, sorted(wanted), encoder)
    vectors = {}
    for id_, places in near.items():
        there = [place for place in places if int(found[id_].ids[place]) in plain]
        if id_ in plain and there:
            others = np.stack([plain[int(found[id_].ids[place])] for place in there])
            vectors[id_] = expanded(plain[id_], others, found[id_].cosines[there])
        elif id_ in plain:
            vectors[id_] = plain[id_]
    return vectors


def _score(
    corpus: Corpus,
    article: int,
    found: search.Candidates,
    vectors: npt.NDArray[np.float32],
    scorer: Scorer,
) -> Scored:
    row = int(corpus.rows([article])[0])
    rows = np.searchsorted(corpus.ids, found.ids)  # the corpus is in id order
    there = corpus.ids.take(rows, mode="clip") == found.ids
    rows = rows[there]
    # Where a vector is missing there are zeros: the cosine is 0, and says nothing.
    return relate(corpus, row, rows, vectors[rows] @ vectors[row], scorer)


def _pairs(corpus: Corpus, article: int, scored: Scored, groups: Groups, scorer: Scorer) -> Pairs:
    row = int(corpus.rows([article])[0])
    best = kept(accompanied(corpus, row, scored, groups, scorer), FLOOR)
    return Pairs(article, corpus.ids[best.rows], best.story, best.theme, best.contributions)
