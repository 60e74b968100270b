"""What stories and themes have in common. What nobody may see is not counted either."""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.selectable import LateralFromClause

from themeline.api import errors, pagination, schemas
from themeline.api.pagination import Place
from themeline.api.parameters import GroupPaging
from themeline.api.phases import Activity, Phase, Tempo, phase
from themeline.api.queries.articles import article_columns, to_article
from themeline.api.queries.rows import AnyRow
from themeline.api.queries.visibility import visible
from themeline.shared.models import Article, Placement, Source, Story, Theme

# A chain of redirects is as long as there were merges; a longer one is a circle.
MAX_MERGES = 64

MemberStory = aliased(Story, name="member_story")


def survivor(session: Session, group: type[Story] | type[Theme], public_id: UUID) -> AnyRow:
    """Return `id, public_id` of the story or theme, or of the one that it was merged into at last.

    Raises:
        Problem: 404 where there is none.
    """
    columns = select(group.id, group.public_id, group.merged_into)
    row = session.execute(columns.where(group.public_id == public_id)).one_or_none()
    for _ in range(MAX_MERGES):
        if row is None or row.merged_into is None:
            break
        row = session.execute(columns.where(group.id == row.merged_into)).one_or_none()
    if row is None or row.merged_into is not None:
        raise errors.unknown(group.__name__.lower(), str(public_id))
    return row


def activity(condition: ColumnElement[bool], tempo: Tempo) -> LateralFromClause:
    """Count the visible articles of the `MemberStory` rows that pass, and find the first and the last.

    Undated articles move neither time; where there is no other, the first of them to arrive gives both, and
    those after it revive nothing. `recent` counts those of the tempo's recent time; `now` is that of the database.
    """
    arrived = func.coalesce(Placement.published_at, Placement.sort_at)
    latest_first = aggregate_order_by(
        Placement.article_id, Placement.published_at.desc().nulls_last(), Placement.article_id.desc()
    )
    return (
        select(
            func.count().label("articles"),
            func.count(Placement.story_id.distinct()).label("stories"),
            func.coalesce(func.min(Placement.published_at), func.min(Placement.sort_at)).label("first_at"),
            func.coalesce(func.max(Placement.published_at), func.min(Placement.sort_at)).label("last_at"),
            func.count().filter(arrived > func.now() - tempo.recent).label("recent"),
            func.now().label("now"),
            type_coerce(func.array_agg(latest_first), ARRAY(Integer))[1].label("latest_id"),
        )
        .select_from(MemberStory)
        .join(Placement, Placement.story_id == MemberStory.id)
        .join(Article, Article.id == Placement.article_id)
        .where(visible(), condition)
        .lateral("activity")
    )


def phase_of(row: AnyRow, tempo: Tempo) -> Phase:
    """Return the phase of a group at a row with the columns of `activity`."""
    return phase(Activity(row.first_at, row.last_at, row.articles, row.recent), tempo, row.now)


def parent_of(group: type[Story] | type[Theme]) -> ScalarSelect[UUID]:
    """Select the public id of the group that this one was split from."""
    parent = aliased(group)
    return select(parent.public_id).where(parent.id == group.split_from).scalar_subquery()


def headlines(session: Session, ids: list[int]) -> dict[int, schemas.Headline]:
    """Return the headlines of articles by id."""
    rows = session.execute(
        select(
            Article.id,
            Article.public_id,
            Article.title,
            Article.url,
            Source.name,
            Placement.published_at,
        )
        .join(Source, Source.id == Article.source_id)
        .join(Placement, Placement.article_id == Article.id)
        .where(Article.id.in_(ids))
    )
    return {
        row.id: schemas.Headline(
            id=row.public_id,
            title=row.title,
            url=row.url,
            source=row.name,
            published=schemas.Time.of(row.published_at),
        )
        for row in rows
    }


def articles_in_time_order(
    session: Session, condition: ColumnElement[bool], paging: GroupPaging, group: UUID
) -> schemas.ArticleList:
    """Return one page of the visible articles whose placement or story passes the condition."""
    scope = f"group {group} {paging.order}"
    key = tuple_(Placement.sort_at, Article.id)
    chosen = (
        select(Article.id)
        .join(Placement, Placement.article_id == Article.id)
        .join(Story, Story.id == Placement.story_id)
        .where(visible(), condition)
    )
    if paging.cursor is not None:
        after = errors.read_cursor(paging.cursor, scope)
        place = tuple_(literal(after.at), literal(after.id))
        chosen = chosen.where(key > place if paging.order == "oldest" else key < place)
    columns = (Placement.sort_at, Article.id)
    order = columns if paging.order == "oldest" else tuple(column.desc() for column in columns)
    ids = chosen.order_by(*order).limit(paging.limit + 1).subquery("chosen")
    rows = session.execute(article_columns(ids).order_by(*order)).all()
    shown, following = pagination.page(rows, paging.limit, lambda row: Place(row.sort_at, row.id), scope)
    return schemas.ArticleList(items=[to_article(row) for row in shown], next=following)
