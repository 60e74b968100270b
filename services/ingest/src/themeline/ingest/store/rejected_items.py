"""Items that were not accepted, in PostgreSQL."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, Integer, LargeBinary, Text, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from themeline.ingest.core.rejections import RejectedItem
from themeline.shared.models import RejectedItem as Row

# Enough for a person to ask after an item some days later, and for the mistakes of a bad day; some 40 MB.
KEPT_FOR = timedelta(days=30)
MOST_KEPT = 100_000
# Old rows are looked for once in so many that are recorded: some 20 ms, shared by all of these.
PRUNED_EVERY = 2_048

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
_OLDEST_OF_TOO_MANY = select(Row.last_at).order_by(Row.last_at.desc()).offset(MOST_KEPT).limit(1).scalar_subquery()
# Rows that another request counts up are left to the next time: nobody waits, and nobody waits in a circle.
_PRUNE = delete(Row).where(
    Row.digest.in_(
        select(Row.digest)
        .where(Row.last_at <= func.greatest(func.now() - KEPT_FOR, _OLDEST_OF_TOO_MANY))
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
