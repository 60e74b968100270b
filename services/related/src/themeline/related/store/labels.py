"""Labels of stories and themes, made anew as they grow."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from themeline.related.core.labels import MAX_MEMBERS, Member, story_label, theme_label
from themeline.related.store.binary import fetch
from themeline.shared.models import Story, Theme

# A label is made again when its group grows past one of these sizes, or a multiple of the last: it
# settles as the group grows, and a group of thousands costs no more than one of ten.
RELABEL_AT = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
RELABEL_EVERY = 100


def label_is_due(before: int, after: int) -> bool:
    """Say whether a group that grew, or changed, from `before` to `after` articles needs a new label."""
    if before == after:
        return after <= RELABEL_AT[2]
    passed = any(before < size <= after for size in RELABEL_AT)
    return passed or before // RELABEL_EVERY != after // RELABEL_EVERY


# A headline is told to nobody before its time. A story becomes visible with the first of its articles:
# its label is made of those that are visible by then, and so is a theme's.
_STORY_MEMBERS = """
    SELECT wanted.id, member.title, member.names, member.terms, member.visible_from
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT articles.title, placements.names, placements.terms,
               greatest(articles.embargo_until, now()) AS visible_from
        FROM placements JOIN articles ON articles.id = placements.article_id
        WHERE placements.story_id = wanted.id AND articles.withdrawn_at IS NULL
          AND placements.duplicate_of IS NULL
        ORDER BY visible_from, placements.sort_at DESC, placements.article_id
        LIMIT %(limit)s
    ) AS member
"""

_THEME_MEMBERS = """
    SELECT wanted.id, member.title, member.names, member.terms, member.visible_from
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT articles.title, placements.names, placements.terms,
               greatest(articles.embargo_until, now()) AS visible_from
        FROM (
            SELECT id FROM stories WHERE theme_id = wanted.id AND size > 0
            ORDER BY last_at > now(), last_at DESC, id DESC
            LIMIT %(limit)s
        ) AS story
        JOIN placements ON placements.story_id = story.id
        JOIN articles ON articles.id = placements.article_id
        WHERE articles.withdrawn_at IS NULL AND placements.duplicate_of IS NULL
        ORDER BY visible_from, placements.sort_at DESC, placements.article_id
        LIMIT %(limit)s
    ) AS member
"""


def relabel_stories(session: Session, ids: Sequence[int]) -> None:
    """Make the labels of these stories from their members' headlines."""
    _save(session, Story, _labels(session, Story, _STORY_MEMBERS, ids, story_label))


def relabel_themes(session: Session, ids: Sequence[int]) -> None:
    """Make the labels of these themes from their members' names, terms and headlines."""
    _save(session, Theme, _labels(session, Theme, _THEME_MEMBERS, ids, theme_label))


def _labels(
    session: Session,
    table: type[Story | Theme],
    sql: str,
    ids: Sequence[int],
    make: Callable[[Sequence[Member], str], str],
) -> dict[int, str]:
    """Labels by group; one without members, all withdrawn, keeps no headline of theirs."""
    if not ids:
        return {}
    current = {row.id: row.label for row in session.execute(select(table.id, table.label).where(table.id.in_(ids)))}
    members: dict[int, list[Member]] = {id_: [] for id_ in ids}
    first: dict[int, datetime] = {}
    rows = fetch(session, sql, {"ids": sorted(ids), "limit": MAX_MEMBERS})
    for id_, title, names, terms, visible_from in rows:
        if visible_from == first.setdefault(id_, visible_from):
            members[id_].append(Member(title, tuple(names), tuple(terms)))
    return {id_: make(found, current.get(id_, "")) for id_, found in members.items()}


def _save(session: Session, table: type[Story | Theme], labels: dict[int, str]) -> None:
    if labels:
        session.execute(update(table), [{"id": id_, "label": label} for id_, label in sorted(labels.items())])
