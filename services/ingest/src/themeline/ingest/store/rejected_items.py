"""Items that were not accepted, in PostgreSQL."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, Integer, LargeBinary, Text, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from themeline.ingest.core.rejections import RejectedItem
from themeline.shared.models import RejectedItem as Row

# Enough for a person to ask after an item some days later, and for the mistakes of a bad day; some 40 MB.
KEPT_FOR = timedelta(days=30)
MOST_KEPT = 100_000
# Old rows are looked for once in so many that are recorded. Finding the end of 100,000 takes 20 ms.
PRUNED_EVERY = 256

_COLUMNS: dict[str, type[TypeEngine[Any]]] = {
    "digest": LargeBinary,
    "url_digest": LargeBinary,
    "url": Text,
    "external_id": Text,
    "source": Text,
    "title": Text,
    "way": Text,
    "type": Text,
    "detail": Text,
    "field": Text,
    "times": Integer,
}
# Rows that another request counts up are left to the next time: nobody waits, and nobody waits in a circle.
_BEYOND = select(Row.digest).order_by(Row.last_at.desc()).offset(MOST_KEPT)
_PRUNE = delete(Row).where(
    Row.digest.in_(
        select(Row.digest)
        .where(or_(Row.last_at < func.now() - KEPT_FOR, Row.digest.in_(_BEYOND)))
        .with_for_update(skip_locked=True)
    )
)


def record(session: Session, items: Sequence[RejectedItem]) -> None:
    """Keep items, sorted by their distinct digests; now and then, forget what is old or too many."""
    columns = (literal([getattr(item, name) for item in items], ARRAY(kind)) for name, kind in _COLUMNS.items())
    rows = func.unnest(*columns).table_valued(*_COLUMNS).render_derived()
    new = insert(Row).from_select(list(_COLUMNS), select(rows))
    # What is rejected again is told as it was last.
    told = {name: new.excluded[name] for name in _COLUMNS if name not in ("digest", "times")}
    counted = {"times": Row.times + new.excluded.times, "last_at": func.now()}
    session.execute(new.on_conflict_do_update(index_elements=[Row.digest], set_=told | counted))
    # Digests are as good as dice, and the same for everybody.
    if any(int.from_bytes(item.digest[:2]) % PRUNED_EVERY == 0 for item in items):
        prune(session)


def prune(session: Session) -> None:
    """Forget items that are old, and the oldest where there are too many."""
    session.execute(_PRUNE)
