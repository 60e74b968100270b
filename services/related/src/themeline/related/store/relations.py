"""Saving relations: one row an unordered pair, written in one order so that two workers never deadlock."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, or_
from sqlalchemy.orm import Session

from themeline.related.store.binary import execute
from themeline.shared.models import Relation


@dataclass(frozen=True, eq=False)
class Pairs:
    """Relations of one article to others, as parallel arrays; contributions is (m, signals) int8."""

    article_id: int
    others: npt.NDArray[np.int64]
    story: npt.NDArray[np.float32]
    theme: npt.NDArray[np.float32]
    contributions: npt.NDArray[np.int8]


_SAVE = """
    INSERT INTO relations (high, low, story, theme, signals)
    SELECT high, low, story::real, theme::real, signals
    FROM unnest(%(high)s::bigint[], %(low)s::bigint[], %(story)s::float8[], %(theme)s::float8[], %(signals)s::bytea[])
        AS pairs (high, low, story, theme, signals)
    ON CONFLICT (high, low) DO UPDATE
    SET story = excluded.story, theme = excluded.theme, signals = excluded.signals
"""


def replace_relations(session: Session, pairs: Sequence[Pairs], changed: Sequence[int]) -> int:
    """Save the relations of a batch; articles in `changed` lose the relations they had. Return the rows."""
    if changed:
        ids = list(changed)
        session.execute(delete(Relation).where(or_(Relation.high == func.any(ids), Relation.low == func.any(ids))))
    rows = _sorted_rows(pairs)
    return execute(session, _SAVE, rows) if rows["high"] else 0


def _sorted_rows(pairs: Sequence[Pairs]) -> dict[str, list[object]]:
    """One entry a pair, sorted: a pair within the batch was scored from both sides, to the same numbers."""
    if not pairs:
        return {"high": []}
    own = np.concatenate([np.full(len(part.others), part.article_id, np.int64) for part in pairs])
    others = np.concatenate([part.others for part in pairs])
    keys = np.stack([np.maximum(own, others), np.minimum(own, others)], axis=1)
    unique, places = np.unique(keys, axis=0, return_index=True)
    contributions = np.concatenate([part.contributions for part in pairs])[places]
    return {
        "high": unique[:, 0].tolist(),
        "low": unique[:, 1].tolist(),
        "story": np.concatenate([part.story for part in pairs])[places].tolist(),
        "theme": np.concatenate([part.theme for part in pairs])[places].tolist(),
        "signals": [row.tobytes() for row in contributions],
    }
