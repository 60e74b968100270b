"""Vectors as expanded by their neighbours: what pairs are scored by, while plain vectors are searched."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.store.arrays import packed
from themeline.related.store.binary import columns, execute, fetch

Vectors = npt.NDArray[np.float32]

# pgvector's binary form of a halfvec: two 16-bit fields, then the values, all big-endian.
_HEAD = 4

_PLAIN = """
    SELECT article_id, halfvec_send(embedding) FROM vectors
    WHERE article_id = ANY(%(ids)s::bigint[]) AND encoder = %(encoder)s
"""

_EXPANDED = """
    SELECT string_agg(int8send(article_id), ''), string_agg(vector, '') FROM expansions
    WHERE article_id = ANY(%(ids)s::bigint[]) AND encoder = %(encoder)s
"""


def plain_vectors(session: Session, ids: Sequence[int], encoder: str) -> dict[int, Vectors]:
    """Return the vectors of those of the articles that have one under this encoder."""
    rows = fetch(session, _PLAIN, {"ids": list(ids), "encoder": encoder})
    if not rows:
        return {}
    joined = np.frombuffer(b"".join(bytes(row[1])[_HEAD:] for row in rows), ">f2").astype(np.float32)
    return dict(zip((row[0] for row in rows), joined.reshape(len(rows), -1), strict=True))


def expanded_vectors(session: Session, ids: npt.NDArray[np.int64], encoder: str) -> Vectors:
    """Return the expanded vectors of the articles, (n, dimensions); `ids` ascend.

    Where there is none yet, as after a re-index, it is the plain one; zeros where there is no vector.
    """
    there, values = columns(session, _EXPANDED, {"ids": ids.tolist(), "encoder": encoder}, (">i8", "<f2"))
    rows = np.searchsorted(ids, there)
    missing = np.delete(np.arange(len(ids)), rows)
    plain = plain_vectors(session, ids[missing].tolist(), encoder) if len(missing) else {}
    width = len(values) // len(there) if len(there) else max(map(len, plain.values()), default=1)
    vectors = np.zeros((len(ids), width), np.float32)
    vectors[rows] = values.reshape(len(there), width)
    for row in missing.tolist():
        vectors[row] = plain.get(int(ids[row]), 0)
    return vectors


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
