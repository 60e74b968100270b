"""Themes: stories on one subject over time."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, literal, select, tuple_
from sqlalchemy.orm import Session

from themeline.api import errors, pagination, schemas
from themeline.api.pagination import Place
from themeline.api.parameters import GroupPaging, ThemeFilter
from themeline.api.phases import THEME
from themeline.api.queries.groups import MemberStory, activity, articles_in_time_order, headlines, parent_of, phase_of
from themeline.api.queries.rows import AnyRow, AnySelect
from themeline.api.queries.stories import stories_of
from themeline.shared.models import Story, Theme

_COUNTED = activity(MemberStory.theme_id == Theme.id, THEME)


def themes(session: Session, wanted: ThemeFilter) -> schemas.ThemeList:
    """Return one page of themes, the latest active first.

    The index orders themes by the last activity stored. That lies in the future only where an article is
    under embargo or a little ahead of its time: those few themes are placed by what may be seen of them.
    """
    scope = f"themes {wanted.min_articles}"
    after = None if wanted.cursor is None else errors.read_cursor(wanted.cursor, scope)
    large_enough = _COUNTED.c.articles >= wanted.min_articles
    rows: list[AnyRow] = []
    for key, timely in (
        (Theme.last_at, Theme.last_at <= func.now()),
        (_COUNTED.c.last_at, Theme.last_at > func.now()),
    ):
        statement = _summaries(key, large_enough).where(Theme.merged_into.is_(None), timely)
        if after is not None:
            statement = statement.where(tuple_(key, Theme.id) < tuple_(literal(after.at), literal(after.id)))
        rows += session.execute(statement.order_by(key.desc(), Theme.id.desc()).limit(wanted.limit + 1))
    rows.sort(key=lambda row: (row.place, row.id), reverse=True)
    shown, following = pagination.page(rows, wanted.limit, lambda row: Place(row.place, row.id), scope)
    latest = headlines(session, [row.latest_id for row in shown])
    return schemas.ThemeList(items=[_summary(row, latest) for row in shown], next=following)


def theme(session: Session, row: AnyRow, paging: GroupPaging) -> schemas.Theme:
    """Return the theme at `row` with its stories and one page of its articles."""
    statement = _summaries(Theme.last_at, _COUNTED.c.articles > 0).where(Theme.id == row.id)
    found = session.execute(statement).one_or_none()
    if found is None:
        raise errors.unknown("theme", str(row.public_id))
    articles = articles_in_time_order(session, Story.theme_id == row.id, paging, row.public_id)
    return schemas.Theme(
        **dict(_summary(found, headlines(session, [found.latest_id]))),
        stories=stories_of(session, row.id),
        items=articles.items,
        next=articles.next,
    )


def _summaries(place: SQLColumnExpression[Any], condition: ColumnElement[bool]) -> AnySelect:
    return select(
        Theme.id,
        Theme.public_id,
        Theme.label,
        place.label("place"),
        _COUNTED.c.articles,
        _COUNTED.c.stories,
        _COUNTED.c.first_at,
        _COUNTED.c.last_at,
        _COUNTED.c.recent,
        _COUNTED.c.now,
        _COUNTED.c.latest_id,
        parent_of(Theme).label("split_from"),
    ).join(_COUNTED, condition)


def _summary(row: AnyRow, latest: dict[int, schemas.Headline]) -> schemas.ThemeSummary:
    return schemas.ThemeSummary(
        id=row.public_id,
        label=row.label,
        article_count=row.articles,
        story_count=row.stories,
        first_at=row.first_at,
        last_at=row.last_at,
        phase=phase_of(row, THEME),
        split_from=row.split_from,
        latest=latest[row.latest_id],
    )
