"""Rows that are worked on when they are due, by one process at a time: feeds and pages alike.

`queued_until`: a message is on its way until then. `lease`, `lease_until`: whose row it is, until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from themeline.shared.models import Feed, Page


@dataclass(frozen=True, eq=False)
class Leased:
    """A table of such rows: `waits` says which may be due at all, `due_at` when."""

    table: type[Feed | Page]
    due_at: InstrumentedAttribute[datetime]
    waits: ColumnElement[bool]

    def take_due(self, session: Session, *, now: datetime, queued_for: timedelta, limit: int, ahead: int) -> list[int]:
        """Mark the rows that are due as queued and return their ids, the longest due first.

        A message that is lost comes again after `queued_for`. Of the others none is queued before the `ahead` that are
        due longest: else all that wait would be sent again and again while they do.
        """
        table = self.table
        unsent = or_(table.queued_until.is_(None), table.queued_until < now)
        first = select(table.id).where(self.waits, self.due_at <= now).order_by(self.due_at).limit(ahead)
        due = (
            select(table.id)
            .where(table.id.in_(first), unsent, self._free(now))
            .order_by(self.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        marked = update(table).where(table.id.in_(due)).values(queued_until=now + queued_for).returning(table.id)
        return list(session.scalars(marked))

    def claim(self, session: Session, id_: int, lease: UUID, *, now: datetime, until: datetime) -> bool:
        """Take a row that is due and that nobody has; False where there is nothing to do."""
        table = self.table
        taken = (
            update(table)
            .where(table.id == id_, self.waits, self.due_at <= now, self._free(now))
            .values(lease=lease, lease_until=until, queued_until=None)
        )
        return session.scalar(taken.returning(table.id)) is not None

    def release(self, session: Session, id_: int, lease: UUID, values: Mapping[str, Any]) -> bool:
        """Write what came of the work and give the row back; False where the lease was lost meanwhile."""
        table = self.table
        ended = update(table).where(table.id == id_, table.lease == lease)
        return session.scalar(ended.values(lease=None, lease_until=None, **values).returning(table.id)) is not None

    def _free(self, now: datetime) -> ColumnElement[bool]:
        return or_(self.table.lease_until.is_(None), self.table.lease_until < now)


FEEDS = Leased(Feed, Feed.next_poll_at, Feed.state == "active")
PAGES = Leased(Page, Page.next_try_at, Page.state == "waiting")
