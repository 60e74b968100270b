"""Addresses of feeds as people write them, health, and cursors."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from themeline.ingest.core import cursors
from themeline.ingest.core.canonical import UnusableUrlError
from themeline.ingest.core.feedforms import FeedChange, FeedForm, feed_url
from themeline.ingest.core.forms import Form
from themeline.ingest.core.health import feed_health
from themeline.ingest.core.sourceforms import SourceForm

FORMS = (FeedForm, FeedChange, SourceForm)
NAMES = sorted({name for form in FORMS for name in form.model_fields})
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=3))
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


@pytest.mark.parametrize("form", FORMS)
@given(fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
def test_any_form_is_usable_or_a_named_mistake(form: type[Form], fields: dict[str, Any]) -> None:
    try:
        usable = form.model_validate_json(json.dumps(fields))
    except ValidationError:
        return
    assert form.model_validate_json(usable.model_dump_json(exclude_unset=True)) == usable, "reading it again changes it"
