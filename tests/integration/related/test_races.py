"""Workers side by side, and articles that change under their hands."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from integration.related.poison import gate, waiting
from integration.related.scene import CHESS, FLOOD, Scene, handle, make_pipeline
from support import wait_for
from themeline.related.pipeline import Handled, Pipeline
from themeline.related.store import encodings, groups
from themeline.shared.models import Attempt, Epoch, FeatureRow, Outcome, Placement, Relation, Story, Theme, Vector

Start = Callable[..., "Future[Handled]"]


@pytest.fixture
def other(scene: Scene) -> Iterator[Start]:
    """Another worker process's pipeline, in a thread of its own."""
    pipeline = make_pipeline(scene.sessions)
    with ThreadPoolExecutor(1) as pool:
        yield lambda *ids: pool.submit(handle, pipeline, ids)


def test_a_version_that_comes_between_reading_and_placing_is_left_to_its_own_message(
    scene: Scene, engine: Engine, other: Start
) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    with gate(engine, "features"):
        slow = other(id_)
        wait_for(lambda: waiting(engine), what="the worker waits")
        scene.change(id_, title="Orlenz floods Brennach")
    assert slow.result().result.decided == ()
    assert scene.outcomes() == {}
    scene.handle(id_)
    assert scene.outcomes() == {(id_, 1): "superseded", (id_, 2): "ready"}


def test_a_slow_worker_never_brings_back_an_old_text(scene: Scene, engine: Engine, other: Start) -> None:
    flood, chess = scene.push_all(FLOOD), scene.push_all(CHESS)
    scene.handle(*flood, *chess)
    moving = scene.push(*FLOOD[0])
    with gate(engine, "features"):
        slow = other(moving)
        wait_for(lambda: waiting(engine), what="the worker waits")
        scene.change(moving, title=CHESS[0][0] + ", an upset", text=CHESS[0][1] + " Nobody expected it.")
        quick = threading.Thread(target=scene.handle, args=(moving,))
        quick.start()
        wait_for(lambda: waiting(engine) == 2, what="both workers wait")
    quick.join()
    slow.result()
    with scene.sessions() as session:
        assert session.get_one(FeatureRow, moving).version == 2
    assert scene.related(moving) == set(chess)
    assert scene.placed(moving).version == 2


def test_an_article_withdrawn_while_it_is_related_leaves_nothing(scene: Scene, engine: Engine, other: Start) -> None:
    flood = scene.push_all(FLOOD)
    scene.handle(*flood[1:])
    with gate(engine, "features"):
        slow = other(flood[0])
        wait_for(lambda: waiting(engine), what="the worker waits")
        scene.withdraw(flood[0])
        scene.handle(flood[0])
    slow.result()
    assert scene.placement(flood[0]) is None
    assert scene.related(flood[0], floor=0) == set()
    with scene.sessions() as session:
        assert session.get(FeatureRow, flood[0]) is None
        assert session.scalars(select(Vector.article_id).where(Vector.article_id == flood[0])).all() == []
    assert scene.outcomes()[flood[0], 2] == "withdrawn"


def test_a_withdrawal_waits_for_the_placing_that_it_undoes(scene: Scene, engine: Engine, other: Start) -> None:
    flood = scene.push_all(FLOOD)
    scene.handle(*flood[1:])
    with gate(engine, "outcomes"):
        slow = other(flood[0])
        wait_for(lambda: waiting(engine), what="the worker waits")
        scene.withdraw(flood[0])
        withdrawal = threading.Thread(target=scene.handle, args=(flood[0],))
        withdrawal.start()
        wait_for(lambda: waiting(engine) == 2, what="the withdrawal waits too")
    withdrawal.join()
    assert [decided.outcome for decided in slow.result().result.decided] == ["ready"]
    assert scene.outcomes()[flood[0], 2] == "withdrawn"
    assert scene.placement(flood[0]) is None
    assert scene.story(flood[1]).size == 3


def test_a_candidate_withdrawn_while_it_is_scored_gets_no_relation(scene: Scene, engine: Engine, other: Start) -> None:
    gone, late = scene.push_all(FLOOD[:2])
    with gate(engine, "placements"):
        first = other(gone)
        wait_for(lambda: waiting(engine), what="the first worker waits")
        second = threading.Thread(target=scene.handle, args=(late,))
        second.start()
        wait_for(lambda: waiting(engine) == 2, what="the second worker waits behind it")
        scene.withdraw(gone)
    first.result()
    second.join()
    scene.handle(gone)
    assert scene.related(late, floor=0) == set()


