"""Stored rows with valid defaults, flushed but not committed: a test names only what it is about."""

import array
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy.orm import Session

from themeline.shared.core.reasons import Signal
from themeline.shared.core.urls import url_digest
from themeline.shared.models import Article, ArticleKey, Attempt, Placement, Relation, Source, Story, Theme

# The default time of everything, long enough ago that nothing is in the future.
NOON = datetime(2025, 7, 12, 12, tzinfo=UTC)

_numbers = count(1)

Row = TypeVar("Row")


def make_source(session: Session, name: str = "", **values: Any) -> Source:
    name = name or f"Paper {next(_numbers)}"
    return _add(session, Source(**{"key": name.lower().replace(" ", "-"), "name": name} | values))


def make_article(session: Session, title: str = "", *, source: Source | None = None, **values: Any) -> Article:
    """Store an article without a placement: it is pending. Its URL is claimed by key, as ingest does."""
    title = title or f"Headline {next(_numbers)}"
    owner = source or make_source(session)
    defaults: dict[str, Any] = {
        "source_id": owner.id,
        "title": title,
        "url": f"https://paper.example/{uuid4().hex}",
        "content_hash": uuid4().bytes,
        "ingested_at": NOON,
    }
    article = _add(session, Article(**defaults | values))
    if article.url:
        _add(session, ArticleKey(digest=url_digest(article.url), kind="url", article_id=article.id))
    return article


def make_theme(session: Session, label: str = "", **values: Any) -> Theme:
    return _add(session, Theme(**_group(label or f"Theme {next(_numbers)}") | values))


def make_story(session: Session, label: str = "", *, theme: Theme | None = None, **values: Any) -> Story:
    owner = theme or make_theme(session)
    return _add(session, Story(**_group(label or f"Story {next(_numbers)}") | {"theme_id": owner.id} | values))


def make_placement(
    session: Session, article: Article, *, story: Story | None = None, at: datetime | None = NOON, **values: Any
) -> Placement:
    """Place an article, published at `at` (None: undated), in a story: it is ready."""
    owner = story or make_story(session)
    defaults: dict[str, Any] = {
        "article_id": article.id,
        "version": article.version,
        "story_id": owner.id,
        "published_at": at,
        "precision": None if at is None else "second",
        "zone_assumed": False,
        "evidence": None if at is None else "push.published",
        "sort_at": at or article.ingested_at,
        "language": "en",
        "epoch": 1,
        "related_at": NOON,
    }
    return _add(session, Placement(**defaults | values))


def make_placed(
    session: Session,
    title: str = "",
    *,
    source: Source | None = None,
    story: Story | None = None,
    at: datetime | None = NOON,
    placement: dict[str, Any] | None = None,
    **values: Any,
) -> Article:
    """Store an article that is ready."""
    article = make_article(session, title, source=source, **values)
    make_placement(session, article, story=story, at=at, **placement or {})
    return article


def make_relation(
    session: Session,
    one: Article,
    other: Article,
    *,
    theme: float = 0.9,
    story: float = 0.8,
    signals: bytes | None = None,
) -> Relation:
    high, low = max(one.id, other.id), min(one.id, other.id)
    packed = signals if signals is not None else make_signals({Signal.NAMES: 24, Signal.DENSE: 8})
    return _add(session, Relation(high=high, low=low, theme=theme, story=story, signals=packed))


def make_signals(shares: dict[Signal, int]) -> bytes:
    """Pack what each signal adds, in stored units; signals not named add nothing."""
    return array.array("b", [shares.get(signal, 0) for signal in Signal]).tobytes()


def make_quarantine(session: Session, article: Article, **values: Any) -> Attempt:
    defaults = {"article_id": article.id, "version": article.version, "quarantined_at": NOON}
    return _add(session, Attempt(**defaults | values))


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def _group(label: str) -> dict[str, Any]:
    return {"label": label, "first_at": NOON, "last_at": NOON, "size": 1}


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
