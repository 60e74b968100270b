"""What a reader may see. Every other query is built on these conditions."""

from sqlalchemy import ColumnElement, func, or_

from themeline.shared.models import Article


def disclosed(article: type[Article] = Article) -> ColumnElement[bool]:
    """Not under embargo: before that time an article is as unknown as one that does not exist."""
    return or_(article.embargo_until.is_(None), article.embargo_until <= func.now())


def visible(article: type[Article] = Article) -> ColumnElement[bool]:
    return article.withdrawn_at.is_(None) & disclosed(article)
