import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.api.queries.differences import (
    MAX_CHANGES,
    MAX_SHOWN,
    TextChange,
    sentences,
    text_changes,
)

# Far above what was measured, for machines that have other things to do.
SECONDS = 5.0
MILLION = 1_000_000


def test_a_corrected_sentence_is_told_alone() -> None:
    before = "The bridge closes on Monday. It opens in May.\n\nFerries go twice an hour."
    after = "The bridge closes on Tuesday. It opens in May.\n\nFerries go twice an hour."
    assert text_changes(before, after) == (
        [TextChange("replace", "The bridge closes on Monday.", "The bridge closes on Tuesday.")],
        0,
    )


def test_what_came_and_what_went_is_told_in_order() -> None:
    changes, more = text_changes("One. Two. Three.\nFour.", "Zero. One. Three.\nFour. Five.")
    assert changes == [
        TextChange("insert", None, "Zero."),
        TextChange("delete", "Two.", None),
        TextChange("insert", None, "Five."),
    ]
    assert more == 0


def test_the_same_text_and_other_line_breaks_change_nothing() -> None:
    assert text_changes("One. Two.", "One. Two.") == ([], 0)
    assert text_changes("One. Two.", "One.\n\nTwo.") == ([], 0)


def test_a_text_that_was_missing_is_one_insertion() -> None:
    assert text_changes("", "One. Two.") == ([TextChange("insert", None, "One. Two.")], 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("It rose by 3.5 % in U.S. dollars", ["It rose by 3.5 % in U.S.", "dollars"]),
        ("One!\nTwo?\n\nThree", ["One!", "Two?", "Three"]),
        (" \n \n", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_changes_are_bounded_in_number_and_length() -> None:
    before = "\n".join(f"{n} a\nkept {n}" for n in range(90))
    after = "\n".join(f"{n} b\nkept {n}" for n in range(90))
    changes, more = text_changes(before, after)
    assert (len(changes), more) == (MAX_CHANGES, 90 - MAX_CHANGES)

    ((only,), _) = text_changes("short", "x" * MILLION)
    assert only.after is not None
    assert len(only.after) == MAX_SHOWN


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * (MILLION // 2), "b\n" * (MILLION // 2)),
        ("a\n" * (MILLION // 2), "a\n" * (MILLION // 2 - 1) + "b\n"),
        ("." * MILLION, "." * (MILLION - 1) + "a"),
        ('."' * (MILLION // 2), "a"),
        ("\n".join("a" * 200), "\n".join("x" + "ab" * 99)),
        ("\n".join("ab" * 100), "\n".join("ba" * 100)),
    ],
    ids=["other lines", "last line", "dots", "quotes", "one against two", "alternating"],
)
def test_no_texts_take_long_to_compare(before: str, after: str) -> None:
    started = time.perf_counter()
    assert text_changes(before, after)[0]
    assert time.perf_counter() - started < SECONDS


texts = st.lists(st.sampled_from(["One.", "Two.", "Three!", "Four?"]), max_size=12)


@given(texts, texts)
def test_changes_lead_from_one_text_to_the_other(before: list[str], after: list[str]) -> None:
    changes, _ = text_changes(" ".join(before), " ".join(after))
    gone = [word for change in changes for word in (change.before or "").split()]
    came = [word for change in changes for word in (change.after or "").split()]
    assert sorted([*before, *came]) == sorted([*after, *gone])
