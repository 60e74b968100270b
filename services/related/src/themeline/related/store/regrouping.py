"""Merges and splits: what stands for the groups in question is read, what was decided is written."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from themeline.related.core.evidence import STORY_SAMPLE, THEME_SAMPLE, THEME_STORIES, Member, Pair
from themeline.related.core.regrouping import Merged, Split
from themeline.related.core.stories import Group
from themeline.related.store import groups
from themeline.related.store.binary import execute, fetch
from themeline.shared.models import Story, Theme

_HOURS = "coalesce(extract(epoch FROM published_at)::float8 / 3600, 'NaN')"

_STORY_MEMBERS = f"""
    SELECT wanted.id, member.article_id, member.article_id, member.hours
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT article_id, {_HOURS} AS hours FROM placements
        WHERE story_id = wanted.id AND duplicate_of IS NULL
        ORDER BY sort_at DESC, article_id DESC
        LIMIT %(articles)s
    ) AS member
    ORDER BY wanted.id, member.hours, member.article_id
"""  # noqa: S608  made of constants alone

_THEME_MEMBERS = f"""
    SELECT wanted.id, story.id, member.article_id, member.hours
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT id, last_at FROM stories
        WHERE theme_id = wanted.id AND size > 0
        ORDER BY last_at DESC, id DESC
        LIMIT %(stories)s
    ) AS story
    CROSS JOIN LATERAL (
        SELECT article_id, {_HOURS} AS hours FROM placements
        WHERE story_id = story.id AND duplicate_of IS NULL
        ORDER BY sort_at DESC, article_id DESC
        LIMIT %(articles)s
    ) AS member
    ORDER BY wanted.id, story.last_at, story.id, member.hours, member.article_id
"""  # noqa: S608  made of constants alone

_PROBABILITIES = {
    level: f"""
        SELECT wanted.high, wanted.low, found.{level}
        FROM unnest(%(high)s::bigint[], %(low)s::bigint[]) AS wanted (high, low)
        -- LIMIT 1 keeps the planner from reading the whole table for many pairs
        CROSS JOIN LATERAL (
            SELECT {level} FROM relations WHERE high = wanted.high AND low = wanted.low LIMIT 1
        ) AS found
    """  # noqa: S608  the name of a column
    for level in ("story", "theme")
}

_MOVE_ARTICLES = """
    UPDATE placements SET story_id = %(new)s
    WHERE story_id = %(old)s AND (article_id = ANY(%(ids)s::bigint[]) OR duplicate_of = ANY(%(ids)s::bigint[]))
"""


def story_members(session: Session, stories: Iterable[int]) -> list[Member]:
    """What stands for each story: its latest originals, oldest first."""
    return _members(session, _STORY_MEMBERS, stories, articles=STORY_SAMPLE)


def theme_members(session: Session, themes: Iterable[int]) -> list[Member]:
    """What stands for each theme: the latest originals of its latest stories, oldest story first."""
    return _members(session, _THEME_MEMBERS, themes, articles=THEME_SAMPLE, stories=THEME_STORIES)


def _members(session: Session, sql: str, ids: Iterable[int], **limits: int) -> list[Member]:
    return [Member(*row) for row in fetch(session, sql, {"ids": sorted(ids), **limits})]


def probabilities(session: Session, level: str, pairs: Sequence[Pair]) -> dict[Pair, float]:
    """The probability, of "story" or "theme", of each of these pairs that has a relation."""
    wanted = {"high": [high for high, _ in pairs], "low": [low for _, low in pairs]}
    return {(high, low): value for high, low, value in fetch(session, _PROBABILITIES[level], wanted)}


def change_stories(session: Session, changes: Sequence[Merged | Split]) -> list[int]:
    """Carry out merges and splits of stories; return the stories whose articles are others now."""
    changed: set[int] = set()
    for change in changes:
        if isinstance(change, Merged):
            execute(
                session,
                "UPDATE placements SET story_id = %(new)s WHERE story_id = %(old)s",
                {"old": change.old, "new": change.new},
            )
            changed |= {change.old, change.new}
        else:
            new = _open_story(session, change.group)
            execute(session, _MOVE_ARTICLES, {"old": change.group, "new": new, "ids": list(change.leaving)})
            changed |= {change.group, new}
    if changed:
        groups.recount(session, changed)
        merged = [(change.old, change.new) for change in changes if isinstance(change, Merged)]
        groups.redirect_stories(session, merged)
    return sorted(changed)


def _open_story(session: Session, parent: int) -> int:
    found = session.get_one(Story, parent)
    born = Story(theme_id=found.theme_id, label="", size=0, first_at=found.first_at, last_at=found.last_at)
    born.split_from = parent
    session.add(born)
    session.flush()
    return born.id


def change_themes(session: Session, changes: Sequence[Merged | Split]) -> list[int]:
    """Carry out merges and splits of themes; return the themes whose stories are others now."""
    changed: set[int] = set()
    for change in changes:
        if isinstance(change, Merged):
            groups.redirect_themes(session, [(change.old, change.new)])
            changed |= {change.old, change.new}
        else:
            new = _open_theme(session, change.group)
            execute(
                session,
                "UPDATE stories SET theme_id = %(new)s WHERE id = ANY(%(ids)s::bigint[])",
                {"new": new, "ids": list(change.leaving)},
            )
            changed |= {change.group, new}
    if changed:
        groups.recount_themes(session, changed)
    return sorted(changed)


def _open_theme(session: Session, parent: int) -> int:
    found = session.get_one(Theme, parent)
    born = Theme(label="", size=0, first_at=found.first_at, last_at=found.last_at, split_from=parent)
    session.add(born)
    session.flush()
    return born.id


def themes_of(session: Session, stories: Iterable[int]) -> list[int]:
    """The themes that these stories are in."""
    return sorted(session.scalars(select(Story.theme_id).where(Story.id.in_(list(stories))).distinct()))


def load_groups(session: Session, table: type[Story] | type[Theme], ids: Iterable[int]) -> dict[int, Group]:
    """The stories or themes as they are now; those that were merged away or are empty are none."""
    rows = fetch(session, groups.GROUPS[table.__tablename__], {"ids": sorted(ids)})
    return {row[0]: Group(*row[:5]) for row in rows if row[1]}
