"""Fills a database with articles that look related: what the worker computes of each alone, by the worker's own steps;
stories, themes and relations as they were made up, in bulk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from themeline.cli.bench_news import MadeUp
from themeline.related import relate
from themeline.related.core.stories import Group
from themeline.related.store import corpus, encodings, expansions, groups, work
from themeline.related.store.arrays import packed
from themeline.related.store.binary import execute
from themeline.shared.core.reasons import Signal
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.models import Article, Source

RELATIONS = 200  # kept of an article, whatever their score
BULK_TABLES = ("relations", "vectors", "postings")
BUILD_MEMORY = "256MB"

_RELATIONS = """
    INSERT INTO relations (high, low, story, theme, signals)
    SELECT * FROM unnest(%(high)s, %(low)s, %(story)s, %(theme)s, %(signals)s)
"""

# Those of constraints stay.
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = ANY(:tables) AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


@dataclass
class Filler:
    """Stores articles in bulk; `groups` of what is stored are by the numbers they were made up with."""

    sessions: Sessions
    settings: relate.Settings
    stories: dict[int, int] = field(default_factory=dict)
    themes: dict[int, int] = field(default_factory=dict)
    stored: int = 0
    _chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))

    def source(self) -> int:
        """The one source of everything stored; which source it is costs nothing."""
        with unit_of_work(self.sessions) as session:
            added = insert(Source).values(key="bench", name="Bench").returning(Source.id)
            return session.scalars(added).one()

    def store(self, articles: Sequence[MadeUp], source: int) -> list[int]:
        """Store articles as ingest does; return their ids."""
        rows = [_row(article, source) for article in articles]
        with unit_of_work(self.sessions) as session:
            added = insert(Article).returning(Article.id, sort_by_parameter_order=True)
            return list(session.scalars(added, rows))

    def fill(self, articles: Sequence[MadeUp], source: int) -> None:
        """Store a chunk with features, vectors, a place and relations."""
        ids = self.store(articles, source)
        run = partial(_in_transaction, self.sessions)
        loaded = run(lambda session: work.load(session, ids))
        epoch = run(_epoch)
        in_use = run(encodings.current)
        computed = relate.compute(loaded, epoch, in_use.wanted, self.settings)
        run(lambda session: relate.prepare(session, computed, self.settings))
        run(lambda session: self._place(session, articles, ids, epoch.id))
        encoder = in_use.serving.encoder
        made = {item.article.id: item.vectors.get(encoder) for item in computed.prepared}
        vectors = {id_: vector for id_, vector in made.items() if vector is not None}
        run(lambda session: expansions.save_expanded(session, vectors, encoder))
        self.stored += len(ids)

    def finish(self) -> None:
        """Give stories and themes the sizes and times of their articles."""
        with unit_of_work(self.sessions) as session:
            groups.recount(session, self.stories.values())
        with unit_of_work(self.sessions) as session:
            session.execute(text("ANALYZE"))

    def _place(self, session: Session, articles: Sequence[MadeUp], ids: Sequence[int], epoch: int) -> None:
        at = {article.story: article.published.timestamp() / 3600 for article in articles}
        theme_of = {article.story: article.theme for article in articles}
        new_themes = sorted(set(theme_of.values()) - self.themes.keys())
        self.themes |= groups.create_themes(session, [Group(id_, 1, *at_(at, theme_of, id_)) for id_ in new_themes])
        new = sorted(theme_of.keys() - self.stories.keys())
        parents = [self.themes[theme_of[story]] for story in new]
        self.stories |= groups.create_stories(session, [Group(id_, 1, at[id_], at[id_]) for id_ in new], parents)
        rows = [
            groups.PlacementRow(id_, 1, self.stories[article.story], None)
            for id_, article in zip(ids, articles, strict=True)
        ]
        groups.save_placements(session, rows, epoch)
        work.decide(session, dict.fromkeys(ids, 1), "ready")
        if corpus.epoch_is_due(session, _epoch(session).frequencies):
            corpus.begin_epoch(session)
        execute(session, _RELATIONS, self._relations(ids))

    def _relations(self, ids: Sequence[int]) -> dict[str, bytes]:
        """Of each article with as many before it as it would keep, at random: what they are changes no cost."""
        high = np.repeat(np.array(ids, np.int64), RELATIONS)
        low = (high * self._chance.random(len(high))).astype(np.int64)
        pairs = np.unique(np.stack([high, low], axis=1)[low > 0], axis=0)
        scores = self._chance.random(len(pairs)).astype(np.float32) ** 2
        return {
            "high": packed(pairs[:, 0]),
            "low": packed(pairs[:, 1]),
            "story": packed(scores / 2),
            "theme": packed(scores),
            "signals": packed(np.zeros((len(pairs), len(Signal)), np.int8)),
        }


def at_(times: dict[int, float], theme_of: dict[int, int], theme: int) -> tuple[float, float]:
    """First and last hours of a theme's stories."""
    found = [times[story] for story, own in theme_of.items() if own == theme]
    return min(found), max(found)


def without_indexes(session: Session) -> Callable[[Session], None]:
    """Drop the indexes that are quicker built at once; return what builds them."""
    found = session.execute(text(_INDEXES), {"tables": list(BULK_TABLES)}).all()
    for name, _ in found:
        session.execute(text(f'DROP INDEX "{name}"'))

    def rebuild(session: Session) -> None:
        session.execute(text(f"SET LOCAL maintenance_work_mem = '{BUILD_MEMORY}'"))
        session.execute(text("SET LOCAL statement_timeout = 0"))
        for _, definition in found:
            session.execute(text(definition))

    return rebuild


def _in_transaction(sessions: Sessions, step: Callable[[Session], Any]) -> Any:
    with unit_of_work(sessions) as session:
        return step(session)


def _epoch(session: Session) -> relate.Epoch:
    newest = corpus.latest_epoch(session)
    return relate.Epoch(newest, corpus.load_epoch(session, newest))


def _row(article: MadeUp, source: int) -> dict[str, object]:
    return {
        "source_id": source,
        "title": article.title,
        "text": article.text,
        "language": "en",
        "published_raw": article.published.isoformat(),
        "content_hash": b"",
    }
