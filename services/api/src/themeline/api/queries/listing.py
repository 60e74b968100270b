"""The list of articles, the latest ingested first."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from themeline.api import errors, pagination, schemas
from themeline.api.pagination import Place
from themeline.api.parameters import ArticleFilter, State
from themeline.api.queries.articles import article_columns, attempt_of_this_version, to_article
from themeline.shared.models import Article, Attempt, Placement, Source


def newest(session: Session, wanted: ArticleFilter) -> schemas.ArticleList:
    """Return one page of the articles that pass the filter."""
    scope = f"articles {wanted.model_dump_json(include={'source', 'state', 'since', 'until'})}"
    statement = (
        article_columns()
        .where(*_conditions(session, wanted, scope))
        .order_by(Article.ingested_at.desc(), Article.id.desc())
        .limit(wanted.limit + 1)
    )
    rows, following = pagination.page(
        session.execute(statement).all(), wanted.limit, lambda row: Place(row.ingested_at, row.id), scope
    )
    return schemas.ArticleList(items=[to_article(row) for row in rows], next=following)


def _conditions(session: Session, wanted: ArticleFilter, scope: str) -> Iterator[ColumnElement[bool]]:
    yield _in_state(wanted.state)
    if wanted.since is not None:
        yield Article.ingested_at >= wanted.since
    if wanted.until is not None:
        yield Article.ingested_at < wanted.until
    if wanted.source is not None:
        yield _from_source(session, wanted.source)
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


def _from_source(session: Session, name: str) -> ColumnElement[bool]:
    """The ids are looked up first: only a plain comparison lets the index give the order too."""
    wanted = or_(Source.key.in_({name, name.casefold()}), func.lower(Source.name) == name.lower())
    ids: Sequence[int] = session.scalars(select(Source.id).where(wanted)).all()
    if not ids:
        return false()
    return Article.source_id == ids[0] if len(ids) == 1 else Article.source_id.in_(ids)
