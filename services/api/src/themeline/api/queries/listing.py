"""The list of articles, the latest ingested first."""

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, literal, select, tuple_
from sqlalchemy.orm import Session

from themeline.api import errors, pagination, schemas
from themeline.api.pagination import Place
from themeline.api.parameters import ArticleFilter, State
from themeline.api.queries.articles import article_columns, attempt_of_this_version, to_article
from themeline.api.queries.visibility import disclosed
from themeline.shared.models import Article, Attempt, Placement, Source

# A publisher's key is made of the words of its name.
_WORD = re.compile(r"[^\W_]+")


def newest(session: Session, wanted: ArticleFilter) -> schemas.ArticleList:
    """Return one page of the articles that pass the filter."""
    scope = f"articles {wanted.model_dump_json(include={'source', 'state', 'since', 'until'})}"
    chosen = (
        select(Article.id)
        .where(*_conditions(wanted, scope))
        .order_by(Article.ingested_at.desc(), Article.id.desc())
        .limit(wanted.limit + 1)
        .subquery("chosen")
    )
    statement = article_columns(chosen).order_by(Article.ingested_at.desc(), Article.id.desc())
    rows, following = pagination.page(
        session.execute(statement).all(), wanted.limit, lambda row: Place(row.ingested_at, row.id), scope
    )
    return schemas.ArticleList(items=[to_article(row) for row in rows], next=following)


def _conditions(wanted: ArticleFilter, scope: str) -> Iterator[ColumnElement[bool]]:
    yield disclosed()
    yield _in_state(wanted.state)
    if wanted.since is not None:
        yield Article.ingested_at >= wanted.since
    if wanted.until is not None:
        yield Article.ingested_at < wanted.until
    if wanted.source is not None:
        yield _from_source(wanted.source)
    if wanted.cursor is not None:
        after = errors.read_cursor(wanted.cursor, scope)
        yield tuple_(Article.ingested_at, Article.id) < tuple_(literal(after.at), literal(after.id))


def _in_state(state: State | None) -> ColumnElement[bool]:
    if state == "withdrawn":
        return Article.withdrawn_at.is_not(None)
    live = Article.withdrawn_at.is_(None)
    if state is None:
        return live
    quarantined = exists().where(attempt_of_this_version(), Attempt.quarantined_at.is_not(None)).correlate(Article)
    if state == "quarantined":
        return and_(live, quarantined)
    current = and_(Placement.article_id == Article.id, Placement.version == Article.version)
    placed = exists().where(current).correlate(Article)
    return and_(live, ~quarantined, placed if state == "ready" else ~placed)


def _from_source(name: str) -> ColumnElement[bool]:
    """Compare with one id, so that the index gives the order too."""
    source = select(Source.id).where(Source.key.in_({source_key(name), name}))
    return Article.source_id == source.order_by(Source.key == source_key(name)).limit(1).scalar_subquery()


def source_key(name: str) -> str:
    """The key of a publisher with this name, or with this key."""
    return "-".join(_WORD.findall(name.casefold()))
