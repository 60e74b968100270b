"""Saving relations: one row an unordered pair, written in one order so that two workers never deadlock."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, or_
from sqlalchemy.orm import Session

from themeline.related.store.arrays import packed
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
    SELECT * FROM unnest(%(high)s, %(low)s, %(story)s, %(theme)s, %(signals)s)
    ON CONFLICT (high, low) DO UPDATE
    SET story = excluded.story, theme = excluded.theme, signals = excluded.signals
"""


def replace_relations(session: Session, pairs: Sequence[Pairs], changed: Sequence[int]) -> int:
    """Save the relations of a batch; articles in `changed` lose the relations they had. Return the rows."""
    drop_relations(session, changed)
    return execute(session, _SAVE, _sorted_rows(pairs)) if pairs else 0


def drop_relations(session: Session, ids: Sequence[int]) -> None:
    """Remove every relation of these articles."""
    if ids:
        either = or_(Relation.high == func.any(list(ids)), Relation.low == func.any(list(ids)))
        session.execute(delete(Relation).where(either))


def _sorted_rows(pairs: Sequence[Pairs]) -> dict[str, bytes]:
    """One entry a pair, sorted: a pair within the batch was scored from both sides, to the same numbers."""
    own = np.concatenate([np.full(len(part.others), part.article_id, np.int64) for part in pairs])
    others = np.concatenate([part.others for part in pairs])
    high, low = np.maximum(own, others), np.minimum(own, others)
    order = np.lexsort((low, high))
    first = np.r_[True, (np.diff(high[order]) != 0) | (np.diff(low[order]) != 0)][: len(order)]
    places = order[first]
    contributions = np.concatenate([part.contributions for part in pairs])
    return {
        "high": packed(high[places]),
        "low": packed(low[places]),
        "story": packed(np.concatenate([part.story for part in pairs])[places]),
        "theme": packed(np.concatenate([part.theme for part in pairs])[places]),
        "signals": packed(contributions[places]),
    }
