"""Wake-up calls over PostgreSQL's NOTIFY. They carry nothing and may be lost: readers also poll."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

OUTBOX_CHANNEL = "themeline_outbox"


def notify(session: Session, channel: str) -> None:
    """Wake the listeners of `channel` when this transaction commits."""
    session.execute(select(func.pg_notify(channel, "")))
