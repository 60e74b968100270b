"""The engine's inputs, read back for a batch and all its candidates; and the frequencies they are weighted by."""

from collections.abc import Iterable
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from themeline.related.core import records
from themeline.related.core.company import Groups
from themeline.related.core.corpus import Corpus
from themeline.related.core.frequencies import EMPTY, Frequencies
from themeline.related.store.binary import columns, fetch
from themeline.shared.models import Epoch, Uncounted

_FEATURES = """
    SELECT string_agg(int8send(article_id), ''), string_agg(packed, ''),
           string_agg(float8send(coalesce(extract(epoch FROM published_at)::float8 / 3600, 'NaN')), ''),
           string_agg(int8send(source_id), ''), string_agg(float8send(extract(epoch FROM sort_at)::float8 / 3600), '')
    FROM features WHERE article_id = ANY(%(ids)s::bigint[])
"""


def load_corpus(
    session: Session, ids: Iterable[int], frequencies: Frequencies
) -> tuple[Corpus, npt.NDArray[np.float64]]:
    """Return the stored features of these articles as columns in id order, and the hours they sort by."""
    types = (">i8", "u1", ">f8", ">i8", ">f8")
    found, packed, published, sources, sort_hours = columns(session, _FEATURES, {"ids": list(ids)}, types)
    table = records.unpack_joined(packed, len(found))
    order = np.argsort(found)
    corpus = Corpus.of(found[order], table[order], published[order], sources[order], frequencies)
    return corpus, sort_hours[order].astype(np.float64)


_GROUPS = """
    SELECT string_agg(int8send(article_id), ''), string_agg(int8send(story_id), ''), string_agg(int8send(theme_id), '')
    FROM placements
    -- LIMIT 1 keeps the planner from reading all stories: measured, 20 ms a batch with 200,000 of them
    CROSS JOIN LATERAL (SELECT theme_id FROM stories WHERE stories.id = placements.story_id LIMIT 1) AS story
    WHERE article_id = ANY(%(ids)s::bigint[])
"""


def load_groups(session: Session, corpus: Corpus) -> Groups:
    """Return the story and theme that each article of a corpus is in now."""
    ids, stories, themes = columns(session, _GROUPS, {"ids": corpus.ids.tolist()}, (">i8", ">i8", ">i8"))
    groups = Groups(np.zeros(len(corpus.ids), np.int64), np.zeros(len(corpus.ids), np.int64))
    rows = np.searchsorted(corpus.ids, ids)  # the corpus is in id order
    groups.stories[rows], groups.themes[rows] = stories, themes
    return groups


def hours(at: datetime | None) -> float:
    """Return a time as hours since 1970, the core's unit; NaN for none."""
    return float("nan") if at is None else at.timestamp() / 3600


def latest_epoch(session: Session) -> int:
    """Return the id of the newest epoch, 0 before the first."""
    return session.scalar(select(func.coalesce(func.max(Epoch.id), 0))) or 0


def load_epoch(session: Session, epoch: int) -> Frequencies:
    row = session.get(Epoch, epoch)
    return EMPTY if row is None else Frequencies.unpack(row.documents, row.terms, row.frequencies)


def epoch_is_due(session: Session, frequencies: Frequencies) -> bool:
    waiting = session.scalar(select(func.count()).select_from(Uncounted)) or 0
    return frequencies.is_due(frequencies.documents + waiting)


def begin_epoch(session: Session) -> None:
    """Count the articles that no epoch has counted, on top of the newest epoch.

    Serialised by the caller. The counting removes what it counted in the same transaction, so
    each article is counted once.
    """
    rows = fetch(session, "DELETE FROM uncounted RETURNING vocabulary", {})
    vocabularies = [np.frombuffer(row[0], np.uint32) for row in rows]
    frequencies = load_epoch(session, latest_epoch(session)).updated(vocabularies)
    documents, terms, counts = frequencies.pack()
    session.add(Epoch(documents=documents, terms=terms, frequencies=counts))
