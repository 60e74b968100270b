from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.api.pagination import Place, decode, encode, page

instants = st.datetimes(timezones=st.just(UTC))
places = st.builds(Place, instants, st.integers(-(2**63), 2**63 - 1))


@given(places, st.text())
def test_a_cursor_gives_back_its_place(place: Place, scope: str) -> None:
    assert decode(encode(place, scope), scope) == place


@given(places, st.text(), st.text())
def test_a_cursor_is_refused_by_any_other_list(place: Place, scope: str, other: str) -> None:
    if scope != other:
        with pytest.raises(ValueError, match="another list"):
            decode(encode(place, scope), other)


@given(st.text())
def test_no_text_that_a_client_makes_up_is_a_cursor(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a cursor|belongs to another list"):
        decode(text, "articles")


@given(places, st.integers(0, 25), st.sampled_from("ABCxyz019-_"))
def test_a_damaged_cursor_is_refused(place: Place, position: int, letter: str) -> None:
    cursor = encode(place, "articles")
    damaged = cursor[:position] + letter + cursor[position + 1 :]
    if damaged != cursor:
        with pytest.raises(ValueError):
            decode(damaged, "articles")


def test_a_page_with_more_behind_it_has_a_cursor_of_its_last_row() -> None:
    at = datetime(2025, 7, 12, tzinfo=UTC)
    rows, following = page([1, 2, 3], 2, lambda row: Place(at, row), "s")

    assert rows == [1, 2]
    assert following is not None
    assert decode(following, "s") == Place(at, 2)
    assert page([1, 2], 2, lambda row: Place(at, row), "s") == ([1, 2], None)
    assert page([], 2, lambda row: Place(at, row), "s") == ([], None)
