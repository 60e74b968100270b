"""The serial part of relating: stories, themes and duplicates of a batch, one transaction at a time."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from themeline.related.core.corpus import Corpus, Rows
from themeline.related.core.placements import Placing
from themeline.related.core.regrouping import Suspects
from themeline.related.core.relations import Scored
from themeline.related.core.standing import Table
from themeline.related.store import groups, labels, relations, work
from themeline.related.store.features import Prepared
from themeline.related.store.groups import PlacementRow
from themeline.related.store.standing import Surroundings, load_surroundings
from themeline.shared.models import Story, Theme


def assign(
    session: Session,
    prepared: Sequence[Prepared],
    corpus: Corpus,
    sort_hours: npt.NDArray[np.float64],
    scored: Mapping[int, Scored],
    epoch: int,
) -> tuple[list[tuple[int, str]], Suspects]:
    """Place the articles, whose features the transaction holds; return the new outcomes, and what to look at after."""
    articles = [item.article for item in prepared]
    groups.lock_assignment(session)
    groups.release_copies(session, [article.id for article in articles if article.version > 1])
    around = load_surroundings(session, corpus.ids)
    rows = corpus.rows([article.id for article in articles])
    _drop_withdrawn(session, rows, corpus, around)
    stories, themes = Table(around.stories), Table(around.themes)
    placing = Placing(corpus, around.standing, sort_hours, stories, themes, around.theme_of, around.vacated)
    for article, row in zip(articles, rows.tolist(), strict=True):
        placing.place(row, scored[article.id])
    suspects = _save(session, placing, {item.article.id: item for item in prepared}, epoch)
    _relabel(session, [article.id for article in articles], around)
    renew(session, {*around.standing.stories[rows].tolist()} - {0})
    return work.decide(session, {article.id: article.version for article in articles}, "ready"), suspects


def _drop_withdrawn(session: Session, own: Rows, corpus: Corpus, around: Surroundings) -> None:
    """A candidate that was withdrawn while it was being scored gets no relation; only unplaced ones can be."""
    unplaced = around.standing.stories == 0
    unplaced[own] = False
    if unplaced.any():
        relations.drop_relations(session, work.withdrawn(session, corpus.ids[unplaced].tolist()))


def _save(session: Session, placing: Placing, prepared: Mapping[int, Prepared], epoch: int) -> Suspects:
    stories, themes = _store_groups(session, placing)
    rows = [
        PlacementRow(
            placed.id,
            prepared[placed.id].article.version,
            stories.get(placed.story, placed.story),
            placed.duplicate_of or None,
            prepared[placed.id].event_dates,
        )
        for placed in placing.placed
    ]
    groups.save_placements(session, rows, epoch)
    groups.move_copies(session, placing.moved)
    groups.redirect_stories(session, [(stories.get(old, old), stories.get(new, new)) for old, new in placing.emptied])
    return placing.suspects().renamed(stories, themes)


def _store_groups(session: Session, placing: Placing) -> tuple[dict[int, int], dict[int, int]]:
    """Store what the batch changed; return the ids of new stories and new themes by their provisional ones."""
    themes = [placing.themes[id_] for id_ in sorted(placing.touched_themes)]
    stories = [placing.stories[id_] for id_ in sorted(placing.touched_stories)]
    theme_ids = groups.create_themes(session, [theme for theme in themes if theme.id < 0])
    fresh = [story for story in stories if story.id < 0]
    parents = [placing.theme_of[story.id] for story in fresh]
    story_ids = groups.create_stories(session, fresh, [theme_ids.get(id_, id_) for id_ in parents])
    groups.update_groups(session, Theme, [theme for theme in themes if theme.id > 0])
    groups.update_groups(session, Story, [story for story in stories if story.id > 0])
    return story_ids, theme_ids


def _relabel(session: Session, articles: Sequence[int], before: Surroundings) -> None:
    """Make the labels that are due among the stories and themes of these articles."""
    stories, themes = groups.sizes_around(session, articles)
    labels.relabel_stories(session, _due(before.stories.by_id(), stories))
    labels.relabel_themes(session, _due(before.themes.by_id(), themes))


def renew(session: Session, stories: set[int]) -> list[int]:
    """Count and label stories anew whose articles changed or left, and their themes: an old headline goes with them.

    Return the themes.
    """
    if not stories:
        return []
    themes = groups.recount(session, stories)
    labels.relabel_stories(session, sorted(stories))
    labels.relabel_themes(session, themes)
    return themes


def _due(before: Mapping[int, int], after: Mapping[int, int]) -> list[int]:
    return [id_ for id_, size in after.items() if labels.label_is_due(before.get(id_, 0), size)]