def test_two_workers_on_the_same_messages_do_everything_once(scene: Scene) -> None:
    ids = scene.push_all(FLOOD * 4 + CHESS * 4)
    messages = [ids[at : at + 8] for at in range(0, len(ids), 8)]
    handled = _side_by_side(scene, messages, messages)
    decided = [(each.article_id, each.outcome) for one in handled for each in one.result.decided]
    assert sorted(decided) == [(id_, "ready") for id_ in ids]
    assert scene.count(Outcome) == scene.count(Placement) == len(ids)
    _assert_counts_agree(scene)


def test_two_workers_on_overlapping_messages_lose_nothing_and_never_stall(scene: Scene) -> None:
    ids = scene.push_all(FLOOD * 6)
    forward = [ids[at : at + 6] for at in range(0, len(ids) - 3, 3)]
    backward = [list(reversed(message)) for message in reversed(forward)]
    handled = _side_by_side(scene, forward, backward)
    again = [id_ for one in handled for id_ in one.alone]
    for id_ in again:
        scene.handle(id_)
    assert scene.outcomes() == {(id_, 1): "ready" for id_ in ids}
    assert all(scene.attempt(id_).last_error is None for id_ in ids)
    _assert_counts_agree(scene)


def test_articles_related_side_by_side_see_each_other(scene: Scene) -> None:
    chess, flood = scene.push_all(CHESS * 3), scene.push_all(FLOOD * 3)
    _side_by_side(scene, [flood[0::2], chess[0::2]], [flood[1::2], chess[1::2]])
    for group in (flood, chess):
        for id_ in group:
            assert scene.related(id_) == set(group) - {id_}


def test_an_epoch_begins_once_and_counts_each_article_once(scene: Scene) -> None:
    ids = scene.push_all(FLOOD * 15)
    _side_by_side(scene, [ids[:30]], [ids[30:]])
    scene.handle(*scene.push_all(CHESS))
    with scene.sessions() as session:
        epochs = session.scalars(select(Epoch).order_by(Epoch.id)).all()
    assert [epoch.documents for epoch in epochs] == [60]


def test_nobody_counts_an_attempt_of_the_version_before(scene: Scene) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    with scene.sessions.begin() as session:
        session.add(Attempt(article_id=id_, version=1, attempts=3, solo_attempts=3))
    scene.change(id_, title="Orlenz floods Brennach")
    assert scene.handle(id_).result.decided[-1].outcome in {"ready", "superseded"}
    assert scene.attempt(id_).attempts == 1


def _side_by_side(scene: Scene, *work: list[list[int]]) -> list[Handled]:
    """Let one worker for each list of messages go at the same time; return all that they did."""
    start = threading.Barrier(len(work))

    def worker(pipeline: Pipeline, messages: list[list[int]]) -> list[Handled]:
        start.wait()
        return [handle(pipeline, message) for message in messages]

    with ThreadPoolExecutor(len(work)) as pool:
        running = [pool.submit(worker, make_pipeline(scene.sessions), messages) for messages in work]
        return [handled for future in running for handled in future.result(timeout=60)]


def _assert_counts_agree(scene: Scene) -> None:
    """Stories and themes are as large as the articles in them, and no relation hangs in the air."""
    with scene.sessions() as session:
        placements = session.scalars(select(Placement)).all()
        stories = {story.id: story for story in session.scalars(select(Story))}
        themes = {theme.id: theme for theme in session.scalars(select(Theme))}
        relations = session.scalars(select(Relation)).all()
    for story in stories.values():
        assert story.size == sum(placement.story_id == story.id for placement in placements)
    for theme in themes.values():
        assert theme.size == sum(story.size for story in stories.values() if story.theme_id == theme.id)
    placed = {placement.article_id for placement in placements}
    assert all({relation.high, relation.low} <= placed for relation in relations)


def test_an_epoch_begins_while_articles_are_saved_and_vectors_searched(scene: Scene) -> None:
    with scene.sessions() as saving, scene.sessions() as counting:
        encodings.held(saving)
        assert groups.try_lock_epochs(counting)
