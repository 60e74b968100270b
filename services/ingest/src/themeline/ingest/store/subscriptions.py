"""Subscriptions to hubs: columns of the feeds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from themeline.shared.models import Feed


def lock(session: Session, token: UUID) -> Feed | None:
    """Return the feed with this token in its callback; nobody else can change it until the transaction ends."""
    return session.scalars(select(Feed).where(Feed.hub_token == token).with_for_update()).one_or_none()


def secret_of(session: Session, token: UUID) -> str | None:
    """Return what the hub signs with, or None when no subscription has this token."""
    return session.scalar(select(Feed.hub_secret).where(Feed.hub_token == token))


def write(session: Session, token: UUID, values: Mapping[str, Any]) -> None:
    session.execute(
        update(Feed).where(Feed.hub_token == token).values(**values), execution_options={"synchronize_session": False}
    )


def make_due(session: Session, token: UUID, now: datetime) -> None:
    """Have the feed polled at once; one that is due keeps its place, unless it is just being polled."""
    is_later = or_(Feed.next_poll_at > now, Feed.lease_until > now)
    write(session, token, {"next_poll_at": case((is_later, now), else_=Feed.next_poll_at)})
