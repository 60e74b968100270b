"""Pages to be read for their text: what waits, who reads it, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from themeline.ingest.store.leases import PAGES
from themeline.shared.models import Article, Page, Source


@dataclass(frozen=True)
class WantedPage:
    """A page that an entry links to.

    Attributes:
        entry: what the entry said, in the fields of a pushed item.
        article_id: the article that the entry became; None where it had no title to become one.
    """

    url: str
    url_digest: bytes
    entry: Mapping[str, Any]
    source_id: int
    feed_id: int
    article_id: int | None


@dataclass(frozen=True)
class ClaimedPage:
    """A page as whoever reads it needs it, with what is known of its source."""

    row: Page
    source_name: str
    crawl_delay: timedelta
    full_text: bool
    withdrawn: bool


def want(session: Session, pages: Sequence[WantedPage], *, now: datetime) -> None:
    """Have pages read; one that was read before is read again where its entry says something else now.

    A page is wanted once for each article: two feeds may give it identifiers, and so articles, of their own.
    """
    if not pages:
        return
    rows = [
        {
            "url": page.url,
            "url_digest": page.url_digest,
            "entry": dict(page.entry),
            "source_id": page.source_id,
            "feed_id": page.feed_id,
            "article_id": page.article_id,
            "next_try_at": now,
        }
        for _, page in sorted({(page.url_digest, page.article_id or 0): page for page in pages}.items())
    ]
    statement = insert(Page).values(rows)
    renewed = {"state": "waiting", "attempts": 0, "next_try_at": now, "reason": None, "ended_at": None}
    renewed |= {"lease": None, "lease_until": None, "queued_until": None}
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Page.url_digest, Page.article_id],
            set_={**renewed, "entry": statement.excluded.entry},
            where=Page.entry.is_distinct_from(statement.excluded.entry),
        )
    )


def claim(session: Session, page_id: int, lease: UUID, *, now: datetime, until: datetime) -> ClaimedPage | None:
    """Take a page that is due and that nobody reads; None where there is nothing to do."""
    if not PAGES.claim(session, page_id, lease, now=now, until=until):
        return None
    row, source, withdrawn_at = session.execute(
        select(Page, Source, Article.withdrawn_at)
        .join(Source, Source.id == Page.source_id)
        .outerjoin(Article, Article.id == Page.article_id)
        .where(Page.id == page_id)
    ).one()
    delay = timedelta(seconds=source.crawl_delay_seconds or 0)
    return ClaimedPage(row, source.name, delay, source.full_text, withdrawn_at is not None)


def release(session: Session, page_id: int, lease: UUID, values: Mapping[str, Any]) -> bool:
    """Write what came of reading and give the page back; False where the lease was lost meanwhile.

    An entry that changed while its page was read has taken the lease away: the page waits to be read again.
    """
    written = dict(values)
    if written.get("article_id") is not None:
        other = aliased(Page)
        known = exists().where(other.url_digest == Page.url_digest, other.article_id == written["article_id"])
        # The page of a plain sitemap may turn out to be one that a feed wants as well.
        written["article_id"] = case((known, Page.article_id), else_=written["article_id"])
    return PAGES.release(session, page_id, lease, written)


def forget(session: Session, before: datetime, limit: int) -> int:
    """Remove pages that were done with before; return how many."""
    old = select(Page.id).where(Page.ended_at < before).order_by(Page.id).limit(limit)
    return len(session.execute(delete(Page).where(Page.id.in_(old)).returning(Page.id)).all())


def backlog(session: Session) -> tuple[int, float]:
    """Return how many pages wait, and for how many seconds the one due longest has been due."""
    age = func.extract("epoch", func.now() - func.min(Page.next_try_at))
    waiting, oldest = session.execute(select(func.count(Page.id), age).where(Page.state == "waiting")).one()
    return waiting, max(0.0, float(oldest or 0))
