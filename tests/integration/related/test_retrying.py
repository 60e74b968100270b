"""What was set aside is tried again, and its trace tells of it."""

from sqlalchemy import Engine

from api_client import Get, client, get, settings
from integration.related.poison import cure, refuse_poison
from integration.related.scene import FLOOD, Scene
from themeline.ingest.withdraw import retry
from themeline.shared.db import unit_of_work
from themeline.shared.models import Article

__all__ = ["client", "get", "settings"]


def try_again(scene: Scene, id_: int) -> bool | None:
    with unit_of_work(scene.sessions) as session:
        return retry(session, session.get_one(Article, id_).public_id, correlation_id="test")


def test_an_article_that_is_tried_again_after_the_trouble_ended_is_related(
    scene: Scene, engine: Engine, get: Get
) -> None:
    refuse_poison(engine, "features")
    id_ = scene.push("A headline of poison", FLOOD[0][1])
    for _ in range(4):
        scene.handle(id_)
    with scene.sessions() as session:
        path = f"/v1/articles/{session.get_one(Article, id_).public_id}/trace"
    before = get(path).json()

    cure(engine, "features")
    assert try_again(scene, id_)
    scene.handle(id_)
    after = get(path).json()

    assert before["state"] == "quarantined"
    assert before["summary"].startswith("quarantined after 3 attempts: ")
    assert "this article is poison" in before["summary"]
    assert after["state"] == "ready"
    assert after["summary"].startswith("version 2 related ")
    assert " after it was retried; in the story “" in after["summary"]
    assert scene.outcomes() == {(id_, 1): "quarantined", (id_, 2): "ready"}
    assert not try_again(scene, id_)


def test_an_article_that_is_still_poison_ends_in_quarantine_again(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "features")
    id_ = scene.push("A headline of poison", FLOOD[0][1])
    for _ in range(4):
        scene.handle(id_)

    assert try_again(scene, id_)
    for _ in range(4):
        scene.handle(id_)

    assert scene.outcomes() == {(id_, 1): "quarantined", (id_, 2): "quarantined"}
    assert try_again(scene, id_)
