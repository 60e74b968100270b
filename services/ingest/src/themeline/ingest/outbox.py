"""The relay: sends what the outbox holds to the queue, at least once, many articles a message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.shared.events import QueueName
from themeline.shared.models import Dispatch, OutboxEntry

QUEUES = {0: QueueName.FRESH, 1: QueueName.BACKFILL}
URGENCIES = {"fresh": 0, "backfill": 1}


@dataclass(frozen=True)
class Message:
    """One message to be: the articles, and the correlation id that caused each."""

    queue: QueueName
    article_ids: tuple[int, ...]
    correlation_ids: tuple[str, ...]


Send = Callable[[Message], None]


def relay_batch(session: Session, send: Send, *, limit: int) -> list[Message]:
    """Send the oldest waiting entries, fresh ones first; return the messages sent.

    A crash between the sends and the commit sends them again: consumers are idempotent. Locked
    entries are skipped, so several relays may run at once. An article that waits in several
    versions is sent once, for the worker reads the newest.
    """
    entries = session.scalars(
        select(OutboxEntry).order_by(OutboxEntry.urgency, OutboxEntry.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    messages = to_messages(entries)
    for message in messages:
        send(message)
    if entries:
        _record(session, entries)
    return messages


def to_messages(entries: Sequence[OutboxEntry]) -> list[Message]:
    """Group entries, sorted by urgency, into one message a queue; the last entry of an article counts."""
    messages = []
    for urgency, group in groupby(entries, key=lambda entry: entry.urgency):
        newest = {entry.article_id: entry.correlation_id for entry in group}
        messages.append(Message(QUEUES[urgency], tuple(newest), tuple(newest.values())))
    return messages


def _record(session: Session, entries: Sequence[OutboxEntry]) -> None:
    sent = {entry.article_id: entry.version for entry in sorted(entries, key=lambda entry: entry.version)}
    rows = [{"article_id": article, "version": version} for article, version in sorted(sent.items())]
    statement = insert(Dispatch).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Dispatch.article_id],
            # Another relay may have sent a newer version just now.
            set_={"version": func.greatest(Dispatch.version, statement.excluded.version), "dispatched_at": func.now()},
        )
    )
    session.execute(delete(OutboxEntry).where(OutboxEntry.id.in_([entry.id for entry in entries])))
