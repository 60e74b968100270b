"""The use case: relate a batch of articles, in three short transactions.

1. `claim`: count the attempts, before any work, so that an article that kills its worker is found out.
2. `prepare`: features and vectors, committed, so that articles computed side by side see each other.
3. `place`: on a fresh snapshot search, score, save relations; then, one transaction at a time, assign
   stories and themes, and decide the outcomes where the version is still the one that was read.

Each is idempotent; the caller commits.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from sqlalchemy.orm import Session

from themeline.related.assign import assign, renew
from themeline.related.core.corpus import Corpus
from themeline.related.core.encoders import Encoder
from themeline.related.core.features import extract_batch, rare_terms, term_weights
from themeline.related.core.frequencies import Frequencies
from themeline.related.core.relations import Scored, kept, relate
from themeline.related.core.scoring import Scorer, scorer_of
from themeline.related.core.triage import Triage, triage
from themeline.related.store import candidates as search
from themeline.related.store import corpus as inputs
from themeline.related.store import features, groups, relations, work
from themeline.related.store.features import Prepared
from themeline.shared.core.scores import FLOOR


class Timer(Protocol):
    """Times a named stage; the entry point makes it a metric."""

    def __call__(self, stage: str) -> AbstractContextManager[object]: ...


@dataclass(frozen=True, eq=False)
class Settings:
    """What decides how articles are related; read once."""

    encoder: Encoder
    horizon: timedelta
    max_solo_attempts: int
    timer: Timer


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
    """What became of a batch."""

    decided: tuple[Decided, ...] = ()
    candidates: tuple[int, ...] = ()
    relations: int = 0


def claim(session: Session, ids: Sequence[int], settings: Settings) -> tuple[Triage, Result]:
    """Count this attempt at each article that will be worked on; settle those that will not."""
    solo = len(ids) == 1
    claims = work.claims(session, ids)
    plan = triage(claims, solo=solo, max_solo_attempts=settings.max_solo_attempts)
    versions = {claim.article_id: claim.version for claim in claims}
    work.count_attempts(session, [claim for claim in claims if claim.article_id in plan.run], solo=solo)
    decided = _settle(session, plan, versions)
    return plan, Result(tuple(decided))


def _settle(session: Session, plan: Triage, versions: dict[int, int]) -> list[Decided]:
    decided = []
    if plan.quarantine:
        work.quarantine(session, plan.quarantine)
        decided += work.decide(session, {id_: versions[id_] for id_ in plan.quarantine}, "quarantined")
    if plan.withdraw:
        _withdraw(session, plan.withdraw)
        decided += work.decide(session, {id_: versions[id_] for id_ in plan.withdraw}, "withdrawn")
    return [Decided(article, outcome) for article, outcome in decided]


def _withdraw(session: Session, ids: Sequence[int]) -> None:
    """The articles leave every search, box, story and label."""
    features.forget(session, ids)
    groups.lock_assignment(session)
    relations.drop_relations(session, ids)
    renew(session, groups.remove_placements(session, ids))


def compute(articles: Sequence[work.Loaded], epoch: Epoch, settings: Settings) -> list[Prepared]:
    """Compute what the engine needs of each article alone; outside any transaction."""
    with settings.timer("features"):
        extracted = extract_batch([article.raw for article in articles], epoch.frequencies)
    with settings.timer("encode"):
        vectors = settings.encoder.encode([found.embed_text for found in extracted])
    return [
        Prepared(article, found, vector, rare_terms(found.record, epoch.frequencies))
        for article, found, vector in zip(articles, extracted, vectors, strict=True)
    ]


def prepare(session: Session, prepared: Sequence[Prepared], settings: Settings) -> None:
    """Save the features, visible to every batch from the commit on."""
    with settings.timer("save_features"):
        features.save_features(session, _still_open(session, prepared), settings.encoder.name)


def _still_open(session: Session, prepared: Sequence[Prepared]) -> list[Prepared]:
    """What changed, was withdrawn or was decided since it was read is left to the message of its new version."""
    current = work.open_versions(session, [item.article.id for item in prepared])
    return [item for item in prepared if current.get(item.article.id) == item.article.version]


def place(session: Session, prepared: Sequence[Prepared], epoch: Epoch, settings: Settings) -> Result:
    """Relate the articles to what is stored, and make them ready."""
    prepared = _hold(session, prepared)
    if not prepared:
        return Result()
    with settings.timer("search"):
        found = search.find_candidates(
            session,
            [_query(item, epoch) for item in prepared],
            encoder=settings.encoder.name,
            horizon=settings.horizon,
        )
    with settings.timer("load"):
        own = [item.article.id for item in prepared]
        wanted = np.unique(np.concatenate([np.array(own, np.int64), *(found[id_].ids for id_ in own)]))
        corpus, sort_hours = inputs.load_corpus(session, wanted.tolist(), epoch.frequencies)
    with settings.timer("score"):
        scorer = scorer_of(settings.encoder.name)
        scored = {id_: _score(corpus, id_, found[id_], scorer) for id_ in own}
    with settings.timer("save_relations"):
        changed = [item.article.id for item in prepared if item.article.version > 1]
        saved = relations.replace_relations(
            session, [_pairs(corpus, id_, kept(scored[id_], FLOOR)) for id_ in own], changed
        )
    with settings.timer("assign"):
        ready = assign(session, [item.article for item in prepared], corpus, sort_hours, scored, epoch.id)
    accepted = {item.article.id: item.article.changed_at for item in prepared}
    decided = tuple(Decided(id_, outcome, accepted[id_]) for id_, outcome in ready)
    return Result(decided, tuple(len(found[id_].ids) for id_ in own), saved)


def _hold(session: Session, prepared: Sequence[Prepared]) -> list[Prepared]:
    """Keep the features of the articles that may still be placed from changing until the transaction ends."""
    held = features.hold(session, [item.article.id for item in prepared])
    valid = _still_open(session, [item for item in prepared if held.get(item.article.id) == item.article.version])
    if len(valid) < len(prepared):
        # A withdrawal may have been worked on just before the features were saved: they came too late.
        features.forget(session, work.withdrawn(session, [item.article.id for item in prepared]))
    return valid


def _query(item: Prepared, epoch: Epoch) -> search.Query:
    weights = term_weights(item.rare_terms, epoch.frequencies)
    return search.Query(item.article.id, item.article.time.sort_at, item.rare_terms, weights)


def _score(corpus: Corpus, article: int, found: search.Candidates, scorer: Scorer) -> Scored:
    row = int(corpus.rows([article])[0])
    there = np.isin(found.ids, corpus.ids)
    return relate(corpus, row, corpus.rows(found.ids[there].tolist()), found.cosines[there], scorer)


def _pairs(corpus: Corpus, article: int, scored: Scored) -> relations.Pairs:
    return relations.Pairs(article, corpus.ids[scored.rows], scored.story, scored.theme, scored.contributions)
