"""The use case: withdraw an article everywhere, or bring it back."""

from uuid import UUID

from sqlalchemy.orm import Session

from themeline.ingest.outbox import URGENCIES
from themeline.ingest.store import articles
from themeline.shared.notifications import OUTBOX_CHANNEL, notify


def withdraw(session: Session, public_id: UUID, *, correlation_id: str) -> bool | None:
    """Withdraw an article; say whether that changed anything, or None when there is no such article."""
    return _set(session, public_id, withdrawn=True, correlation_id=correlation_id)


def restore(session: Session, public_id: UUID, *, correlation_id: str) -> bool | None:
    """Bring a withdrawn article back; say whether that changed anything, or None when there is none."""
    return _set(session, public_id, withdrawn=False, correlation_id=correlation_id)


def _set(session: Session, public_id: UUID, *, withdrawn: bool, correlation_id: str) -> bool | None:
    article = articles.lock_article(session, public_id)
    if article is None:
        return None
    if (article.withdrawn_at is not None) == withdrawn:
        return False
    version = articles.touch(session, article.id, withdrawn=withdrawn)
    articles.insert_outbox(session, [articles.Announcement(article.id, version, URGENCIES["fresh"])], correlation_id)
    notify(session, OUTBOX_CHANNEL)
    return True
