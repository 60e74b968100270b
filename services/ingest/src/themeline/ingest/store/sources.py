"""Sources in PostgreSQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.shared.models import Source


@dataclass(frozen=True)
class SourceRow:
    """A stored source: its id, the zone of its times that name none, and its order of day and month."""

    id: int
    zone: tzinfo
    day_first: bool | None = None
    language: str | None = None
    blocked: tuple[str, ...] = ()


def ensure_sources(session: Session, names: Mapping[str, str]) -> dict[str, SourceRow]:
    """Return the sources with these keys, storing those that are new under the names given."""
    rows = _sources(session, names)
    missing = sorted(set(names) - set(rows))
    if missing:
        values = [{"key": key, "name": names[key]} for key in missing]
        session.execute(insert(Source).values(values).on_conflict_do_nothing())
        rows = _sources(session, names)
    return rows


def _sources(session: Session, keys: Collection[str]) -> dict[str, SourceRow]:
    columns = Source.key, Source.id, Source.default_zone, Source.day_first, Source.language, Source.blocked
    found = session.execute(select(*columns).where(Source.key.in_(keys)))
    return {
        key: SourceRow(id_, _zone(zone), day_first, language, tuple(blocked))
        for key, id_, zone, day_first, language, blocked in found
    }


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
