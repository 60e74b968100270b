"""Sources in PostgreSQL."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.shared.models import Article, Feed, Source


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


def permit_full_text(session: Session, ids: Collection[int], *, permission: bool) -> None:
    """Say whether linked pages of these sources may be read for their text."""
    if ids:
        session.execute(update(Source).where(Source.id.in_(ids)).values(full_text=permission))


def _sources(session: Session, keys: Collection[str]) -> dict[str, SourceRow]:
    columns = Source.key, Source.id, Source.default_zone, Source.day_first, Source.language, Source.blocked
    found = session.execute(select(*columns).where(Source.key.in_(keys)))
    return {
        key: SourceRow(id_, _zone(zone), day_first, language, tuple(blocked))
        for key, id_, zone, day_first, language, blocked in found
    }


@dataclass(frozen=True)
class ListedSource:
    """A source with what came from it."""

    source: Source
    articles: int
    feeds: int
    last_article_at: datetime | None


def page(session: Session, *, after: int | None, limit: int) -> list[ListedSource]:
    """Return sources by key, those behind the source `after`."""
    statement = select(Source.id).order_by(Source.key).limit(limit)
    if after is not None:
        last = select(Source.key).where(Source.id == after).scalar_subquery()
        statement = statement.where(Source.key > last)
    return _listed(session, statement)


def get(session: Session, key: str) -> ListedSource | None:
    found = _listed(session, select(Source.id).where(Source.key == key))
    return found[0] if found else None


def create(session: Session, key: str, values: Mapping[str, Any]) -> bool:
    """Store a source; False where there is one with this key."""
    statement = insert(Source).values(key=key, **values).on_conflict_do_nothing().returning(Source.id)
    return session.scalar(statement) is not None


def change(session: Session, key: str, values: Mapping[str, Any]) -> bool:
    """Write new values of a source; False when there is none with this key."""
    if not values:
        return session.scalar(select(Source.id).where(Source.key == key)) is not None
    statement = update(Source).where(Source.key == key).values(**values).returning(Source.id)
    return session.scalar(statement, execution_options={"synchronize_session": False}) is not None


def _listed(session: Session, chosen: Select[int]) -> list[ListedSource]:
    """Look at the articles of the chosen alone, through the index that has them by source and time."""
    ids = chosen.subquery("chosen")
    of_source = Article.source_id == Source.id
    articles = select(func.count()).select_from(Article).where(of_source)
    feeds = select(func.count()).select_from(Feed).where(Feed.source_id == Source.id, Feed.state != "retired")
    latest = select(func.max(Article.ingested_at)).where(of_source)
    rows = session.execute(
        select(Source, articles.scalar_subquery(), feeds.scalar_subquery(), latest.scalar_subquery())
        .join(ids, ids.c.id == Source.id)
        .order_by(Source.key)
        .execution_options(populate_existing=True)
    )
    return [ListedSource(*row) for row in rows]


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
