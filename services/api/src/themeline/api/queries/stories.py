"""Stories: articles on one event."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from themeline.api import errors, schemas
from themeline.api.parameters import GroupPaging
from themeline.api.phases import STORY
from themeline.api.queries.groups import MemberStory, activity, articles_in_time_order, parent_of, phase_of
from themeline.api.queries.rows import AnyRow, AnySelect
from themeline.shared.models import Placement, Story, Theme

# Stories named on a theme's page; the others are reached through its articles.
MAX_STORIES = 200


def story(session: Session, row: AnyRow, paging: GroupPaging) -> schemas.Story:
    """Return the story at `row` with one page of its articles."""
    found = session.execute(_summaries(Story.id == row.id)).one_or_none()
    if found is None:
        raise errors.unknown("story", str(row.public_id))
    articles = articles_in_time_order(session, Placement.story_id == row.id, paging, row.public_id)
    return schemas.Story(
        **dict(_summary(found)),
        theme=schemas.Ref(id=found.theme_id, label=found.theme_label),
        items=articles.items,
        next=articles.next,
    )


def stories_of(session: Session, theme_id: int) -> list[schemas.StorySummary]:
    """Return the stories of a theme, the latest active first."""
    statement = _summaries(Story.theme_id == theme_id).limit(MAX_STORIES)
    return [_summary(row) for row in session.execute(statement)]


def _summaries(condition: ColumnElement[bool]) -> AnySelect:
    counted = activity(MemberStory.id == Story.id, STORY)
    return (
        select(
            Story.public_id,
            Story.label,
            counted.c.articles,
            counted.c.first_at,
            counted.c.last_at,
            counted.c.recent,
            counted.c.now,
            parent_of(Story).label("split_from"),
            Theme.public_id.label("theme_id"),
            Theme.label.label("theme_label"),
        )
        .join(Theme, Theme.id == Story.theme_id)
        .join(counted, counted.c.articles > 0)
        .where(Story.merged_into.is_(None), condition)
        .order_by(counted.c.last_at.desc(), Story.id.desc())
    )


def _summary(row: AnyRow) -> schemas.StorySummary:
    return schemas.StorySummary(
        id=row.public_id,
        label=row.label,
        article_count=row.articles,
        first_at=row.first_at,
        last_at=row.last_at,
        phase=phase_of(row, STORY),
        split_from=row.split_from,
    )
