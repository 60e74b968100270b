"""The use case: give every article its vector under an encoder, batch by batch, while another one serves.

Each step is one message. What is done stands in the database: a step that is lost is sent again by the sweep, and of
two steps at the same place one ends without a trace.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related import relate
from themeline.related.compare import compare
from themeline.related.core.boilerplate import Pages
from themeline.related.core.features import extract_batch, rare_terms, term_weights
from themeline.related.core.frequencies import EMPTY
from themeline.related.store import corpus, encodings, expansions, features, pages, relations, work
from themeline.related.store.candidates import Query
from themeline.related.store.encodings import EncoderState
from themeline.related.store.features import NewVector
from themeline.related.transactions import repeated
from themeline.shared.db import Sessions

T = TypeVar("T")

# Articles of one step. A fresh article waits for no more than one step: 0.8 s with the slowest encoder measured.
STEP_ARTICLES = 32
# Vectors removed in one step: measured, some 50 ms.
STEP_REMOVED = 1_000

Next = tuple[str, int]
"""An encoder and its cursor: where the next step begins."""


class _OvertakenError(Exception):
    """Another step has done this one's work."""


@dataclass(frozen=True, eq=False)
class _Batch:
    """The articles of a step, and the vectors of those that have none: their ids and texts."""

    ids: Sequence[int]
    lacking: Sequence[int]
    articles: Sequence[work.Loaded]


class Refill:
    """The steps of a re-index, in one worker process."""

    def __init__(self, sessions: Sessions, settings: relate.Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        self._epoch = relate.Epoch(0, EMPTY)
        self._pages = Pages()

    def step(self, encoder: str, cursor: int) -> list[Next]:
        """Work on the articles after the cursor; return where to go on. Nothing when the cursor is of the past.

        Raises EncoderDownError when the encoder's vectors cannot be had now.
        """
        state = self._run(partial(_find, encoder=encoder))
        if state is None or state.cursor != cursor:
            return []
        try:
            return self._removed(state) if state.state == encodings.RETIRED else self._filled(state, cursor)
        except _OvertakenError:
            return []

    def rest(self, encoder: str) -> None:
        """Let the sweep wait before it sends this encoder's step again."""
        self._run(partial(encodings.touch, encoder=encoder))

    def _filled(self, state: EncoderState, cursor: int) -> list[Next]:
        batch = self._run(partial(_batch, state=state, cursor=cursor, known=self._pages))
        if not batch.ids:
            return self._run(partial(_finished, state=state))
        vectors = self._vectors(state, batch)
        return self._run(partial(self._save, state=state, batch=batch, vectors=vectors))

    def _vectors(self, state: EncoderState, batch: _Batch) -> dict[int, npt.NDArray[np.float32]]:
        if not batch.articles:
            return {}
        bare = [self._pages.bare(article.source_id, article.raw) for article in batch.articles]
        texts = [found.embed_text for found in extract_batch(bare, EMPTY)]
        made = self._settings.encoders.vectors(state.kind, state.encoder, texts)
        return {article.id: vector for article, vector in zip(batch.articles, made, strict=True)}

    def _save(
        self, session: Session, state: EncoderState, batch: _Batch, vectors: dict[int, npt.NDArray[np.float32]]
    ) -> list[Next]:
        in_use = encodings.held(session)
        rows = {row.article_id: row for row in features.hold_inputs(session, batch.ids)}
        # What was related meanwhile has a vector of its newest text already.
        lacking = encodings.lacking(session, state.encoder, batch.lacking)
        new = [NewVector(id_, rows[id_].sort_at, vectors[id_]) for id_ in lacking if id_ in rows and id_ in vectors]
        features.save_vectors(session, state.encoder, new)
        if state == in_use.serving:
            self._score(session, state, [row for id_, row in rows.items() if state.rescore or id_ in lacking])
        cursor = batch.ids[-1]
        _advance(session, state, cursor)
        return [(state.encoder, cursor)]

    def _score(self, session: Session, state: EncoderState, rows: Sequence[features.Inputs]) -> None:
        """Score the relations of articles anew; their stories stay as they are."""
        if not rows:
            return
        frequencies = self._current_epoch(session).frequencies
        queries = []
        for row in rows:
            terms = rare_terms(row.packed, frequencies)
            queries.append(Query(row.article_id, row.sort_at, terms, term_weights(terms, frequencies)))
        compared = compare(
            session,
            queries,
            encoder=state,
            frequencies=frequencies,
            horizon=self._settings.horizon,
            timer=self._settings.timer,
            scorers=self._settings.scorers,
        )
        relations.replace_relations(session, compared.pairs, [])
        expansions.save_expanded(session, compared.expanded, state.encoder)

    def _current_epoch(self, session: Session) -> relate.Epoch:
        newest = corpus.latest_epoch(session)
        if newest != self._epoch.id:
            self._epoch = relate.Epoch(newest, corpus.load_epoch(session, newest))
        return self._epoch

    def _removed(self, state: EncoderState) -> list[Next]:
        return self._run(partial(_remove_some, state=state))

    def _run(self, step: Callable[[Session], T]) -> T:
        return repeated(self._sessions, step)


def _find(session: Session, encoder: str) -> EncoderState | None:
    return next((state for state in encodings.states(session) if state.encoder == encoder), None)


def _batch(session: Session, state: EncoderState, cursor: int, known: Pages) -> _Batch:
    if state.rescore and state.state == encodings.SERVING:
        ids = encodings.after(session, cursor, STEP_ARTICLES)
        lacking = encodings.lacking(session, state.encoder, ids)
    else:
        ids = lacking = encodings.without_vector(session, state.encoder, cursor, STEP_ARTICLES)
    articles = work.load(session, lacking)
    pages.recall(session, known, articles)
    return _Batch(ids, lacking, articles)


def _finished(session: Session, state: EncoderState) -> list[Next]:
    """Nothing is left after the cursor: let the encoder serve if nothing is left before it either."""
    # All are looked through before anybody waits. Who loses his vector after that has moved the cursor, or is after it.
    left = encodings.without_vector(session, state.encoder, 0, 1)
    encodings.hold_alone(session)
    if _find(session, state.encoder) != state:
        raise _OvertakenError
    left = left or encodings.without_vector(session, state.encoder, state.cursor or 0, 1)
    if left:
        _advance(session, state, left[0] - 1)
        return [(state.encoder, left[0] - 1)]
    if state.state == encodings.SERVING:
        _advance(session, state, None)
        return []
    serving = encodings.current(session).serving
    encodings.switch(session, serving, state)
    old = [] if serving is encodings.NO_ENCODER else [(serving.encoder, 0)]
    return [*old, *([(state.encoder, 0)] if state.rescore else [])]


def _remove_some(session: Session, state: EncoderState) -> list[Next]:
    # First, so that an encoder that has come to be wanted again meanwhile is not forgotten.
    cursor = (state.cursor or 0) + 1
    _advance(session, state, cursor)
    if encodings.drop_vectors(session, state.encoder, STEP_REMOVED):
        return [(state.encoder, cursor)]
    encodings.remove(session, state.encoder)
    return []


def _advance(session: Session, state: EncoderState, cursor: int | None) -> None:
    if not encodings.advance(session, state, cursor):
        raise _OvertakenError
