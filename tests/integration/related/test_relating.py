"""Relating: boxes on both sides, stories and themes, whatever order messages come in."""

from datetime import timedelta

from integration.related.scene import CHESS, FLOOD, MONDAY, Scene
from themeline.shared.models import Article, Outcome, Placement, Relation, Story, Theme, Vector

TABLES = (Outcome, Placement, Relation, Story, Theme, Vector)


def test_articles_on_one_event_are_in_each_others_boxes(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    scene.handle(*flood, *chess)
    for id_ in flood:
        assert scene.related(id_) == set(flood) - {id_}
    assert scene.related(chess[0]) == {chess[1]}
    assert scene.story(flood[0]).id != scene.story(chess[0]).id


def test_an_article_that_arrives_later_appears_in_the_boxes_of_older_ones(scene: Scene) -> None:
    first, second = scene.push_all(FLOOD[:2])
    scene.handle(first)
    assert scene.related(first) == set()
    scene.handle(second)
    assert scene.related(first) == {second}
    assert scene.related(second) == {first}


def test_the_same_message_twice_changes_nothing(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    first = scene.handle(*ids)
    before = [scene.count(table) for table in TABLES], scene.story(ids[0]).size
    second = scene.handle(*ids)
    assert len(first.result.decided) == len(ids)
    assert second.result.decided == ()
    assert second.alone == ()
    assert ([scene.count(table) for table in TABLES], scene.story(ids[0]).size) == before


def test_a_message_may_name_an_article_twice_and_one_that_does_not_exist(scene: Scene) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    handled = scene.handle(id_, id_, 999_999)
    assert [(decided.article_id, decided.outcome) for decided in handled.result.decided] == [(id_, "ready")]


def test_each_version_gets_exactly_one_outcome(scene: Scene) -> None:
    seen, skipped = scene.push_all(FLOOD[:2])
    scene.handle(seen)
    scene.change(seen, title="Orlenz bursts its banks at Brennach, five dead")
    scene.change(skipped, title="Brennach evacuated")
    scene.change(skipped, title="Brennach evacuated as the Orlenz rises")
    handled = scene.handle(seen, skipped)
    assert scene.outcomes() == {
        (seen, 1): "ready",
        (seen, 2): "ready",
        (skipped, 1): "superseded",
        (skipped, 2): "superseded",
        (skipped, 3): "ready",
    }
    assert len(handled.result.decided) == 4


def test_a_change_of_text_takes_an_article_to_another_box(scene: Scene) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    moving = scene.push(*FLOOD[0])
    scene.handle(*flood, *chess)
    scene.handle(moving)
    title, text = CHESS[0]
    scene.change(moving, title=title + ", an upset", text=text + " Nobody in Porvay had expected Ilves to win.")
    scene.handle(moving)
    assert scene.related(moving) == set(chess)
    assert scene.related(flood[0]) == set(flood[1:])
    assert scene.story(moving).id == scene.story(chess[0]).id


def test_an_update_keeps_the_public_id_of_a_story_that_stays(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    before = scene.story(ids[0]).public_id, scene.theme(ids[0]).public_id
    scene.change(ids[0], title="Orlenz bursts its banks at Brennach, five dead")
    scene.handle(ids[0])
    assert (scene.story(ids[0]).public_id, scene.theme(ids[0]).public_id) == before
    assert scene.story(ids[0]).size == len(ids)


def test_an_article_alone_in_its_story_keeps_it_through_an_update(scene: Scene) -> None:
    (id_,) = scene.push_all(CHESS[:1])
    scene.handle(id_)
    before = scene.story(id_).public_id
    scene.change(id_, title="Ilves wins the first game")
    scene.handle(id_)
    assert scene.story(id_).public_id == before
    assert scene.story(id_).label == "Ilves wins the first game"


def test_a_story_that_loses_its_last_article_leads_to_the_one_it_went_to(scene: Scene) -> None:
    chess = scene.push_all(CHESS)
    scene.handle(*chess)
    lone = scene.push("Harvest festival opens", "The harvest festival of Lower Ansing opens with a parade of carts.")
    scene.handle(lone)
    left = scene.story(lone)
    scene.change(lone, title=CHESS[0][0], text=CHESS[0][1])
    scene.handle(lone)
    with scene.sessions() as session:
        story = session.get_one(Story, left.id)
        theme = session.get_one(Theme, left.theme_id)
    joined = scene.story(lone)
    assert joined.id == scene.story(chess[0]).id
    assert (story.merged_into, story.size) == (joined.id, 0)
    assert (theme.merged_into, theme.size) == (joined.theme_id, 0)


def test_an_undated_article_joins_a_story_and_never_revives_it(scene: Scene) -> None:
    ids = scene.push_all(FLOOD[:3])
    scene.handle(*ids)
    last = scene.story(ids[0]).last_at
    undated = scene.push(*FLOOD[3], at="some day", ingested_at=MONDAY + timedelta(days=1))
    scene.handle(undated)
    assert scene.placed(undated).published_at is None
    assert scene.placed(undated).sort_at == MONDAY + timedelta(days=1)
    assert scene.placed(undated).time_flags == ["unreadable"]
    assert scene.story(undated).id == scene.story(ids[0]).id
    assert scene.story(ids[0]).last_at == last
    assert scene.theme(ids[0]).last_at == last


def test_times_are_kept_with_their_evidence(scene: Scene) -> None:
    source = scene.source(name="Lower Ansing Gazette", default_zone="Europe/Vienna")
    exact = scene.push(*FLOOD[0], at="Sat Jul 12 2025 12:12:51 GMT+0300 (Eastern European Summer Time)", source=source)
    bare = scene.push(*FLOOD[1], at="2025-07-12 12:12", source=source)
    scene.handle(exact, bare)
    found = scene.placed(exact)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2025-07-12T09:12:51+00:00"
    assert (found.precision, found.zone_assumed, found.evidence) == ("second", False, "push.published")
    found = scene.placed(bare)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2025-07-12T10:12:00+00:00"
    assert (found.precision, found.zone_assumed) == ("minute", True)


def test_a_headline_alone_finds_the_event_it_is_about(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    bare = scene.push("Brennach flood: Orlenz Water Board chief resigns over Hollin barrage", at=MONDAY)
    scene.handle(bare)
    assert scene.related(bare) >= set(ids[:2])
    assert scene.related(ids[0]) >= {bare}


def test_an_article_without_any_words_is_placed_in_a_story_of_its_own(scene: Scene) -> None:
    blank = scene.push("…", at=None)
    scene.handle(blank, *scene.push_all(FLOOD[:1]))
    assert scene.outcomes()[blank, 1] == "ready"
    assert scene.related(blank) == set()
    assert scene.story(blank).size == 1


def test_a_decided_article_stays_as_it_is_when_only_ingest_touches_its_row(scene: Scene) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    scene.handle(id_)
    with scene.sessions.begin() as session:
        session.get_one(Article, id_).url = "https://paper.example/new-address"
    assert scene.handle(id_).result.decided == ()
