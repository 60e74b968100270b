"""Why two stored articles are related, or are not, by the engine's own functions."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, update

from integration.related.scene import CHESS, FLOOD, MONDAY, Scene
from themeline.related.explain import Explainer, Explanation, UnknownSubjectError
from themeline.related.internal import document, routes
from themeline.shared.core.reasons import Signal
from themeline.shared.db import read_only
from themeline.shared.models import Article, Relation
from themeline.shared.telemetry.exposition import Request

WIRE = FLOOD[0]


def public_id(scene: Scene, id_: int) -> UUID:
    with scene.sessions() as session:
        return session.get_one(Article, id_).public_id


def explain(scene: Scene, one: int, other: int) -> Explanation:
    explainer = Explainer(timedelta(days=30))
    with read_only(scene.sessions) as session:
        return explainer.explain(session, public_id(scene, one), public_id(scene, other))


def told(found: Explanation, words: str) -> bool:
    return any(words in sentence for sentence in found.why)


def test_a_relation_is_explained_with_the_numbers_that_were_stored(scene: Scene) -> None:
    one, other, *_ = scene.push_all(FLOOD)
    scene.handle(one, other)
    found = explain(scene, one, other)
    with scene.sessions() as session:
        stored = session.get_one(Relation, (max(one, other), min(one, other)))
    assert found.facts.related
    assert found.facts.comparison is not None
    # Computed of the two alone, without regard to what stands around them.
    assert found.facts.comparison.theme == pytest.approx(stored.theme, abs=0.1)
    assert found.facts.comparison.story == pytest.approx(stored.story, abs=0.1)
    assert found.stored is not None
    assert (found.stored.theme, found.stored.epoch) == (stored.theme, 0)
    assert {each.signal for each in found.facts.comparison.signals} == set(Signal)
    assert found.facts.found_by == ("vectors", "words")
    assert found.facts.hours_apart == 1
    assert found.why[0].startswith("Related: one theme with a probability of over 0.99, and boxes show 0.50 or more.")
    assert told(found, "Both are in the story")
    assert told(found, "For it: ")
    assert not told(found, "newer version")


def test_the_order_of_the_two_changes_nothing(scene: Scene) -> None:
    one, other = scene.push_all(FLOOD[:2])
    scene.handle(one, other)
    left, right = explain(scene, one, other), explain(scene, other, one)
    assert left.facts.comparison is not None
    assert right.facts.comparison is not None
    assert left.facts.comparison.theme == right.facts.comparison.theme
    assert left.facts.related == right.facts.related
    assert left.facts.found_by == right.facts.found_by


def test_unlike_articles_are_below_the_floor_and_in_different_themes(scene: Scene) -> None:
    (flood,), (chess,) = scene.push_all(FLOOD[:1]), scene.push_all(CHESS[:1])
    scene.handle(flood, chess)
    found = explain(scene, flood, chess)
    assert not found.facts.related
    assert found.why[0].startswith("Not related, below the floor: one theme with a probability of ")
    assert told(found, "They are in different themes: ")


def test_articles_farther_apart_than_the_horizon_were_never_compared(scene: Scene) -> None:
    early = scene.push(*FLOOD[0])
    late = scene.push(*FLOOD[1], at=MONDAY + timedelta(days=43))
    scene.handle(early, late)
    found = explain(scene, early, late)
    assert found.stored is None
    assert found.facts.found_by == ()
    assert told(found, "farther apart than the horizon: 43 days, and articles are compared within 30 days")


def test_copies_are_said_to_be_one_text(scene: Scene) -> None:
    first, second = scene.push(*WIRE), scene.push(*WIRE, at=MONDAY + timedelta(hours=1))
    third = scene.push(*WIRE, at=MONDAY + timedelta(hours=2))
    scene.handle(first, second, third)
    for pair in ((first, second), (second, third)):
        found = explain(scene, *pair)
        assert not found.facts.related
        assert found.why[0].startswith("Both have the same text")
        assert told(found, "word for word")


def test_an_article_that_is_not_read_yet_is_said_to_wait(scene: Scene) -> None:
    ready, waiting = scene.push_all(FLOOD[:2])
    scene.handle(ready)
    found = explain(scene, ready, waiting)
    assert (found.facts.comparison, found.facts.related) == (None, False)
    assert found.why[0] == "Not related yet: the engine has not read both of them."
    assert told(found, f"“{FLOOD[1][0]}” is still being related")


def test_a_waiting_version_is_mentioned_and_the_one_before_it_explained(scene: Scene) -> None:
    one, other = scene.push_all(FLOOD[:2])
    scene.handle(one, other)
    scene.change(one, title=CHESS[0][0], text=CHESS[0][1])
    found = explain(scene, one, other)
    assert found.facts.related
    assert told(found, "A newer version of ")


def test_a_pair_that_one_batch_missed_is_told_apart_from_one_below_the_floor(scene: Scene) -> None:
    one, other = scene.push_all(FLOOD[:2])
    scene.handle(one, other)
    with scene.sessions.begin() as session:
        session.delete(session.get_one(Relation, (other, one)))
    found = explain(scene, one, other)
    assert told(found, "Not related yet, though the search finds them")


def test_a_stored_score_that_has_grown_old_is_said_to_differ(scene: Scene) -> None:
    one, other = scene.push_all(FLOOD[:2])
    scene.handle(one, other)
    with scene.sessions.begin() as session:
        session.execute(update(Relation).values(theme=0.61))
    found = explain(scene, one, other)
    assert told(found, "Boxes show 0.61, from when they were related; anew, and from these two alone, it is ")


@pytest.mark.parametrize("hidden", ["withdrawn", "embargoed"])
def test_what_readers_may_not_know_of_is_unknown(scene: Scene, hidden: str) -> None:
    one, other = scene.push_all(FLOOD[:2])
    scene.handle(one, other)
    if hidden == "withdrawn":
        scene.withdraw(other)
    else:
        with scene.sessions.begin() as session:
            later = func.now() + timedelta(days=1)
            session.execute(update(Article).where(Article.id == other).values(embargo_until=later))
    with pytest.raises(UnknownSubjectError):
        explain(scene, one, other)


def test_texts_without_any_words_are_explained_too(scene: Scene) -> None:
    blank, also = scene.push("…", at=None), scene.push("?!", at=None)
    scene.handle(blank, also)
    found = explain(scene, blank, also)
    assert not found.facts.related
    assert document(found)["theme"] is not None


def test_the_call_answers_json_and_refuses_what_it_cannot_read(scene: Scene) -> None:
    one, other = scene.push_all(FLOOD[:2])
    scene.handle(one, other)
    route = routes(scene.sessions, Explainer(timedelta(days=30)))["GET /internal/explain"]
    ids = {"a": str(public_id(scene, one)), "b": str(public_id(scene, other))}
    assert route(Request(ids)).status == 200
    assert route(Request(ids | {"b": "me"})).status == 400
    assert route(Request(ids | {"b": ids["a"]})).status == 400
    assert route(Request({})).status == 400
    assert route(Request(ids | {"b": str(UUID(int=7))})).status == 404


def test_times_are_those_of_the_later_relating(scene: Scene) -> None:
    one, other = scene.push_all(FLOOD[:2])
    scene.handle(one)
    scene.handle(other)
    found = explain(scene, one, other)
    assert found.stored is not None
    assert found.stored.at == scene.placed(other).related_at
    assert datetime.now(UTC) - found.stored.at < timedelta(minutes=5)
