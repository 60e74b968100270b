"""Stories and themes put right after a batch: merged where they turn out to be one, split where they fell apart.

Looked at without any lock first; only where something is to be done, again under the assignment lock.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from themeline.related.core.evidence import Member, Pair, Question, gather, pairs_of
from themeline.related.core.regrouping import STORIES, THEMES, Merged, Rules, Split, Suspects, regroup
from themeline.related.core.stories import Group
from themeline.related.store import groups, labels
from themeline.related.store import regrouping as store
from themeline.shared.models import Story, Theme


@dataclass(frozen=True, slots=True)
class Level:
    """What differs between stories and themes."""

    name: str
    table: type[Story] | type[Theme]
    members: Callable[[Session, Iterable[int]], list[Member]]
    rules: Rules


STORY = Level("story", Story, store.story_members, STORIES)
THEME = Level("theme", Theme, store.theme_members, THEMES)


@dataclass(frozen=True, slots=True)
class Changes:
    """The merges and splits that were carried out."""

    stories: tuple[Merged | Split, ...] = ()
    themes: tuple[Merged | Split, ...] = ()


def put_right(session: Session, suspects: Suspects, horizon: float) -> Changes:
    """Merge and split what the suspicions prove right about; `horizon` is in hours."""
    if not any(_decide(session, suspects, level, horizon) for level in (STORY, THEME)):
        return Changes()
    groups.lock_assignment(session)
    stories = _decide(session, suspects, STORY, horizon)
    changed = store.change_stories(session, stories)
    themes = _decide(session, suspects, THEME, horizon)
    renewed = {*store.change_themes(session, themes), *store.themes_of(session, changed)}
    labels.relabel_stories(session, changed)
    labels.relabel_themes(session, sorted(renewed))
    return Changes(tuple(stories), tuple(themes))


def _decide(session: Session, suspects: Suspects, level: Level, horizon: float) -> list[Merged | Split]:
    pairs, looks = (
        (suspects.story_pairs, suspects.stories) if level is STORY else (suspects.theme_pairs, suspects.themes)
    )
    known = store.load_groups(session, level.table, {*looks, *(id_ for pair in pairs for id_ in pair)})
    there = [pair for pair in pairs if known.keys() >= {*pair}]
    asked = level.rules.questions(there, [id_ for id_ in looks if id_ in known], known)
    members = level.members(session, known)
    by_question = [[member for member in members if member.group in question.ids] for question in asked]
    wanted = [pair for own in by_question for pair in pairs_of(own)]
    relations = store.probabilities(session, level.name, wanted) if wanted else {}
    return [
        change
        for question, own in zip(asked, by_question, strict=True)
        for change in _answer(question, known, own, relations, level.rules, horizon)
    ]


def _answer(
    question: Question,
    known: dict[int, Group],
    members: Sequence[Member],
    relations: dict[Pair, float],
    rules: Rules,
    horizon: float,
) -> list[Merged | Split]:
    own = {id_: known[id_] for id_ in question.ids}
    return regroup(question, gather(own, members, relations, horizon), rules)
