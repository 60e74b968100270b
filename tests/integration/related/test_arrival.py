"""The order in which articles arrive: late ones land where they belong, with the relations that they would have had."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from databases import make_database, url_of
from integration.related.scene import CHESS, FLOOD, MONDAY, Scene
from themeline.shared.core.scores import FLOOR
from themeline.shared.db import make_engine, make_sessions
from themeline.shared.models import Article, Relation

Pairs = dict[tuple[str, str], float]

NEWS = [*((*each, MONDAY + timedelta(hours=at)) for at, each in enumerate((*FLOOD, *CHESS)))]

# Word frequencies grow as articles arrive: a score may differ a little, and a pair at the floor may change sides.
TOLERANCE = 0.02


@contextmanager
def new_scene(admin: Engine, template: str) -> Iterator[Scene]:
    with make_database(admin, template) as name:
        engine = make_engine(url_of(admin, name), application="tests")
        try:
            yield Scene(make_sessions(engine))
        finally:
            engine.dispose()


def relations_after(scene: Scene, order: Sequence[int], batch: int) -> Pairs:
    """Every relation at or above the floor, by the titles of the pair, after the news came in that order."""
    ids = [scene.push(title, text, at=at) for title, text, at in (NEWS[place] for place in order)]
    for at in range(0, len(ids), batch):
        scene.handle(*ids[at : at + batch])
    with scene.sessions() as session:
        titles = {article.id: article.title for article in session.scalars(select(Article))}
        rows = session.execute(select(Relation.high, Relation.low, Relation.theme)).all()
    named = (((titles[high], titles[low]), theme) for high, low, theme in rows if theme >= FLOOR)
    return {(min(pair), max(pair)): theme for pair, theme in named}


@pytest.mark.parametrize("batch", [1, 4])
def test_late_and_shuffled_arrivals_get_the_relations_that_they_would_have_had(
    admin: Engine, template: str, batch: int
) -> None:
    places = list(range(len(NEWS)))
    orders = [places, places[::-1], random.Random(3).sample(places, len(places))]
    found: list[Pairs] = []
    for order in orders:
        with new_scene(admin, template) as scene:
            found.append(relations_after(scene, order, batch))
    in_order, *others = found
    assert len(in_order) >= 6
    for other in others:
        assert other.keys() == in_order.keys()
        assert max(abs(other[pair] - theme) for pair, theme in in_order.items()) <= TOLERANCE


def test_an_article_from_between_two_others_joins_their_story_when_it_comes_last(scene: Scene) -> None:
    ids = scene.push_all([FLOOD[0], CHESS[0], FLOOD[3]], start=MONDAY + timedelta(days=2))
    scene.handle(*ids)
    late = scene.push(*FLOOD[1], at=MONDAY + timedelta(days=2, minutes=30))
    scene.handle(late)
    assert scene.story(late).id == scene.story(ids[0]).id == scene.story(ids[2]).id
    assert scene.related(late) == {ids[0], ids[2]}
    assert scene.story(late).first_at == MONDAY + timedelta(days=2)


def test_an_article_older_than_its_story_moves_the_storys_beginning(scene: Scene) -> None:
    ids = scene.push_all(FLOOD[1:])
    scene.handle(*ids)
    early = scene.push(*FLOOD[0], at=MONDAY - timedelta(hours=6))
    scene.handle(early)
    assert scene.story(early).id == scene.story(ids[0]).id
    assert scene.story(early).first_at == MONDAY - timedelta(hours=6)
    assert scene.story(early).last_at == MONDAY + timedelta(hours=2)


def test_an_article_that_comes_a_month_late_is_related_by_its_own_time(scene: Scene) -> None:
    """It is compared with the news of its day, not with that of the day on which it came."""
    old = scene.push(*FLOOD[0])
    recent = scene.push(*FLOOD[1], at=MONDAY + timedelta(days=45))
    scene.handle(old, recent)
    late = scene.push(*FLOOD[2], at=MONDAY + timedelta(hours=5))
    scene.handle(late)
    assert scene.related(late) == {old}
