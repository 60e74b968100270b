"""What fails is split, blamed alone, and set aside; what falters is repeated."""

from sqlalchemy import Engine, text

from integration.related.poison import cure, refuse_poison
from integration.related.scene import FLOOD, Scene, make_pipeline
from themeline.related.core.triage import Triage
from themeline.related.pipeline import Handled
from themeline.related.relate import Settings, claim
from themeline.related.store.work import NO_LAST_WORDS
from themeline.shared.db import unit_of_work

POISON = ("A headline of poison", FLOOD[0][1])


def test_an_attempt_is_counted_before_the_work(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "features")
    id_ = scene.push(*POISON)
    scene.handle(id_)
    attempt = scene.attempt(id_)
    assert (attempt.attempts, attempt.solo_attempts, attempt.quarantined_at) == (1, 1, None)
    assert attempt.last_error is not None
    assert "this article is poison" in attempt.last_error


def test_a_failed_batch_is_split_into_articles_alone(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "features")
    ids = [*scene.push_all(FLOOD), scene.push(*POISON)]
    handled = scene.handle(*ids)
    assert handled.error is not None
    assert handled.alone == tuple(ids)
    assert handled.result.decided == ()
    assert scene.attempt(ids[0]).solo_attempts == 0


def test_a_poison_article_takes_no_neighbour_with_it(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "placements")
    good, bad = scene.push_all(FLOOD), scene.push(*POISON)
    _drain(scene, (*good, bad))
    assert scene.outcomes() == {**{(id_, 1): "ready" for id_ in good}, (bad, 1): "quarantined"}
    assert scene.related(good[0]) == set(good[1:])


def test_an_article_is_set_aside_after_its_solo_attempts_with_its_error(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "features")
    id_ = scene.push(*POISON)
    handled = [scene.handle(id_) for _ in range(5)]
    assert [each.alone for each in handled] == [(id_,)] * 3 + [()] * 2
    assert [len(each.result.decided) for each in handled] == [0, 0, 0, 1, 0]
    attempt = scene.attempt(id_)
    assert attempt.quarantined_at is not None
    assert attempt.solo_attempts == 3
    assert attempt.last_error is not None
    assert "this article is poison" in attempt.last_error
    assert scene.outcomes() == {(id_, 1): "quarantined"}


def test_attempts_in_batches_never_set_an_article_aside(scene: Scene, engine: Engine) -> None:
    ids = scene.push_all(FLOOD[:2])
    for _ in range(5):
        _claim(scene, *ids)
    assert scene.attempt(ids[0]).solo_attempts == 0
    assert _claim(scene, *ids) == Triage(alone=tuple(ids))
    assert _claim(scene, ids[0]) == Triage(run=(ids[0],))


def test_an_article_whose_worker_died_each_time_is_set_aside_and_says_so(scene: Scene) -> None:
    (id_,) = scene.push_all(FLOOD[:1])
    for _ in range(3):
        assert _claim(scene, id_).run == (id_,)
    assert scene.handle(id_).result.decided[0].outcome == "quarantined"
    assert scene.attempt(id_).last_error == NO_LAST_WORDS


def test_a_new_version_of_an_article_set_aside_starts_from_nothing(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "features")
    id_ = scene.push(*POISON)
    _drain(scene, (id_,))
    scene.change(id_, title="A headline without it")
    scene.handle(id_)
    attempt = scene.attempt(id_)
    assert (attempt.version, attempt.attempts, attempt.quarantined_at, attempt.last_error) == (2, 1, None, None)
    assert scene.outcomes() == {(id_, 1): "quarantined", (id_, 2): "ready"}


def test_a_failure_that_passes_leaves_no_trace_in_the_outcome(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "placements")
    id_ = scene.push(*POISON)
    scene.handle(id_)
    cure(engine, "placements")
    assert scene.handle(id_).error is None
    assert scene.outcomes() == {(id_, 1): "ready"}


def test_withdrawals_in_a_failing_batch_are_reported_once(scene: Scene, engine: Engine) -> None:
    refuse_poison(engine, "features")
    gone, bad = scene.push(*FLOOD[0]), scene.push(*POISON)
    scene.withdraw(gone)
    handled = scene.handle(gone, bad)
    assert handled.error is not None
    assert {decided.outcome for decided in handled.result.decided} == {"withdrawn", "superseded"}
    assert handled.alone == (bad,)


def test_a_step_is_repeated_when_the_connection_is_cut(scene: Scene, engine: Engine) -> None:
    ids = scene.push_all(FLOOD)
    scene.handle(ids[0])
    with engine.connect() as connection:
        # Every other connection, also the pipeline's, whose next step finds it dead.
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
        )
    assert len(scene.handle(*ids[1:]).result.decided) == 3


def test_a_step_is_repeated_when_it_is_cut_in_its_middle(scene: Scene, engine: Engine) -> None:
    _cut_once(engine, "features")
    ids = scene.push_all(FLOOD)
    handled = scene.handle(*ids)
    assert handled.error is None
    assert [decided.outcome for decided in handled.result.decided] == ["ready"] * 4
    assert scene.attempt(ids[0]).attempts == 1


def test_a_step_is_repeated_after_a_deadlock(scene: Scene, engine: Engine) -> None:
    _fail_once(engine, "relations", "deadlock_detected")
    ids = scene.push_all(FLOOD)
    assert len(scene.handle(*ids).result.decided) == 4


def _claim(scene: Scene, *ids: int) -> Triage:
    """Begin an attempt that never ends."""
    settings: Settings = make_pipeline(scene.sessions)._settings
    with unit_of_work(scene.sessions) as session:
        plan, _ = claim(session, ids, settings)
    return plan


def _drain(scene: Scene, first: tuple[int, ...]) -> None:
    """Work on a message and on all that follow from it, as the queue would."""
    messages = [first]
    handled: list[Handled] = []
    while messages:
        handled.append(scene.handle(*messages.pop(0)))
        messages += [(id_,) for id_ in handled[-1].alone]
        assert len(handled) < 50, "the messages do not end"


def _fail_once(engine: Engine, table: str, condition: str) -> None:
    """Let the first statement that inserts into a table fail, and no other: a sequence outlives a rollback."""
    _trigger(engine, table, f"RAISE EXCEPTION USING ERRCODE = '{condition}'")


def _cut_once(engine: Engine, table: str) -> None:
    """Let the first statement that inserts into a table lose its connection, and no other."""
    _trigger(engine, table, "PERFORM pg_terminate_backend(pg_backend_pid())")


def _trigger(engine: Engine, table: str, action: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(f"""
                CREATE SEQUENCE failures;
                CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('failures') = 1 THEN {action}; END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER fail_once BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION fail_once();
            """)
        )
