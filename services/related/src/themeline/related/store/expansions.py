"""Vectors as expanded by their neighbours: what pairs are scored by, while plain vectors are searched."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.store.arrays import packed
from themeline.related.store.binary import execute, fetch

Vectors = npt.NDArray[np.float32]

# pgvector's binary form of a halfvec: two 16-bit fields, then the values, all big-endian.
_HEAD = 4

_PLAIN = """
    SELECT article_id, halfvec_send(embedding) FROM vectors
    WHERE article_id = ANY(%(ids)s::bigint[]) AND encoder = %(encoder)s
"""

_EXPANDED = """
    SELECT article_id, vector FROM expansions
    WHERE article_id = ANY(%(ids)s::bigint[]) AND encoder = %(encoder)s
"""


def plain_vectors(session: Session, ids: Sequence[int], encoder: str) -> dict[int, Vectors]:
    """Return the vectors of those of the articles that have one under this encoder."""
    rows = fetch(session, _PLAIN, {"ids": list(ids), "encoder": encoder})
    return _vectors(rows, ">f2", _HEAD)


def expanded_vectors(session: Session, ids: Sequence[int], encoder: str) -> dict[int, Vectors]:
    """Return the expanded vectors of the articles; where there is none yet, as after a re-index, the plain one."""
    found = _vectors(fetch(session, _EXPANDED, {"ids": list(ids), "encoder": encoder}), "<f2", 0)
    missing = [id_ for id_ in ids if id_ not in found]
    return found | plain_vectors(session, missing, encoder) if missing else found


def _vectors(rows: Sequence[tuple[Any, ...]], kind: str, offset: int) -> dict[int, Vectors]:
    if not rows:
        return {}
    joined = np.frombuffer(b"".join(bytes(row[1])[offset:] for row in rows), kind).astype(np.float32)
    return dict(zip((row[0] for row in rows), joined.reshape(len(rows), -1), strict=True))


_SAVE = """
    INSERT INTO expansions (article_id, encoder, vector)
    SELECT id, %(encoder)s, vector FROM unnest(%(ids)s::bigint[], %(vectors)s::bytea[]) AS new (id, vector)
    ON CONFLICT (article_id) DO UPDATE SET encoder = excluded.encoder, vector = excluded.vector
"""


def save_expanded(session: Session, vectors: Mapping[int, Vectors], encoder: str) -> None:
    """Save expanded vectors; the articles' features are held."""
    if vectors:
        ids = sorted(vectors)
        rows = np.stack([vectors[id_] for id_ in ids]).astype("<f2").view(np.int8)
        execute(session, _SAVE, {"ids": ids, "encoder": encoder, "vectors": packed(rows)})
