from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.shared.core.reasons import Signal, decode_reasons, percentages
from themeline.shared.core.sharing import Shown

NOTHING = Shown()


def stored(**contributions: int) -> bytes:
    return array("b", [contributions.get(signal.name.lower(), 0) for signal in Signal]).tobytes()


def test_only_what_speaks_for_a_relation_is_a_reason() -> None:
    reasons = decode_reasons(
        stored(lexical=10, names=30, dense=-20),
        Shown(["Kyiv", "Rubio"], ["dam"], "Rubio in Kyiv"),
        Shown(["Marco Rubio", "Kyiv"], ["rain"], "Talks in Kyiv"),
    )
    assert [(reason.signal, reason.weight, reason.shared) for reason in reasons] == [
        ("names", 0.75, ("Kyiv", "Rubio")),
        ("lexical", 0.25, ()),
    ]


@pytest.mark.parametrize("shares", [(1, 1, 1), (1, 1, 1, 1, 1, 1), (127, 1), (5,), (3, 3, 7)])
def test_the_weights_of_a_relations_reasons_add_up_to_one(shares: tuple[int, ...]) -> None:
    names = [signal.name.lower() for signal in Signal]
    reasons = decode_reasons(stored(**dict(zip(names, shares, strict=False))), NOTHING, NOTHING)
    assert round(sum(reason.weight for reason in reasons), 9) == 1
    assert [reason.weight for reason in reasons] == sorted((reason.weight for reason in reasons), reverse=True)


@given(st.dictionaries(st.sampled_from(Signal), st.floats(0.001, 1000), min_size=1))
def test_percentages_are_whole_and_near_the_shares(shares: dict[Signal, float]) -> None:
    found = percentages(shares)
    assert sum(found.values()) == 100
    assert all(abs(found[signal] - 100 * share / sum(shares.values())) < 1 for signal, share in shares.items())


@given(st.binary(max_size=40))
def test_any_bytes_are_read(data: bytes) -> None:
    reasons = decode_reasons(data, NOTHING, NOTHING)
    assert len(reasons) <= len(Signal)
    assert all(0 < reason.weight <= 1 for reason in reasons)
