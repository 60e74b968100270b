"""The use case: withdraw an article everywhere, bring it back, or try it again."""

from uuid import UUID

from sqlalchemy.orm import Session

from themeline.ingest.outbox import URGENCIES
from themeline.ingest.store import articles
from themeline.ingest.store.articles import Status
from themeline.shared.models import Article
from themeline.shared.notifications import OUTBOX_CHANNEL, notify


def withdraw(session: Session, public_id: UUID, *, correlation_id: str) -> bool | None:
    """Withdraw an article; say whether that changed anything, or None when there is no such article."""
    return _set(session, public_id, "withdrawn", correlation_id)


def restore(session: Session, public_id: UUID, *, correlation_id: str) -> bool | None:
    """Bring a withdrawn article back; say whether that changed anything, or None when there is none."""
    return _set(session, public_id, "restored", correlation_id)


def retry(session: Session, public_id: UUID, *, correlation_id: str) -> bool | None:
    """Let a quarantined article be tried again; say whether it was quarantined, or None when there is none.

    It gets a new version: attempts are counted for each version anew.
    """
    article = articles.lock_article(session, public_id)
    if article is None:
        return None
    if not articles.is_quarantined(session, article):
        return False
    _touch(session, article, "retried", correlation_id)
    return True


def _set(session: Session, public_id: UUID, status: Status, correlation_id: str) -> bool | None:
    article = articles.lock_article(session, public_id)
    if article is None:
        return None
    if (article.withdrawn_at is not None) == (status == "withdrawn"):
        return False
    _touch(session, article, status, correlation_id)
    return True


def _touch(session: Session, article: Article, status: Status, correlation_id: str) -> None:
    version = articles.touch(session, article.id, cause=status, correlation_id=correlation_id)
    articles.insert_outbox(session, [articles.Announcement(article.id, version, URGENCIES["fresh"])], correlation_id)
    notify(session, OUTBOX_CHANNEL)
