"""Addresses of feeds as people write them, health, and cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core import cursors
from themeline.ingest.core.canonical import UnusableUrlError
from themeline.ingest.core.feedforms import feed_url
from themeline.ingest.core.health import feed_health

IDS = st.integers(min_value=1, max_value=2**63 - 1)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://courier.example/feed", "https://courier.example/feed"),
        (" courier.example ", "https://courier.example/"),
        ("courier.example:8080/feed?page=2", "https://courier.example:8080/feed?page=2"),
        ("feed:https://courier.example/feed", "https://courier.example/feed"),
        ("feed://courier.example/feed", "https://courier.example/feed"),
        ("//courier.example/feed", "https://courier.example/feed"),
        ("http://кур'єр.example", None),
        ("http://café.example/?b=2&a=1", "http://xn--caf-dma.example/?b=2&a=1"),
        ("https://courier.example/@user", "https://courier.example/@user"),
        ("https://user@courier.example/", None),
        ("https://user:secret@courier.example/", None),
        ("file:///etc/passwd", None),
        ("http://[::", None),
        ("mailto:desk@courier.example", None),
        ("", None),
    ],
)
def test_addresses_are_read_as_people_write_them(written: str, address: str | None) -> None:
    if address is None:
        with pytest.raises(UnusableUrlError):
            feed_url(written)
    else:
        assert feed_url(written) == address


@given(st.text())
def test_any_text_is_an_address_or_a_named_mistake(text: str) -> None:
    try:
        address = feed_url(text)
    except UnusableUrlError:
        return
    assert feed_url(address) == address


@pytest.mark.parametrize(
    ("state", "polls", "failures", "health"),
    [
        ("active", 0, 0, "new"),
        ("active", 9, 0, "healthy"),
        ("active", 1, 1, "failing"),
        ("paused", 9, 3, "paused"),
        ("retired", 9, 3, "retired"),
    ],
)
def test_health_is_one_word(state: str, polls: int, failures: int, health: str) -> None:
    assert feed_health(state, polls, failures) == health


@given(IDS, st.text())
def test_a_cursor_leads_back_in_its_own_list_alone(id_: int, scope: str) -> None:
    cursor = cursors.encode(id_, scope)
    assert cursors.decode(cursor, scope) == id_
    with pytest.raises(ValueError, match="another list"):
        cursors.decode(cursor, f"{scope}x")


@given(st.text())
def test_any_text_is_a_cursor_or_a_named_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        cursors.decode(text, "feeds")
