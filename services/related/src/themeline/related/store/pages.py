"""The latest pages of sources, from which their boilerplate is known."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from themeline.related.core.boilerplate import RECENT, Pages
from themeline.related.core.features import RawArticle
from themeline.related.core.text import MAX_CHARACTERS
from themeline.related.store.work import Loaded
from themeline.shared.models import Article


def recall(session: Session, pages: Pages, articles: Sequence[Loaded]) -> None:
    """Remember what the sources of these articles published before them, of those that are not remembered."""
    before = {article.source_id: article.id for article in reversed(articles)}
    for source, first in before.items():
        if not pages.knows(source):
            pages.add(source, _published(session, source, first))


def _published(session: Session, source: int, before: int) -> Iterable[RawArticle]:
    rows = session.execute(
        select(Article.title, func.left(Article.text, MAX_CHARACTERS), Article.language)
        .where(Article.source_id == source, Article.id < before, Article.withdrawn_at.is_(None))
        .order_by(Article.ingested_at.desc(), Article.id.desc())
        .limit(RECENT)
    ).all()
    return [RawArticle(*row) for row in reversed(rows)]
