"""Labels of stories and themes, made anew as they grow."""

from collections.abc import Sequence

from sqlalchemy import update
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


_STORY_MEMBERS = """
    SELECT wanted.id, member.title, member.names, member.terms, member.embargoed
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT articles.title, placements.names, placements.terms,
               coalesce(articles.embargo_until > now(), false) AS embargoed
        FROM placements JOIN articles ON articles.id = placements.article_id
        WHERE placements.story_id = wanted.id AND articles.withdrawn_at IS NULL
          AND placements.duplicate_of IS NULL
        ORDER BY placements.sort_at DESC, placements.article_id
        LIMIT %(limit)s
    ) AS member
"""

_THEME_MEMBERS = """
    SELECT wanted.id, member.title, member.names, member.terms, member.embargoed
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT articles.title, placements.names, placements.terms,
               coalesce(articles.embargo_until > now(), false) AS embargoed
        FROM (
            SELECT id FROM stories WHERE theme_id = wanted.id ORDER BY last_at DESC, id DESC LIMIT %(limit)s
        ) AS story
        JOIN placements ON placements.story_id = story.id
        JOIN articles ON articles.id = placements.article_id
        WHERE articles.withdrawn_at IS NULL AND placements.duplicate_of IS NULL
        ORDER BY placements.sort_at DESC, placements.article_id
        LIMIT %(limit)s
    ) AS member
"""


def relabel_stories(session: Session, ids: Sequence[int]) -> None:
    """Make the labels of these stories from their members' headlines."""
    members = _members(session, _STORY_MEMBERS, ids)
    _save(session, Story, {id_: story_label(found) for id_, found in members.items()})


def relabel_themes(session: Session, ids: Sequence[int]) -> None:
    """Make the labels of these themes from their members' names, terms and headlines."""
    members = _members(session, _THEME_MEMBERS, ids)
    _save(session, Theme, {id_: theme_label(found) for id_, found in members.items()})


def _members(session: Session, sql: str, ids: Sequence[int]) -> dict[int, list[Member]]:
    """Members by group. An embargoed headline is told to nobody, unless the whole group is embargoed."""
    shown: dict[int, list[Member]] = {}
    hidden: dict[int, list[Member]] = {}
    if not ids:
        return shown
    rows = fetch(session, sql, {"ids": sorted(ids), "limit": MAX_MEMBERS})
    for id_, title, names, terms, embargoed in rows:
        members = hidden if embargoed else shown
        members.setdefault(id_, []).append(Member(title, tuple(names), tuple(terms)))
    return {**hidden, **shown}


def _save(session: Session, table: type[Story | Theme], labels: dict[int, str]) -> None:
    if labels:
        session.execute(update(table), [{"id": id_, "label": label} for id_, label in sorted(labels.items())])
