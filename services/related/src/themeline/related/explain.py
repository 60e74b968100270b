"""The use case: explain a pair of stored articles with the engine's own functions, related or not.

Reads alone; the caller gives a read-only session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from themeline.related.core.explaining import Comparison, Facts, Standing, State, compare_pair, why
from themeline.related.core.features import rare_terms, term_weights
from themeline.related.core.frequencies import EMPTY, Frequencies
from themeline.related.core.scoring import NO_VECTORS, Scorer, scorer_of
from themeline.related.store import corpus as inputs
from themeline.related.store import encodings, pairs
from themeline.related.store.candidates import Query
from themeline.related.store.pairs import Subject
from themeline.shared.core.scores import FLOOR
from themeline.shared.core.sharing import Shown

# A person waits; the slowest search was measured far below. Whoever asks is told to come again.
STATEMENT_TIMEOUT_MS = 3_000

SECONDS_AN_HOUR = 3600


class UnknownSubjectError(LookupError):
    """Readers know of no article with this id."""

    def __init__(self, public_id: UUID) -> None:
        super().__init__(str(public_id))
        self.public_id = public_id


@dataclass(frozen=True)
class Stored:
    """The relation that boxes show, the word frequencies it was computed with, and when that was."""

    story: float
    theme: float
    epoch: int
    at: datetime


@dataclass(frozen=True)
class Explanation:
    """Everything that is known of a pair. `epoch`: whose word frequencies the comparison is made with."""

    facts: Facts
    stored: Stored | None
    encoder: str
    epoch: int
    why: tuple[str, ...]


class Explainer:
    """Keeps the newest word frequencies between questions. Several threads may ask at once."""

    def __init__(self, horizon: timedelta, scorers: Callable[[str], Scorer] = scorer_of) -> None:
        self._horizon = horizon
        self._scorers = scorers
        self._epoch: tuple[int, Frequencies] = (0, EMPTY)

    def explain(self, session: Session, one: UUID, other: UUID) -> Explanation:
        """Explain the pair.

        Raises:
            UnknownSubjectError: readers know of no such article.
        """
        session.execute(text(f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}"))
        found = pairs.subjects(session, [one, other])
        for public_id in (one, other):
            if public_id not in found:
                raise UnknownSubjectError(public_id)
        epoch, frequencies = self._frequencies(session)
        serving = encodings.current(session).serving
        facts, stored = self._facts(session, found[one], found[other], serving, frequencies)
        return Explanation(facts, stored, serving.encoder, epoch, tuple(why(facts)))

    def _frequencies(self, session: Session) -> tuple[int, Frequencies]:
        newest = inputs.latest_epoch(session)
        if newest != self._epoch[0]:
            self._epoch = (newest, inputs.load_epoch(session, newest))
        return self._epoch

    def _facts(
        self,
        session: Session,
        one: Subject,
        other: Subject,
        serving: encodings.EncoderState,
        frequencies: Frequencies,
    ) -> tuple[Facts, Stored | None]:
        stored = _stored(session, one, other)
        comparison = self._compare(session, one, other, serving.encoder, frequencies)
        apart = None if one.sort_at is None or other.sort_at is None else abs(one.sort_at - other.sort_at)
        queries = [_query(each, frequencies) for each in (one, other)]
        found = (
            pairs.found_by(session, (queries[0], queries[1]), encoder=serving, horizon=self._horizon)
            if queries[0] and queries[1]
            else ()
        )
        facts = Facts(
            left=_standing(one),
            right=_standing(other),
            comparison=comparison,
            stored=None if stored is None else (stored.story, stored.theme),
            hours_apart=None if apart is None else apart.total_seconds() / SECONDS_AN_HOUR,
            within=apart is None or apart <= self._horizon,
            horizon_hours=self._horizon.total_seconds() / SECONDS_AN_HOUR,
            found_by=found,
            floor=FLOOR,
        )
        return facts, stored

    def _compare(
        self, session: Session, one: Subject, other: Subject, encoder: str, frequencies: Frequencies
    ) -> Comparison | None:
        corpus, _ = inputs.load_corpus(session, [one.id, other.id], frequencies)
        if len(corpus.ids) < 2:  # noqa: PLR2004  a pair
            return None
        cosine = pairs.cosine(session, one.id, other.id, encoder)
        scorer = self._scorers(NO_VECTORS if cosine is None else encoder)
        relation = pairs.relation(session, one.id, other.id)
        # The corpus is in the order of the ids.
        first, second = sorted((one, other), key=lambda subject: subject.id)
        stored = relation.signals if relation else b""
        return compare_pair(corpus, cosine or 0.0, scorer, (_shown(first), _shown(second)), stored)


def _stored(session: Session, one: Subject, other: Subject) -> Stored | None:
    """The relation, computed when the later of the two was last related."""
    relation = pairs.relation(session, one.id, other.id)
    placed = [(each.related_at, each.epoch) for each in (one, other) if each.related_at and each.epoch is not None]
    if relation is None or not placed:
        return None
    at, epoch = max(placed)
    return Stored(relation.story, relation.theme, epoch, at)


def _query(subject: Subject, frequencies: Frequencies) -> Query | None:
    if subject.record is None or subject.sort_at is None:
        return None
    terms = rare_terms(subject.record, frequencies)
    return Query(subject.id, subject.sort_at, terms, term_weights(terms, frequencies))


def _standing(subject: Subject) -> Standing:
    state: State = "quarantined" if subject.quarantined else "ready"
    if not subject.quarantined and subject.placed_version != subject.version:
        state = "pending"
    return Standing(
        subject.title,
        state,
        newer_waits=state == "pending" and subject.placed_version is not None,
        text=subject.duplicate_of or subject.id,
        story=subject.story,
        theme=subject.theme,
    )


def _shown(subject: Subject) -> Shown:
    return Shown(subject.names, subject.terms, subject.title)
