from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.shared.core.sharing import MAX_SHARED, Shown, same_word, shared_names, shared_terms, shared_title


def names(left: Sequence[str], right: Sequence[str]) -> tuple[str, ...]:
    return shared_names(Shown(left), Shown(right))


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        (["Rubio"], ["Marco Rubio"], ("Rubio",)),
        (["Marco Rubio"], ["RUBIO"], ("RUBIO",)),
        (["von der Leyen"], ["Ursula von der Leyen"], ("von der Leyen",)),
        (["European Union"], ["EU"], ("EU",)),
        (["U.N."], ["United Nations"], ("U.N.",)),
        (["Kyiv"], ["KYIV"], ("Kyiv",)),
    ],
)
def test_a_name_is_known_by_its_end_or_its_initials(left: list[str], right: list[str], shown: tuple[str, ...]) -> None:
    assert names(left, right) == shown
    assert [name.casefold() for name in names(right, left)] == [name.casefold() for name in shown]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["Tannen"], ["Ilse Tannen", "Otto Tannen"]),  # either could be meant
        (["Ilse Tannen"], ["Otto Tannen"]),
        (["Ilse"], ["Ilse Tannen"]),  # a first name is nobody's alone
        (["Eu"], ["European Union"]),
        (["Mayor Ilse Tannen"], ["Governor Otho Brandt"]),
    ],
)
def test_a_name_that_could_be_anothers_is_not_shared(left: list[str], right: list[str]) -> None:
    assert names(left, right) == names(right, left) == ()


def test_a_part_of_a_longer_shared_name_is_not_said_twice() -> None:
    both = ["Velmora Dam Company", "Velmora", "VDC", "Ilse Tannen"]
    assert names(both, list(reversed(both))) == ("Velmora Dam Company", "Ilse Tannen")


def test_without_a_shared_name_the_telling_words_of_names_are_shown() -> None:
    left = Shown(["Nippon Steel", "Corp of Osaka"], ["steel"])
    assert shared_names(left, Shown(["Phoenix Steel Corp"], ["mill"])) == ("Steel",)


def test_the_names_most_telling_in_both_come_first_and_are_few() -> None:
    many = [f"Name{number}" for number in range(20)]
    assert names(many, many[9:]) == tuple(many[9:17])
    assert names(["First", "Second", "Third"], ["Third", "Second", "First", "Second"])[0] == "First"
    assert names(["Ilse", "Karsk", "Senn"], ["Senn", "Karsk"]) == ("Karsk", "Senn")
    assert len(names(many, many)) == MAX_SHARED


def test_terms_are_shared_in_any_form_and_not_said_again() -> None:
    left = Shown(terms=["Kyiv", "flood", "resigned", "Iran", "3.5"])
    right = Shown(terms=["floods", "kyiv", "resigns", "Iraq", "3.51"])
    assert shared_terms(left, right, besides=["Kyiv"]) == ("flood", "resigned")
    assert shared_terms(Shown(terms=["Kyiv"]), right, besides=["Kyiv"]) == ("Kyiv",)


def test_a_shouting_headline_is_shown_in_the_voice_of_the_other() -> None:
    left = Shown(terms=["FLOOD", "DAM"], title="FLOOD AT DAM")
    right = Shown(terms=["flood", "dam"], title="Dam holds back flood")
    assert shared_terms(left, right) == ("flood", "dam")
    assert shared_title(left, right) == ("flood", "Dam")


def test_title_words_are_shared_as_phrases_without_stop_words() -> None:
    left = Shown(terms=["ilse", "tannen", "dam", "opens"], title="Ilse Tannen opens the dam's gates to the press")
    right = Shown(terms=["dam"], title="To the dam: Ilse Tannen opens")
    assert shared_title(left, right) == ("Ilse Tannen opens", "dam")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("resigns", "resigned", True),
        ("austria", "australia", False),
        ("iran", "iraq", False),
        ("1987", "1988", False),
        ("flut", "fluten", False),
        ("dam", "dams", False),
    ],
)
def test_forms_of_one_word_begin_alike(one: str, other: str, same: bool) -> None:  # noqa: FBT001 (a table's column)
    assert same_word(one, other) is same


anything = st.builds(Shown, st.lists(st.text(), max_size=30), st.lists(st.text(), max_size=20), st.text())


@given(anything, anything)
def test_any_texts_are_compared(left: Shown, right: Shown) -> None:
    for found in (shared_names(left, right), shared_terms(left, right), shared_title(left, right)):
        assert len(found) <= MAX_SHARED
        assert len(set(found)) == len(found)
