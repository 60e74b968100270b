"""Labels of stories and themes: made of their own headlines, and of none that nobody may see yet."""

from datetime import UTC, datetime, timedelta

from integration.related.scene import CHESS, FLOOD, MONDAY, Scene

LATER = datetime.now(UTC) + timedelta(hours=3)


def test_a_story_has_one_of_its_headlines_as_label(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    assert scene.story(ids[0]).label in {title for title, _ in FLOOD}
    assert scene.theme(ids[0]).label


def test_a_label_follows_the_headline_that_is_corrected(scene: Scene) -> None:
    ids = scene.push_all(FLOOD * 2)
    scene.handle(*ids)
    label = scene.story(ids[0]).label
    for id_, (title, _) in zip(ids, FLOOD * 2, strict=True):
        if title == label:
            scene.change(id_, title=title.replace("Brennach", "Brennach-on-Orlenz"))
            scene.handle(id_)
    assert scene.story(ids[0]).label != label


def test_an_embargoed_headline_is_in_no_label_while_others_are_visible(scene: Scene) -> None:
    shown = scene.push(*CHESS[0], at=datetime.now(UTC) - timedelta(hours=1))
    hidden = scene.push("Ilves has resigned the title match", CHESS[1][1], at=LATER, embargo_until=LATER)
    scene.handle(shown)
    scene.handle(hidden)
    assert scene.story(hidden).id == scene.story(shown).id
    assert (scene.story(shown).label, scene.theme(shown).label) == (CHESS[0][0], CHESS[0][0])


def test_a_story_of_embargoed_articles_is_named_after_the_one_that_becomes_visible_first(scene: Scene) -> None:
    late = scene.push(*CHESS[0], at=LATER + timedelta(hours=1), embargo_until=LATER + timedelta(hours=1))
    soon = scene.push(*CHESS[1], at=LATER, embargo_until=LATER)
    scene.handle(late, soon)
    assert scene.story(late).id == scene.story(soon).id
    assert scene.story(soon).label == CHESS[1][0]
    assert scene.theme(soon).label == CHESS[1][0]


def test_an_embargo_that_is_over_hides_nothing(scene: Scene) -> None:
    (id_,) = [scene.push(*CHESS[0], embargo_until=MONDAY)]
    scene.handle(id_)
    assert scene.story(id_).label == CHESS[0][0]
