from array import array

from hypothesis import given
from hypothesis import strategies as st

from themeline.shared.core.reasons import MAX_SHARED, Signal, decode_reasons, shared_words


def test_only_what_speaks_for_a_relation_is_a_reason() -> None:
    stored = array("b", [10, 30, -20, 0, 0, 0, 0, 0]).tobytes()
    reasons = decode_reasons(stored, names=(["Kyiv", "Rubio"], ["rubio", "Kyiv"]), terms=(["dam"], ["rain"]))
    assert [(reason.signal, reason.weight, reason.shared) for reason in reasons] == [
        ("names", 0.75, ("Kyiv", "Rubio")),
        ("lexical", 0.25, ()),
    ]


@given(st.binary(max_size=40))
def test_any_bytes_are_read(stored: bytes) -> None:
    reasons = decode_reasons(stored)
    assert len(reasons) <= len(Signal)
    assert all(0 < reason.weight <= 1 for reason in reasons)


def test_shared_words_keep_the_first_order_and_are_few() -> None:
    words = [f"Word{number}" for number in range(20)]
    assert shared_words(words, [word.upper() for word in reversed(words)]) == tuple(words[:MAX_SHARED])
