"""Labels of stories and themes: made of their own headlines, and of none that nobody may see yet."""

from datetime import UTC, datetime, timedelta

from integration.related.scene import CHESS, FLOOD, MONDAY, Scene
from themeline.related.core.labels import MAX_MEMBERS
from themeline.related.store.labels import relabel_themes
from themeline.shared.db import unit_of_work
from themeline.shared.models import Story

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


def test_a_theme_has_a_label_however_many_stories_were_merged_away_in_it(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    theme, later = scene.theme(ids[0]), MONDAY + timedelta(days=1)
    with unit_of_work(scene.sessions) as session:
        empty = {"theme_id": theme.id, "label": "", "size": 0, "first_at": later, "last_at": later}
        session.add_all(Story(**empty, merged_into=scene.story(ids[0]).id) for _ in range(MAX_MEMBERS))
    with unit_of_work(scene.sessions) as session:
        relabel_themes(session, [theme.id])
    assert scene.theme(ids[0]).label == theme.label != ""


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
