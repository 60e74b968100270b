"""Withdrawn articles are gone everywhere at once, and come back when restored."""

from integration.related.scene import CHESS, FLOOD, Scene
from themeline.shared.models import Expansion, FeatureRow, Placement, Posting, Relation, Vector


def test_a_withdrawn_article_leaves_every_box_story_and_search(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    scene.withdraw(ids[0])
    scene.handle(ids[0])
    for table in (FeatureRow, Vector, Expansion, Placement):
        assert scene.count(table) == 3
    assert scene.related(ids[1]) == {ids[2], ids[3]}
    assert (scene.story(ids[1]).size, scene.theme(ids[1]).size) == (3, 3)
    with scene.sessions() as session:
        assert not session.query(Posting).filter_by(article_id=ids[0]).count()
        assert not session.query(Relation).filter((Relation.high == ids[0]) | (Relation.low == ids[0])).count()


def test_a_withdrawal_gets_its_outcome_once(scene: Scene) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    scene.handle(id_)
    scene.withdraw(id_)
    first, second = scene.handle(id_), scene.handle(id_)
    assert [decided.outcome for decided in first.result.decided] == ["withdrawn"]
    assert second.result.decided == ()
    assert scene.outcomes() == {(id_, 1): "ready", (id_, 2): "withdrawn"}


def test_an_article_withdrawn_before_it_was_related_is_never_placed(scene: Scene) -> None:
    ids = scene.push_all(FLOOD[:2])
    scene.withdraw(ids[0])
    scene.handle(*ids)
    assert scene.outcomes() == {(ids[0], 1): "superseded", (ids[0], 2): "withdrawn", (ids[1], 1): "ready"}
    assert scene.placement(ids[0]) is None


def test_a_restored_article_is_back_in_every_box(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    story = scene.story(ids[1]).public_id
    for act in (scene.withdraw, scene.restore):
        act(ids[0])
        scene.handle(ids[0])
    assert scene.related(ids[0]) == set(ids[1:])
    assert scene.related(ids[1]) == set(ids) - {ids[1]}
    assert scene.story(ids[0]).public_id == story
    assert scene.story(ids[0]).size == 4
    assert scene.outcomes()[ids[0], 3] == "ready"


def test_a_story_takes_its_times_from_the_articles_that_remain(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    scene.withdraw(ids[-1])
    scene.handle(ids[-1])
    assert scene.story(ids[0]).last_at == scene.placed(ids[2]).published_at
    assert scene.theme(ids[0]).last_at == scene.placed(ids[2]).published_at


def test_a_withdrawn_headline_is_in_no_label(scene: Scene) -> None:
    ids = scene.push_all(CHESS)
    scene.handle(*ids)
    label = scene.story(ids[0]).label
    gone = next(id_ for id_, (title, _) in zip(ids, CHESS, strict=True) if title == label)
    (stays,) = set(ids) - {gone}
    scene.withdraw(gone)
    scene.handle(gone)
    assert label not in {scene.story(stays).label, scene.theme(stays).label}


def test_the_last_article_of_a_story_takes_its_headline_with_it(scene: Scene) -> None:
    (id_,) = scene.push_all(CHESS[:1])
    scene.handle(id_)
    story = scene.story(id_)
    scene.withdraw(id_)
    scene.handle(id_)
    with scene.sessions() as session:
        found = session.get_one(type(story), story.id)
    assert (found.label, found.size) == ("", 0)


def test_a_withdrawn_original_hands_its_copies_to_the_earliest_of_them(scene: Scene) -> None:
    original, *copies = scene.push_all([FLOOD[0]] * 4)
    scene.handle(original, *copies)
    assert [scene.placed(copy).duplicate_of for copy in copies] == [original] * 3
    scene.withdraw(original)
    scene.handle(original)
    assert [scene.placed(copy).duplicate_of for copy in copies] == [None, copies[0], copies[0]]


def test_an_original_and_its_first_copy_withdrawn_together_leave_the_next_copy_as_original(scene: Scene) -> None:
    first, second, third, fourth = ids = scene.push_all([FLOOD[0]] * 4)
    scene.handle(*ids)
    scene.withdraw(first)
    scene.withdraw(second)
    scene.handle(first, second)
    assert (scene.placed(third).duplicate_of, scene.placed(fourth).duplicate_of) == (None, third)
