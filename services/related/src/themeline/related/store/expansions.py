"""Vectors as expanded by their neighbours: what pairs are scored by, while plain vectors are searched."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.store.arrays import packed
from themeline.related.store.binary import columns, execute

Vectors = npt.NDArray[np.float32]

# pgvector's binary form of a halfvec: two 16-bit fields, then the values, all big-endian.
_HEAD = 4

_PLAIN = """
    SELECT string_agg(int8send(article_id), ''), string_agg(substring(halfvec_send(embedding) FROM %(from)s), '')
    FROM vectors
    WHERE article_id = ANY(%(ids)s::bigint[]) AND encoder = %(encoder)s
"""

_EXPANDED = """
    SELECT string_agg(int8send(article_id), ''), string_agg(vector, '') FROM expansions
    WHERE article_id = ANY(%(ids)s::bigint[]) AND encoder = %(encoder)s
"""


def plain_vectors(session: Session, ids: Sequence[int], encoder: str) -> dict[int, Vectors]:
    """Return the vectors of those of the articles that have one under this encoder."""
    there, vectors = _plain(session, ids, encoder)
    return dict(zip(there.tolist(), vectors, strict=True))


def _plain(session: Session, ids: Sequence[int], encoder: str) -> tuple[npt.NDArray[np.int64], Vectors]:
    parameters = {"ids": list(ids), "encoder": encoder, "from": _HEAD + 1}
    there, values = columns(session, _PLAIN, parameters, (">i8", ">f2"))
    return there.astype(np.int64), values.astype(np.float32).reshape(len(there), len(values) // max(1, len(there)))


def expanded_vectors(session: Session, ids: npt.NDArray[np.int64], encoder: str) -> Vectors:
    """Return the expanded vectors of the articles, (n, dimensions); `ids` ascend.

    Where there is none yet, as after a re-index, it is the plain one; zeros where there is no vector.
    """
    there, values = columns(session, _EXPANDED, {"ids": ids.tolist(), "encoder": encoder}, (">i8", "<f2"))
    rows = np.searchsorted(ids, there)
    missing = np.delete(np.arange(len(ids)), rows)
    others, plain = _plain(session, ids[missing].tolist(), encoder)
    width = len(values) // len(there) if len(there) else plain.shape[1]
    vectors = np.zeros((len(ids), width), np.float32)
    vectors[rows] = values.reshape(len(there), width)
    if len(others):
        vectors[np.searchsorted(ids, others)] = plain
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
