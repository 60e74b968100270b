"""What the engine in memory does to a stream of articles, the service does to them around its database."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select

from integration.related.scene import MONDAY, Scene
from labelled import invented
from themeline.related.core.engine import Engine, EngineArticle
from themeline.related.core.features import RawArticle
from themeline.related.encoders import static_encoder
from themeline.shared.models import Expansion, Placement, Relation, Vector

SAME = 0.02
"""Vectors are stored as halves, and times in microseconds."""


def stream() -> list[tuple[str, str]]:
    return [(item["title"], item["text"]) for item in invented()]


def in_memory() -> Engine:
    engine = Engine(static_encoder())
    for at, (title, text) in enumerate(stream()):
        hours = (MONDAY + timedelta(hours=at)).timestamp() / 3600
        engine.add([EngineArticle(RawArticle(title, text), hours, 1)])
    return engine


@pytest.fixture
def stored(scene: Scene) -> list[int]:
    """The ids of the stream's articles, related one by one."""
    ids = []
    for at, (title, text) in enumerate(stream()):
        ids.append(scene.push(title, text, at=MONDAY + timedelta(hours=at)))
        scene.handle(ids[-1])
    return ids


def test_the_service_scores_and_groups_as_the_evaluated_engine_does(scene: Scene, stored: list[int]) -> None:
    engine = in_memory()
    number = {id_: at for at, id_ in enumerate(stored, start=1)}
    with scene.sessions() as session:
        relations = session.execute(select(Relation.high, Relation.low, Relation.story, Relation.theme)).all()
        placed = {row.article_id: row.story_id for row in session.scalars(select(Placement))}
    assert len(relations) == sum(map(len, engine.relations.values())) / 2
    for high, low, story, theme in relations:
        assert engine.relations[number[high]][number[low]] == pytest.approx((story, theme), abs=SAME)
    pairs = [(one, other) for one in stored for other in stored]
    assert [placed[one] == placed[other] for one, other in pairs] == [
        engine.stories[number[one] - 1] == engine.stories[number[other] - 1] for one, other in pairs
    ]


def test_each_article_keeps_its_vector_as_expanded_by_its_neighbours(scene: Scene, stored: list[int]) -> None:
    with scene.sessions() as session:
        expansions = {row.article_id: row for row in session.scalars(select(Expansion))}
        plain = {row.article_id: row for row in session.scalars(select(Vector))}
    assert set(expansions) == set(stored)
    for id_, row in expansions.items():
        assert row.encoder == plain[id_].encoder
        assert np.linalg.norm(np.frombuffer(row.vector, "<f2").astype(float)) == pytest.approx(1, abs=0.01)


def test_a_withdrawn_article_leaves_no_vector_behind(scene: Scene, stored: list[int]) -> None:
    scene.withdraw(stored[0])
    scene.handle(stored[0])
    with scene.sessions() as session:
        assert session.get(Expansion, stored[0]) is None
