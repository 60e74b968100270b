"""Copies of one text are marked, and point at the earliest."""

from datetime import timedelta

from integration.related.scene import CHESS, FLOOD, MONDAY, Scene

WIRE = FLOOD[0]


def test_a_copy_in_another_paper_points_at_the_original(scene: Scene) -> None:
    first = scene.push(*WIRE)
    second = scene.push(WIRE[0], WIRE[1] + " (Reporting by our own staff)", at=MONDAY + timedelta(hours=2))
    scene.handle(first)
    scene.handle(second)
    assert scene.placed(second).duplicate_of == first
    assert scene.placed(first).duplicate_of is None
    assert scene.story(second).id == scene.story(first).id


def test_an_older_copy_that_arrives_later_becomes_the_original(scene: Scene) -> None:
    late, later = (scene.push(*WIRE, at=MONDAY + timedelta(hours=hours)) for hours in (3, 5))
    scene.handle(late, later)
    assert scene.placed(later).duplicate_of == late
    early = scene.push(*WIRE, at=MONDAY)
    scene.handle(early)
    assert [scene.placed(id_).duplicate_of for id_ in (early, late, later)] == [None, early, early]


def test_copies_in_one_message_have_one_original(scene: Scene) -> None:
    ids = [scene.push(*WIRE, at=MONDAY + timedelta(hours=hours)) for hours in (2, 0, 1)]
    scene.handle(*ids)
    assert [scene.placed(id_).duplicate_of for id_ in ids] == [ids[1], None, ids[1]]


def test_a_copy_that_is_rewritten_is_a_copy_no_more(scene: Scene) -> None:
    first, second = scene.push(*WIRE), scene.push(*WIRE, at=MONDAY + timedelta(hours=1))
    scene.handle(first, second)
    scene.change(second, title=FLOOD[1][0], text=FLOOD[1][1])
    scene.handle(second)
    assert scene.placed(second).duplicate_of is None
    assert scene.story(second).size == 2


def test_an_original_that_is_rewritten_leaves_its_copies_to_themselves(scene: Scene) -> None:
    first, second, third = (scene.push(*WIRE, at=MONDAY + timedelta(hours=hours)) for hours in range(3))
    scene.handle(first, second, third)
    scene.change(first, title=CHESS[0][0], text=CHESS[0][1])
    scene.handle(first)
    assert [scene.placed(id_).duplicate_of for id_ in (first, second, third)] == [None, None, second]
