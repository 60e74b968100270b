"""Another encoder: its vectors are filled while the old ones serve, and then it serves alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.related.fillings import (
    NEW,
    OLD,
    begin,
    indexes,
    make_refill,
    make_settings,
    run,
    serving,
    states,
    vectors,
)
from integration.related.scene import CHESS, FLOOD, Scene, handle
from themeline.related import refill
from themeline.related.core.boilerplate import Pages
from themeline.related.core.encoders import EncoderDownError
from themeline.related.core.scoring import Scorer, scorer_of
from themeline.related.pipeline import Pipeline
from themeline.related.refill import Refill
from themeline.related.store import encodings
from themeline.shared.db import unit_of_work
from themeline.shared.models import Expansion, Relation, Vector


def test_the_encoder_of_the_settings_serves_a_new_database(scene: Scene) -> None:
    assert serving(scene) == encodings.NO_ENCODER.encoder
    scene.handle(*scene.push_all(FLOOD))
    assert states(scene) == {OLD: "serving"}
    assert indexes(scene) == 1


def test_a_reindex_fills_switches_and_removes(scene: Scene) -> None:
    ids = scene.push_all([*FLOOD, *CHESS])
    scene.handle(*ids)
    begin(scene)
    assert (serving(scene), indexes(scene)) == (OLD, 2)
    assert run(make_refill(scene), [(NEW, 0)]) == []
    assert states(scene) == {NEW: "serving"}
    assert vectors(scene, NEW) == set(ids)
    assert vectors(scene, OLD) == set()
    assert indexes(scene) == 1


def test_an_article_that_comes_during_a_reindex_gets_both_vectors(scene: Scene) -> None:
    first = scene.push_all(FLOOD)
    scene.handle(*first)
    begin(scene)
    late = scene.push(*CHESS[0])
    scene.handle(late)
    assert vectors(scene, OLD) == {*first, late}
    assert vectors(scene, NEW) == {late}


def test_the_old_vectors_serve_until_all_new_ones_are_there(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill, "STEP_ARTICLES", 1)
    first = scene.push_all(FLOOD[:2])
    scene.handle(*first)
    begin(scene)
    steps, waiting = make_refill(scene), [(NEW, 0)]
    for title, body in FLOOD[2:]:
        waiting = run(steps, waiting, most=1)
        late = scene.push(title, body)
        scene.handle(late)
        assert serving(scene) == OLD
        assert scene.related(late) >= set(first)
    run(steps, waiting)
    assert serving(scene) == NEW
    last = scene.push("Brennach mourns the dead of the Orlenz flood", FLOOD[0][1])
    scene.handle(last)
    assert scene.related(last) >= set(first)


def test_a_killed_reindex_goes_on_where_it_was(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill, "STEP_ARTICLES", 2)
    ids = scene.push_all([*FLOOD, *CHESS])
    scene.handle(*ids)
    begin(scene)
    run(make_refill(scene), [(NEW, 0)], most=2)
    assert len(vectors(scene, NEW)) == 4
    # Its message is gone with it; the sweep looks up where it was.
    with scene.sessions() as session:
        (stopped,) = encodings.idle(session, timedelta(0))
    assert stopped.cursor is not None
    assert run(make_refill(scene), [(NEW, stopped.cursor)]) == []
    assert states(scene) == {NEW: "serving"}
    assert vectors(scene, NEW) == set(ids)


def test_of_two_chains_one_ends(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill, "STEP_ARTICLES", 1)
    scene.handle(*scene.push_all(FLOOD))
    begin(scene)
    steps = make_refill(scene)
    (following,) = steps.step(NEW, 0)
    assert steps.step(NEW, 0) == []
    assert steps.step("unknown", 0) == []
    assert len(steps.step(*following)) == 1


def test_a_batch_computed_before_a_reindex_began_is_saved_with_both_vectors(scene: Scene) -> None:
    scene.handle(scene.push(*CHESS[0]))
    late = scene.push(*CHESS[1])
    # The batch has been claimed under the old state when the re-index begins.
    pipeline = Pipeline(scene.sessions, make_settings())
    claimed = pipeline._claim

    def claim_then_begin(session: object, ids: Sequence[int]) -> object:
        found = claimed(session, ids)  # type: ignore[arg-type] # it is a session
        begin(scene)
        return found

    pipeline._claim = claim_then_begin  # type: ignore[method-assign,assignment] # stands for the race
    handle(pipeline, [late])
    assert late in vectors(scene, OLD)
    assert late in vectors(scene, NEW)


def test_a_cancelled_reindex_leaves_nothing(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    begin(scene)
    run(make_refill(scene), [(NEW, 0)], most=1)
    assert vectors(scene, NEW) == set(ids)
    with unit_of_work(scene.sessions) as session:
        encodings.retire(session, NEW)
    run(make_refill(scene), [(NEW, 0)])
    assert states(scene) == {OLD: "serving"}
    assert vectors(scene, NEW) == set()
    assert vectors(scene, OLD) == set(ids)


def test_relations_are_scored_again_when_asked_for(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    before = scores(scene)
    begin(scene, rescore=True)
    assert run(make_refill(scene), [(NEW, 0)]) == []
    after = scores(scene)
    assert after.keys() == before.keys()
    assert after != before
    assert states(scene) == {NEW: "serving"}
    with scene.sessions() as session:
        assert encodings.idle(session, timedelta(0)) == []


def test_relations_stay_as_they_are_when_not(scene: Scene) -> None:
    scene.handle(*scene.push_all(FLOOD))
    before = scores(scene)
    begin(scene)
    run(make_refill(scene), [(NEW, 0)])
    assert scores(scene) == before


def scores(scene: Scene) -> dict[tuple[int, int], float]:
    with scene.sessions() as session:
        rows = session.execute(select(Relation.high, Relation.low, Relation.theme))
        return {(high, low): theme for high, low, theme in rows}


def test_an_encoder_that_is_down_delays_vectors_and_nothing_else(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    settings = make_settings()
    settings.encoders._loaded["static"] = DownEncoder()
    late = scene.push("Brennach mourns the dead of the Orlenz flood", FLOOD[1][1])
    handled = handle(Pipeline(scene.sessions, settings), [late])
    assert scene.outcomes()[late, 1] == "ready"
    assert [encoder for encoder, _ in handled.result.without] == [OLD]
    assert scene.related(late) >= set(ids[:1])
    assert late not in vectors(scene, OLD)
    with scene.sessions() as session:
        (waiting,) = encodings.idle(session, timedelta(0))
    with pytest.raises(EncoderDownError):
        Refill(scene.sessions, settings).step(OLD, waiting.cursor or 0)
    assert run(make_refill(scene), [(OLD, waiting.cursor or 0)]) == []
    assert vectors(scene, OLD) == {*ids, late}
    with scene.sessions() as session:
        assert encodings.idle(session, timedelta(0)) == []


def test_an_article_that_misses_its_vector_while_a_step_finds_nothing_left_gets_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings()
    settings.encoders._loaded["static"] = DownEncoder()
    down = Pipeline(scene.sessions, settings)
    scene.handle(scene.push(*CHESS[0]))
    first = scene.push(*FLOOD[0])
    handle(down, [first])
    steps, late = make_refill(scene), scene.push(*FLOOD[1])
    waiting = run(steps, [(OLD, first - 1)], most=1)
    found = refill._batch

    def find_then_miss(session: Session, state: encodings.EncoderState, cursor: int, known: Pages) -> object:
        batch = found(session, state, cursor, known)
        if not batch.ids:
            handle(down, [late])
        return batch

    monkeypatch.setattr(refill, "_batch", find_then_miss)
    assert run(steps, waiting) == []
    assert vectors(scene, OLD) >= {first, late}


class DownEncoder:
    """A server that is away."""

    name = OLD
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        raise EncoderDownError("away")


def test_an_update_while_the_encoder_is_down_leaves_no_vector_of_the_old_text(scene: Scene) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    scene.handle(id_)
    settings = make_settings()
    settings.encoders._loaded["static"] = DownEncoder()
    scene.change(id_, title=CHESS[0][0], text=CHESS[0][1])
    handle(Pipeline(scene.sessions, settings), [id_])
    assert vectors(scene, OLD) == set()
    assert scene.count(Expansion) == 0


def test_relations_are_scored_again_by_the_publishers_own_scorer(scene: Scene) -> None:
    scene.handle(*scene.push_all(FLOOD[:2]))
    begin(scene, rescore=True)
    asked: list[str] = []

    def own(encoder: str) -> Scorer:
        asked.append(encoder)
        return scorer_of(encoder)

    run(Refill(scene.sessions, replace(make_settings(), scorers=own)), [(NEW, 0)])
    assert set(asked) == {NEW}


def test_an_encoder_that_is_wanted_again_while_it_is_removed_stays_wanted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.handle(scene.push(*CHESS[0]))
    begin(scene)
    with unit_of_work(scene.sessions) as session:
        encodings.retire(session, NEW)
    found = refill._find

    def find_then_begin(session: Session, encoder: str) -> encodings.EncoderState | None:
        state = found(session, encoder)
        begin(scene)
        return state

    monkeypatch.setattr(refill, "_find", find_then_begin)
    assert make_refill(scene).step(NEW, 0) == []
    assert (states(scene), indexes(scene)) == ({OLD: "serving", NEW: "filling"}, 2)


def test_a_withdrawn_article_gets_no_vector(scene: Scene) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(*ids)
    begin(scene)
    scene.withdraw(ids[0])
    scene.handle(ids[0])
    run(make_refill(scene), [(NEW, 0)])
    assert vectors(scene, NEW) == set(ids[1:])


def test_settings_that_name_another_encoder_than_the_database_change_nothing_by_themselves(scene: Scene) -> None:
    scene.handle(*scene.push_all(FLOOD))
    other = Pipeline(scene.sessions, make_settings("lexical"))
    late = scene.push(*CHESS[0])
    handle(other, [late])
    assert serving(scene) == OLD
    assert late in vectors(scene, OLD)


def test_progress_is_what_is_stored(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refill, "STEP_ARTICLES", 3)
    scene.handle(*scene.push_all(FLOOD))
    begin(scene)
    run(make_refill(scene), [(NEW, 0)], most=1)
    with scene.sessions() as session:
        found = {one.state.encoder: (one.done, one.total) for one in encodings.progress(session)}
        assert found == {OLD: (4, 4), NEW: (3, 4)}
        assert session.scalar(select(func.count()).select_from(Vector)) == 7
