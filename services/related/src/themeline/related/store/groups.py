"""Placements, stories and themes: read for the candidates of a batch, written back once it is placed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from themeline.related.core.event_dates import EventDate
from themeline.related.core.stories import Group
from themeline.related.store.binary import execute, fetch
from themeline.shared.models import Placement, Story, Theme

# Any numbers will do that no other lock has. Holding one makes this transaction the only one that assigns stories
# and themes; holding the other, the only one that begins an epoch.
ASSIGNMENT_LOCK = 7_424_118
EPOCH_LOCK = 7_424_120


def lock_assignment(session: Session) -> None:
    """Wait until no other transaction assigns; the lock goes with this transaction."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ASSIGNMENT_LOCK})


def try_lock_epochs(session: Session) -> bool:
    """Say whether this transaction may begin an epoch; the lock goes with it."""
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": EPOCH_LOCK}))


GROUPS = {
    "stories": """
        SELECT id, size, extract(epoch FROM first_at)::float8 / 3600, extract(epoch FROM last_at)::float8 / 3600,
               undated, theme_id
        FROM stories WHERE id = ANY(%(ids)s::bigint[])
    """,
    "themes": """
        SELECT id, size, extract(epoch FROM first_at)::float8 / 3600, extract(epoch FROM last_at)::float8 / 3600,
               undated
        FROM themes WHERE id = ANY(%(ids)s::bigint[])
    """,
}


def create_themes(session: Session, groups: Sequence[Group]) -> dict[int, int]:
    """Store new themes; return their ids by the provisional ones."""
    return _create(session, Theme, groups, [{} for _ in groups])


def create_stories(session: Session, groups: Sequence[Group], themes: Sequence[int]) -> dict[int, int]:
    """Store new stories in their themes; return their ids by the provisional ones."""
    return _create(session, Story, groups, [{"theme_id": theme} for theme in themes])


def _create(
    session: Session, table: type[Story | Theme], groups: Sequence[Group], more: Sequence[dict[str, int]]
) -> dict[int, int]:
    if not groups:
        return {}
    rows = [{**_columns(group), "label": "", **extra} for group, extra in zip(groups, more, strict=True)]
    ids = session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows).all()
    return {group.id: id_ for group, id_ in zip(groups, ids, strict=True)}


def update_groups(session: Session, table: type[Story | Theme], groups: Sequence[Group]) -> None:
    """Write back the sizes and times of stored stories or themes."""
    if groups:
        ordered = sorted(groups, key=lambda group: group.id)
        session.execute(
            update(table),
            [{"id": group.id, **_columns(group), "updated_at": datetime.now(UTC)} for group in ordered],
        )


def _columns(group: Group) -> dict[str, object]:
    times = {"first_at": _time(group.first), "last_at": _time(group.last)}
    return {"size": group.size, "undated": group.undated, **times}


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at * 3600, UTC)


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """What tells a placement from the features it is copied from."""

    article_id: int
    version: int
    story_id: int
    duplicate_of: int | None
    event_dates: Sequence[EventDate] = ()


_PLACEMENTS = """
    INSERT INTO placements (article_id, version, published_at, precision, zone_assumed, evidence, time_flags,
                            sort_at, language, names, terms, event_dates, story_id, duplicate_of, epoch, related_at)
    SELECT article_id, placed.version, published_at, precision, zone_assumed, evidence, time_flags,
           sort_at, language, names, terms, placed.days, placed.story, placed.original, %(epoch)s, now()
    FROM unnest(%(ids)s::bigint[], %(versions)s::int[], %(stories)s::bigint[], %(originals)s::bigint[],
                %(days)s::jsonb[]) AS placed (id, version, story, original, days)
    JOIN features ON features.article_id = placed.id AND features.version = placed.version
    ORDER BY article_id
    ON CONFLICT (article_id) DO UPDATE SET
        version = excluded.version, published_at = excluded.published_at, precision = excluded.precision,
        zone_assumed = excluded.zone_assumed, evidence = excluded.evidence, time_flags = excluded.time_flags,
        sort_at = excluded.sort_at, language = excluded.language, names = excluded.names, terms = excluded.terms,
        event_dates = excluded.event_dates, story_id = excluded.story_id, duplicate_of = excluded.duplicate_of,
        epoch = excluded.epoch, related_at = excluded.related_at
"""


def save_placements(session: Session, rows: Sequence[PlacementRow], epoch: int) -> None:
    """Make the articles ready to be read, with the times and names of their features."""
    execute(
        session,
        _PLACEMENTS,
        {
            "ids": [row.article_id for row in rows],
            "versions": [row.version for row in rows],
            "stories": [row.story_id for row in rows],
            "originals": [row.duplicate_of for row in rows],
            "days": [_as_json(row.event_dates) for row in rows],
            "epoch": epoch,
        },
    )


def _as_json(days: Sequence[EventDate]) -> str:
    return json.dumps([{"date": str(found.day), "precision": found.precision, "text": found.text} for found in days])


def move_copies(session: Session, moved: Sequence[tuple[int, int]]) -> None:
    """Point stored originals, and whatever copies them, at the article that they turned out to copy."""
    for old, new in moved:
        execute(
            session,
            "UPDATE placements SET duplicate_of = %(new)s WHERE article_id = %(old)s OR duplicate_of = %(old)s",
            {"old": old, "new": new},
        )


