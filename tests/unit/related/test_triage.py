"""What is done with each article of a message, from the attempts already made."""

from hypothesis import given
from hypothesis import strategies as st

from themeline.related.core.triage import Claim, Triage, triage

CLAIMS = st.builds(
    Claim,
    article_id=st.integers(1, 99),
    version=st.integers(1, 5),
    withdrawn=st.booleans(),
    decided=st.booleans(),
    attempts=st.integers(0, 5),
    solo_attempts=st.integers(0, 5),
)


def _claim(id_: int = 1, *, withdrawn: bool = False, decided: bool = False, attempts: int = 0, solo: int = 0) -> Claim:
    return Claim(id_, 1, withdrawn, decided, attempts, solo)


def _triage(*claims: Claim, solo: bool = False) -> Triage:
    return triage(claims, solo=solo, max_solo_attempts=3)


def test_articles_never_tried_run_together() -> None:
    assert _triage(_claim(1), _claim(2)) == Triage(run=(1, 2))


def test_a_decided_article_is_left_alone_even_when_it_is_withdrawn() -> None:
    assert _triage(_claim(decided=True), _claim(2, decided=True, withdrawn=True)) == Triage()


def test_an_article_already_tried_leaves_the_batch_and_is_sent_alone() -> None:
    assert _triage(_claim(1), _claim(2, attempts=1)) == Triage(run=(1,), alone=(2,))


def test_an_article_alone_runs_however_often_its_batches_failed() -> None:
    assert _triage(_claim(attempts=9), solo=True) == Triage(run=(1,))


def test_an_article_alone_runs_until_its_solo_attempts_are_used_up() -> None:
    assert _triage(_claim(attempts=3, solo=2), solo=True) == Triage(run=(1,))
    assert _triage(_claim(attempts=3, solo=3), solo=True) == Triage(quarantine=(1,))


def test_a_hopeless_article_is_set_aside_in_a_batch_too() -> None:
    assert _triage(_claim(1, attempts=4, solo=3), _claim(2)) == Triage(run=(2,), quarantine=(1,))


def test_a_withdrawn_article_is_withdrawn_whatever_its_attempts() -> None:
    assert _triage(_claim(withdrawn=True, attempts=9, solo=9)) == Triage(withdraw=(1,))


@given(st.lists(CLAIMS, max_size=8, unique_by=lambda claim: claim.article_id), st.booleans())
def test_each_undecided_article_goes_to_exactly_one_place(claims: list[Claim], solo: bool) -> None:  # noqa: FBT001
    plan = triage(claims, solo=solo, max_solo_attempts=3)
    everywhere = [*plan.run, *plan.alone, *plan.quarantine, *plan.withdraw]
    assert sorted(everywhere) == sorted(claim.article_id for claim in claims if not claim.decided)


@given(CLAIMS)
def test_an_article_alone_is_never_sent_alone_again_without_a_try(claim: Claim) -> None:
    assert triage([claim], solo=True, max_solo_attempts=3).alone == ()
