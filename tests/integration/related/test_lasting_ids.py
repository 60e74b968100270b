"""Stories keep their ids and their times while articles leave, return, change and come late."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from integration.related.scene import CHESS, FLOOD, MONDAY, Scene
from themeline.shared.models import Story


def test_a_storys_only_article_finds_its_story_again_when_it_is_restored(scene: Scene) -> None:
    (id_,) = scene.push_all(CHESS[:1])
    scene.handle(id_)
    story, theme = scene.story(id_), scene.theme(id_)
    for act in (scene.withdraw, scene.restore):
        act(id_)
        scene.handle(id_)
    assert (scene.story(id_).public_id, scene.theme(id_).public_id) == (story.public_id, theme.public_id)
    assert (scene.story(id_).size, scene.theme(id_).size) == (1, 1)
    assert scene.story(id_).label == story.label


def test_the_empty_story_of_an_article_that_returns_to_another_leads_there(scene: Scene) -> None:
    first, second = scene.push_all(CHESS)
    scene.handle(first)
    left = scene.story(first).id
    scene.withdraw(first)
    scene.handle(first)
    scene.handle(second)
    scene.restore(first)
    scene.handle(first)
    assert scene.story(first).id == scene.story(second).id != left
    with scene.sessions() as session:
        assert session.get_one(Story, left).merged_into == scene.story(second).id


def test_an_empty_story_waits_for_nobody_else(scene: Scene) -> None:
    first, second = scene.push_all(CHESS)
    scene.handle(first)
    left = scene.story(first).id
    scene.withdraw(first)
    scene.handle(first)
    scene.handle(second)
    assert scene.story(second).id != left


def test_a_story_and_theme_founded_by_an_undated_article_take_the_time_of_the_first_dated_one(scene: Scene) -> None:
    undated = scene.push(*FLOOD[0], at=None)
    scene.handle(undated)
    assert scene.story(undated).undated
    dated = scene.push(*FLOOD[1], at=MONDAY)
    scene.handle(dated)
    assert scene.story(dated).id == scene.story(undated).id
    for group in (scene.story(dated), scene.theme(dated)):
        assert (group.first_at, group.last_at, group.undated) == (MONDAY, MONDAY, False)


def test_a_late_article_lands_in_its_story_and_never_moves_its_end(scene: Scene) -> None:
    ids = scene.push_all(FLOOD[1:], start=MONDAY + timedelta(hours=6))
    scene.handle(*ids)
    end = scene.story(ids[0]).last_at
    late = scene.push(*FLOOD[0], at=MONDAY)
    scene.handle(late)
    assert scene.story(late).id == scene.story(ids[0]).id
    assert (scene.story(late).first_at, scene.story(late).last_at) == (MONDAY, end)


def test_an_article_that_becomes_another_leaves_its_story(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    scene.handle(*flood, *chess)
    scene.change(flood[0], title=CHESS[0][0] + ", an upset", text=CHESS[1][1] + " Porvay had not seen it for years.")
    scene.handle(flood[0])
    assert scene.story(flood[0]).id == scene.story(chess[0]).id != scene.story(flood[1]).id
    assert (scene.story(flood[1]).size, scene.story(chess[0]).size) == (3, 3)


def test_messages_in_any_order_lead_to_the_same_stories(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    for id_ in (flood[3], chess[1], flood[0], flood[2], chess[0], flood[1]):
        scene.handle(id_)
    assert len({scene.story(id_).id for id_ in flood}) == len({scene.story(id_).id for id_ in chess}) == 1
    with scene.sessions() as session:
        live = session.scalars(select(Story).where(Story.merged_into.is_(None))).all()
    assert sorted(story.size for story in live) == [2, 4]
    assert all(story.last_at < datetime.now(UTC) for story in live)
