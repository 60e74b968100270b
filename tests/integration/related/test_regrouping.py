"""Stories and themes that are one are merged, those that fell apart are split, and every id goes on leading on."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from integration.related.scene import CHESS, FLOOD, MONDAY, Scene
from themeline.related.core.evidence import STORY_SAMPLE
from themeline.related.core.regrouping import Merged, Split, Suspects
from themeline.related.regroup import Changes, put_right
from themeline.related.store import groups
from themeline.related.store.regrouping import story_members
from themeline.shared.db import unit_of_work
from themeline.shared.models import Placement, Story, Theme

AGAIN = (
    "Inquiry into the Brennach flood hears the Orlenz Water Board",
    (
        "Fire chief Matti Kroll told the inquiry into the flood of Brennach that the Orlenz Water Board had known of "
        "the gates of the Hollin barrage. Four people were killed when the Orlenz broke through its embankments. "
        "Engineers had warned of rust, and residents of Brennach still shovel mud."
    ),
)

NAMES = [
    f"{first}{last}" for first in ("Ald", "Ber", "Cor", "Dun", "Ed", "Fen") for last in ("am", "ik", "os", "ur", "yn")
]


def tear(scene: Scene, ids: Sequence[int], *, theme: bool = False) -> int:
    """Put stored articles into a story of their own, as two batches side by side might have; return the story."""
    with unit_of_work(scene.sessions) as session:
        old = session.get_one(Story, session.get_one(Placement, ids[0]).story_id)
        values = {"size": 0, "first_at": old.first_at, "last_at": old.last_at, "label": "torn off"}
        home = Theme(**values) if theme else session.get_one(Theme, old.theme_id)
        session.add(home)
        session.flush()
        born = Story(theme_id=home.id, **values)
        session.add(born)
        session.flush()
        _move(session, ids, born.id)
        return born.id


def throw_together(scene: Scene, ids: Sequence[int], story: Story) -> None:
    """Put stored articles into a story where they do not belong, as a chain of loose ties might have."""
    with unit_of_work(scene.sessions) as session:
        emptied = _move(session, ids, story.id) - {story.id}
        groups.redirect_stories(session, [(old, story.id) for old in emptied])


def _move(session: Session, ids: Sequence[int], story: int) -> set[int]:
    placed = Placement.article_id.in_(ids)
    left = {*session.scalars(select(Placement.story_id).where(placed))}
    session.execute(update(Placement).where(placed).values(story_id=story))
    groups.recount(session, {story, *left})
    return left


def check(scene: Scene) -> None:
    """Sizes are right, what is empty leads on, and no redirect takes more than a step."""
    with scene.sessions() as session:
        counted = dict(session.execute(select(Placement.story_id, func.count()).group_by(Placement.story_id)).all())
        themes: dict[int, int] = {}
        for story in session.scalars(select(Story)):
            assert story.size == counted.get(story.id, 0)
            assert not (story.size and story.merged_into)
            themes[story.theme_id] = themes.get(story.theme_id, 0) + story.size
            if story.merged_into:
                assert session.get_one(Story, story.merged_into).merged_into is None
        for theme in session.scalars(select(Theme)):
            assert theme.size == themes.get(theme.id, 0)
            assert not (theme.size and theme.merged_into)
            if theme.merged_into:
                assert session.get_one(Theme, theme.merged_into).merged_into is None


@pytest.mark.parametrize("theme", [False, True])
def test_two_stories_on_one_event_are_merged_with_the_next_article(scene: Scene, *, theme: bool) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    kept = scene.story(ids[0])
    torn = tear(scene, ids[2:3], theme=theme)
    last = scene.push(*AGAIN, at=MONDAY + timedelta(hours=5))
    scene.handle(last)
    assert {scene.story(id_).id for id_ in (*ids, last)} == {kept.id}
    with scene.sessions() as session:
        old = session.get_one(Story, torn)
        assert (old.merged_into, old.size) == (kept.id, 0)
    assert scene.story(last).label != "torn off"
    check(scene)


def test_a_chain_of_merges_leads_to_the_last_story_in_one_step(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    first, second = tear(scene, ids[2:3]), scene.story(ids[0]).id
    with unit_of_work(scene.sessions) as session:
        session.add(Story(theme_id=scene.story(ids[0]).theme_id, label="", size=0, merged_into=first,
                          first_at=MONDAY, last_at=MONDAY))  # fmt: skip
    scene.handle(scene.push(*AGAIN, at=MONDAY + timedelta(hours=5)))
    with scene.sessions() as session:
        assert set(session.scalars(select(Story.merged_into).where(Story.merged_into.is_not(None)))) == {second}
    check(scene)


def test_a_story_that_fell_apart_is_split_and_the_new_one_says_where_it_came_from(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    scene.handle(*flood, *chess)
    whole = scene.story(flood[0])
    throw_together(scene, chess, whole)
    scene.withdraw(flood[3])
    handled = scene.handle(flood[3])
    assert handled.result.suspects == Suspects(stories=frozenset({whole.id}), themes=frozenset({whole.theme_id}))
    part = scene.story(chess[0])
    assert part.id != whole.id
    assert (part.split_from, part.size, scene.story(chess[1]).id) == (whole.id, 2, part.id)
    assert {scene.story(id_).id for id_ in flood[:3]} == {whole.id}
    assert part.label in {title for title, _ in CHESS}
    check(scene)


def test_copies_go_with_their_original_when_a_story_is_split(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all([*CHESS, CHESS[0]])
    scene.handle(*flood, *chess)
    throw_together(scene, chess, scene.story(flood[0]))
    scene.withdraw(flood[3])
    scene.handle(flood[3])
    assert {scene.story(id_).id for id_ in chess} == {scene.story(chess[0]).id} != {scene.story(flood[0]).id}
    check(scene)


def test_a_theme_of_two_subjects_is_split(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    scene.handle(*flood, *chess)
    whole, other = scene.theme(flood[0]), scene.theme(chess[0])
    with unit_of_work(scene.sessions) as session:
        session.execute(update(Story).where(Story.theme_id == other.id).values(theme_id=whole.id))
        session.execute(update(Theme).where(Theme.id == whole.id).values(size=whole.size + other.size))
        session.execute(update(Theme).where(Theme.id == other.id).values(size=0, merged_into=whole.id))
    scene.handle(scene.push(*AGAIN, at=MONDAY + timedelta(hours=5)), *_changed(scene, flood[0]))
    part = scene.theme(chess[0])
    assert (part.split_from, part.size) == (whole.id, 2)
    assert scene.theme(flood[1]).id == whole.id
    check(scene)


def test_a_theme_that_became_part_of_another_is_empty_and_leads_there(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    kept = scene.theme(ids[0])
    tear(scene, ids[2:], theme=True)
    with unit_of_work(scene.sessions) as session:
        other = session.get_one(Story, session.get_one(Placement, ids[2]).story_id).theme_id
        pair = Suspects(theme_pairs=frozenset({(kept.id, other)}))
        changes = put_right(session, pair, 720.0)
    assert changes == Changes((), (Merged(other, kept.id),))
    assert {scene.theme(id_).id for id_ in ids} == {kept.id}
    assert scene.theme(ids[0]).size == 4
    check(scene)


def _changed(scene: Scene, id_: int) -> list[int]:
    scene.change(id_, title="Orlenz floods Brennach, thousands leave")
    return [id_]


def test_putting_right_twice_changes_nothing(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    tear(scene, ids[2:3], theme=True)
    handled = scene.pipeline.handle([scene.push(*AGAIN, at=MONDAY + timedelta(hours=5))])
    first, second = scene.pipeline.put_right(handled), scene.pipeline.put_right(handled)
    assert [type(change) for change in first.stories] == [Merged]
    assert (second.stories, second.themes) == ((), ())
    assert not any(isinstance(change, Split) for change in (*first.stories, *first.themes))
    check(scene)


def test_merging_leaves_nothing_locked_and_says_nothing_when_all_is_well(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    handled = scene.handle(*flood, *chess)
    assert scene.pipeline.put_right(handled).stories == ()
    assert scene.story(flood[0]).id != scene.story(chess[0]).id
    check(scene)


def test_of_articles_of_one_minute_the_last_to_arrive_stand_for_their_story(scene: Scene) -> None:
    """As in the engine that keeps stories in memory."""
    ids = [scene.push(f"{name} of Brennach") for name in NAMES]
    scene.handle(*ids)
    whole = scene.story(ids[0])
    throw_together(scene, ids, whole)
    with scene.sessions() as session:
        members = story_members(session, [whole.id])
    assert [member.article for member in members] == ids[-STORY_SAMPLE:]