_RELEASE = """
    UPDATE placements SET duplicate_of = nullif(heir.id, placements.article_id)
    FROM (
        SELECT DISTINCT ON (duplicate_of) duplicate_of AS original, article_id AS id
        FROM placements WHERE duplicate_of = ANY(%(ids)s::bigint[])
        ORDER BY duplicate_of, sort_at, article_id
    ) AS heir
    WHERE placements.duplicate_of = heir.original
"""


def release_copies(session: Session, originals: Sequence[int]) -> None:
    """The copies of an article that changed or left get the earliest of themselves as their original."""
    execute(session, _RELEASE, {"ids": list(originals)})


_RECOUNT_STORIES = """
    UPDATE stories SET size = counted.size, first_at = coalesce(counted.first_at, stories.first_at),
                       last_at = coalesce(counted.last_at, stories.last_at), undated = counted.undated,
                       updated_at = now()
    FROM (
        SELECT wanted.id, count(placements.article_id) AS size, count(published_at) = 0 AS undated,
               coalesce(min(published_at), min(sort_at)) AS first_at,
               coalesce(max(published_at), min(sort_at)) AS last_at
        FROM unnest(%(ids)s::bigint[]) AS wanted (id)
        LEFT JOIN placements ON placements.story_id = wanted.id
        GROUP BY wanted.id
    ) AS counted
    WHERE stories.id = counted.id
    RETURNING theme_id
"""

_RECOUNT_THEMES = """
    UPDATE themes SET size = counted.size, first_at = coalesce(counted.first_at, themes.first_at),
                      last_at = coalesce(counted.last_at, themes.last_at), undated = counted.undated,
                      updated_at = now()
    FROM (
        -- by the articles that have a date, where there is one: undated ones neither begin nor revive a theme
        SELECT wanted.id, count(placements.article_id) AS size, count(published_at) = 0 AS undated,
               coalesce(min(published_at), min(sort_at)) AS first_at,
               coalesce(max(published_at), min(sort_at)) AS last_at
        FROM unnest(%(ids)s::bigint[]) AS wanted (id)
        LEFT JOIN stories ON stories.theme_id = wanted.id
        LEFT JOIN placements ON placements.story_id = stories.id
        GROUP BY wanted.id
    ) AS counted
    WHERE themes.id = counted.id
"""


_VACATE = """
    UPDATE stories SET vacated_by = left_.article
    FROM unnest(%(articles)s::bigint[], %(stories)s::bigint[]) AS left_ (article, story)
    WHERE stories.id = left_.story AND NOT EXISTS (SELECT FROM placements WHERE story_id = left_.story)
"""


def remove_placements(session: Session, ids: Sequence[int]) -> set[int]:
    """Take articles out of their stories, and return those; call under the assignment lock."""
    leaving = delete(Placement).where(Placement.article_id.in_(ids)).returning(Placement.article_id, Placement.story_id)
    left = {row.article_id: row.story_id for row in session.execute(leaving)}
    release_copies(session, ids)
    execute(session, _VACATE, {"articles": list(left), "stories": list(left.values())})
    return set(left.values())


def recount(session: Session, stories: Iterable[int]) -> list[int]:
    """Give stories that articles left, and their themes, the sizes and times of what remains; return the themes."""
    themes = sorted({row[0] for row in fetch(session, _RECOUNT_STORIES, {"ids": sorted(stories)})})
    recount_themes(session, themes)
    return themes


def recount_themes(session: Session, themes: Iterable[int]) -> None:
    """Give themes the sizes and times of the articles that their stories have."""
    execute(session, _RECOUNT_THEMES, {"ids": sorted(themes)})


def redirect_themes(session: Session, absorbed: Sequence[tuple[int, int]]) -> None:
    """Themes that became part of another give it their stories, and lead to it."""
    for old, new in absorbed:
        session.execute(update(Story).where(Story.theme_id == old).values(theme_id=new))
        _lead(session, Theme, old, new)


def redirect_stories(session: Session, emptied: Sequence[tuple[int, int]]) -> None:
    """Stories that lost their last article lead to the story it went to; so does a theme left empty."""
    for old, new in emptied:
        _lead(session, Story, old, new)
        left, joined = (session.get_one(Story, id_).theme_id for id_ in (old, new))
        if left != joined and session.get_one(Theme, left, populate_existing=True).size == 0:
            redirect_themes(session, [(left, joined)])


def _lead(session: Session, table: type[Story] | type[Theme], old: int, new: int) -> None:
    """What led to `old` leads to `new` from now on, so that no redirect takes more than one step."""
    leading = (table.id == old) | (table.merged_into == old)
    session.execute(update(table).where(leading).values(merged_into=new))


def sizes_around(session: Session, articles: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the sizes of the stories and of the themes that these articles are in."""
    rows = session.execute(
        select(Story.id, Story.size, Theme.id, Theme.size)
        .join(Theme, Theme.id == Story.theme_id)
        .where(Story.id.in_(select(Placement.story_id).where(Placement.article_id.in_(articles))))
    ).all()
    return {row[0]: row[1] for row in rows}, {row[2]: row[3] for row in rows}
