"""Whose turn it is at a host, and what its robots.txt said; shared by every process that fetches."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Interval, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.shared.models import Host


@dataclass(frozen=True)
class Turn:
    """The instant of the next request that may be made to a host, and whether it is ours."""

    at: datetime
    taken: bool


@dataclass(frozen=True)
class RobotsRow:
    """What a host answered when it was asked for its robots.txt, and until when that holds."""

    status: int
    text: str | None
    until: datetime


def take_turn(session: Session, origin: str, *, pause: timedelta, patience: timedelta, now: datetime) -> Turn:
    """Take the next turn at a host, if it comes within `patience`; the one after it comes `pause` later.

    One statement, so that of many processes each gets a turn of its own.
    """
    free = func.greatest(Host.next_request_at, func.coalesce(Host.blocked_until, now), now)
    statement = insert(Host).values(origin=origin, next_request_at=now + pause)
    after = session.scalar(
        statement.on_conflict_do_update(
            index_elements=[Host.origin],
            set_={"next_request_at": free + literal(pause, Interval)},
            where=free <= now + patience,
        ).returning(Host.next_request_at)
    )
    if after is not None:
        return Turn(after - pause, taken=True)
    later = session.scalar(select(free).where(Host.origin == origin))
    return Turn(later or now, taken=False)


def leave_alone(session: Session, origin: str, until: datetime) -> None:
    """Ask nothing of a host until then: it said so."""
    later = func.greatest(func.coalesce(Host.blocked_until, until), until)
    session.execute(
        insert(Host)
        .values(origin=origin, blocked_until=until)
        .on_conflict_do_update(index_elements=[Host.origin], set_={"blocked_until": later})
    )


def robots(session: Session, origin: str, now: datetime) -> RobotsRow | None:
    """Return what is known of a host's robots.txt, unless it is out of date."""
    row = session.get(Host, origin)
    if row is None or row.robots_status is None or row.robots_until is None or row.robots_until <= now:
        return None
    return RobotsRow(row.robots_status, row.robots, row.robots_until)


def keep_robots(session: Session, origin: str, found: RobotsRow) -> None:
    values = {"robots_status": found.status, "robots": found.text, "robots_until": found.until}
    statement = insert(Host).values(origin=origin, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[Host.origin], set_=values))


def forget(session: Session, before: datetime, limit: int) -> int:
    """Remove hosts that nobody asked for anything since; return how many."""
    old = select(Host.origin).where(Host.next_request_at < before).limit(limit).with_for_update(skip_locked=True)
    gone = delete(Host).where(Host.origin.in_(old)).returning(Host.origin)
    return len(session.execute(gone, execution_options={"synchronize_session": False}).all())
