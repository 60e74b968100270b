"""The use case: relate a batch of articles, in three short transactions.

1. `claim`: count the attempts, before any work, so that an article that kills its worker is found out.
2. `prepare`: features and vectors, committed, so that articles computed side by side see each other.
3. `place`: on a fresh snapshot search, score, save relations; then, one transaction at a time, assign
   stories and themes, and decide the outcomes where the version is still the one that was read.

Each is idempotent; the caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.assign import assign, renew
from themeline.related.compare import ScorerOf, Timer, compare
from themeline.related.core.encoders import EncoderDownError
from themeline.related.core.event_dates import EventDate, find_event_dates
from themeline.related.core.features import Features, extract_batch, rare_terms, term_weights
from themeline.related.core.frequencies import Frequencies
from themeline.related.core.regrouping import NO_SUSPECTS, Suspects
from themeline.related.core.scoring import scorer_of
from themeline.related.core.triage import Triage, triage
from themeline.related.encoders.loaded import Encoders
from themeline.related.store import encodings, expansions, features, groups, relations, work
from themeline.related.store.candidates import Query
from themeline.related.store.encodings import EncoderState
from themeline.related.store.features import Prepared


@dataclass(frozen=True, eq=False)
class Settings:
    """What decides how articles are related; read once."""

    encoders: Encoders
    horizon: timedelta
    max_solo_attempts: int
    timer: Timer
    scorers: ScorerOf = scorer_of


@dataclass(frozen=True, eq=False)
class Epoch:
    """The document frequencies of one epoch."""

    id: int
    frequencies: Frequencies


@dataclass(frozen=True)
class Decided:
    """The terminal outcome of one article version, and when that version was accepted."""

    article_id: int
    outcome: str
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Result:
    """What became of a batch; `without` are the encoders whose vectors could not be had, and why."""

    decided: tuple[Decided, ...] = ()
    candidates: tuple[int, ...] = ()
    relations: int = 0
    without: tuple[tuple[str, str], ...] = ()
    suspects: Suspects = NO_SUSPECTS


@dataclass(frozen=True, eq=False)
class Computed:
    """What was computed of each article alone, with these encoders; `without` as in Result."""

    prepared: Sequence[Prepared]
    encoders: Sequence[EncoderState]
    without: tuple[tuple[str, str], ...]


def claim(session: Session, ids: Sequence[int], settings: Settings) -> tuple[Triage, Result]:
    """Count this attempt at each article that will be worked on; settle those that will not."""
    solo = len(ids) == 1
    claims = work.claims(session, ids)
    plan = triage(claims, solo=solo, max_solo_attempts=settings.max_solo_attempts)
    versions = {claim.article_id: claim.version for claim in claims}
    work.count_attempts(session, [claim for claim in claims if claim.article_id in plan.run], solo=solo)
    return plan, _settle(session, plan, versions)


def _settle(session: Session, plan: Triage, versions: dict[int, int]) -> Result:
    decided, left = [], NO_SUSPECTS
    if plan.quarantine:
        work.quarantine(session, plan.quarantine)
        decided += work.decide(session, {id_: versions[id_] for id_ in plan.quarantine}, "quarantined")
    if plan.withdraw:
        left = _withdraw(session, plan.withdraw)
        decided += work.decide(session, {id_: versions[id_] for id_ in plan.withdraw}, "withdrawn")
    return Result(tuple(Decided(article, outcome) for article, outcome in decided), suspects=left)


def _withdraw(session: Session, ids: Sequence[int]) -> Suspects:
    """The articles leave every search, box, story and label; return the groups that they were in."""
    features.forget(session, ids)
    groups.lock_assignment(session)
    relations.drop_relations(session, ids)
    stories = groups.remove_placements(session, ids)
    themes = renew(session, stories)
    return Suspects(stories=frozenset(stories), themes=frozenset(themes))


def compute(
    articles: Sequence[work.Loaded], epoch: Epoch, encoders: Sequence[EncoderState], settings: Settings
) -> Computed:
    """Compute what the engine needs of each article alone; outside any transaction."""
    with settings.timer("features"):
        extracted = extract_batch([article.raw for article in articles], epoch.frequencies)
        days = [_event_dates(*each) for each in zip(articles, extracted, strict=True)]
    vectors: dict[str, npt.NDArray[np.float32]] = {}
    without = []
    with settings.timer("encode"):
        texts = [found.embed_text for found in extracted]
        for state in encoders:
            try:
                vectors[state.encoder] = settings.encoders.vectors(state.kind, state.encoder, texts)
            except EncoderDownError as error:
                without.append((state.encoder, str(error)))
    prepared = [
        Prepared(
            article,
            found,
            {encoder: made[at] for encoder, made in vectors.items()},
            rare_terms(found.record, epoch.frequencies),
            days[at],
        )
        for at, (article, found) in enumerate(zip(articles, extracted, strict=True))
    ]
    return Computed(prepared, encoders, tuple(without))


def _event_dates(article: work.Loaded, found: Features) -> list[EventDate]:
    return find_event_dates(
        f"{article.raw.title}\n{article.raw.text}",
        published=article.time.published_at,
        zone=article.zone,
        language=found.language,
        day_first=article.day_first,
    )


def prepare(session: Session, computed: Computed, settings: Settings) -> bool:
    """Save the features, visible to every batch from the commit on.

    False, and nothing is saved, when vectors of yet another encoder have come to be wanted.
    """
    with settings.timer("save_features"):
        wanted = encodings.held(session).wanted
        names = [state.encoder for state in wanted]
        if not set(names) <= {state.encoder for state in computed.encoders}:
            return False
        saved = features.save_features(session, _still_open(session, computed.prepared), names)
        for encoder, _ in computed.without:
            if saved:
                encodings.note_gap(session, encoder, saved)
    return True


def _still_open(session: Session, prepared: Sequence[Prepared]) -> list[Prepared]:
    """What changed, was withdrawn or was decided since it was read is left to the message of its new version."""
    current = work.open_versions(session, [item.article.id for item in prepared])
    return [item for item in prepared if current.get(item.article.id) == item.article.version]


def place(session: Session, computed: Computed, epoch: Epoch, settings: Settings) -> Result:
    """Relate the articles to what is stored, and make them ready."""
    serving = encodings.held(session).serving
    prepared = _hold(session, computed.prepared)
    if not prepared:
        return Result(without=computed.without)
    compared = compare(
        session,
        [_query(item, epoch) for item in prepared],
        encoder=serving,
        frequencies=epoch.frequencies,
        horizon=settings.horizon,
        timer=settings.timer,
        scorers=settings.scorers,
    )
    with settings.timer("save_relations"):
        changed = [item.article.id for item in prepared if item.article.version > 1]
        saved = relations.replace_relations(session, compared.pairs, changed)
        expansions.save_expanded(session, compared.expanded, serving.encoder)
    with settings.timer("assign"):
        ready, suspects = assign(
            session, prepared, compared.corpus, compared.sort_hours, dict(compared.scored), epoch.id
        )
    accepted = {item.article.id: item.article.changed_at for item in prepared}
    decided = tuple(Decided(id_, outcome, accepted[id_]) for id_, outcome in ready)
    counts = tuple(len(scored.rows) for scored in compared.scored.values())
    return Result(decided, counts, saved, computed.without, suspects)


def _hold(session: Session, prepared: Sequence[Prepared]) -> list[Prepared]:
    """Keep the features of the articles that may still be placed from changing until the transaction ends."""
    held = features.hold(session, [item.article.id for item in prepared])
    valid = _still_open(session, [item for item in prepared if held.get(item.article.id) == item.article.version])
    if len(valid) < len(prepared):
        # A withdrawal may have been worked on just before the features were saved: they came too late.
        features.forget(session, work.withdrawn(session, [item.article.id for item in prepared]))
    return valid


def _query(item: Prepared, epoch: Epoch) -> Query:
    weights = term_weights(item.rare_terms, epoch.frequencies)
    return Query(item.article.id, item.article.time.sort_at, item.rare_terms, weights)
