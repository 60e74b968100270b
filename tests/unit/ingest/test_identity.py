"""Which stored article a draft is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identities import NOON, Store, draft, kinds
from themeline.ingest.core.decisions import (
    Create,
    Provisional,
    Refused,
    Unchanged,
    Update,
)
from themeline.ingest.core.embargo import embargo_until
from themeline.ingest.core.identity import decide, fingerprint
from themeline.ingest.core.keys import KeyKind, keys_of


def test_the_same_request_twice_changes_nothing_the_second_time() -> None:
    store = Store()
    request = [draft(url="https://example.com/a", text="A"), draft(external_id="7"), draft(title="Other")]
    assert kinds(store.push(*request)) == [Create, Create, Create]
    assert kinds(store.push(*request)) == [Unchanged, Unchanged, Unchanged]


def test_a_new_text_under_the_same_address_is_a_new_version() -> None:
    store = Store()
    store.push(draft(url="https://example.com/a", text="A"))
    (decision,) = store.push(draft(url="http://www.example.com/a/?utm_source=x", text="B"))
    assert isinstance(decision, Update)
    assert (decision.target, decision.version, decision.url) == (1, 2, "https://example.com/a")


def test_a_request_that_revises_an_article_twice_changes_nothing_the_second_time() -> None:
    store = Store()
    request = [draft(external_id="7", url=f"https://example.com/{text}", text=text) for text in "abc"]
    assert kinds(store.push(*request)) == [Create, Update, Update]
    after = store.articles[1]
    assert kinds(store.push(*request)) == [Unchanged] * 3
    assert store.articles[1] == after


def test_two_items_of_one_request_on_one_article_are_one_article() -> None:
    first, second, third = Store().push(
        draft(url="https://example.com/a", text="A"),
        draft(url="https://example.com/a", text="B"),
        draft(url="https://example.com/a", text="B"),
    )
    assert isinstance(first, Create)
    assert isinstance(second, Update)
    assert isinstance(third, Unchanged)
    assert (second.target, second.version, third.target) == (Provisional(0), 2, Provisional(0))


def test_a_headline_never_replaces_a_body() -> None:
    store = Store()
    store.push(draft(url="https://example.com/a", text="A", published=NOON))
    for headline in (draft(url="https://example.com/a", title="Changed"), draft(published=NOON)):
        (decision,) = store.push(headline)
        assert isinstance(decision, Unchanged)
        assert decision.target == 1


def test_the_full_article_under_the_same_address_is_a_new_version_of_its_headline() -> None:
    store = Store()
    store.push(draft(url="https://example.com/a"))
    assert kinds(store.push(draft(url="https://example.com/a", text="A"))) == [Update]


def test_the_full_article_with_address_is_a_new_version_of_a_headline_with_its_source_title_and_time() -> None:
    store = Store()
    store.push(draft(title="**Title**", published="Sat, 12 Jul 2025 12:00:00 GMT"))
    (decision,) = store.push(draft(url="https://example.com/a", text="A", published=NOON))
    assert isinstance(decision, Update)
    assert (decision.target, decision.url) == (1, "https://example.com/a")
    assert kinds(store.push(draft(url="https://example.com/a", text="A", published=NOON))) == [Unchanged]


def test_the_same_title_at_another_time_or_in_another_source_is_another_article() -> None:
    store = Store()
    store.push(draft(published=NOON))
    others = [draft(published="2025-07-12T12:00:01Z"), draft(), draft(published=NOON, source="Else")]
    assert kinds(store.push(*others)) == [Create, Create, Create]


def test_undated_headlines_with_one_title_are_one_article() -> None:
    store = Store()
    store.push(draft(published="some day"))
    assert kinds(store.push(draft())) == [Update]
    assert len(store.articles) == 1


def test_two_addresses_with_one_title_and_time_are_two_articles() -> None:
    a, b = draft(url="https://example.com/a", published=NOON), draft(url="https://example.com/b", published=NOON)
    assert kinds(Store().push(a, b)) == [Create, Create]


def test_an_identifier_and_an_address_with_one_title_and_time_are_two_articles() -> None:
    a, b = draft(url="https://example.com/a", published=NOON), draft(external_id="1", published=NOON)
    assert kinds(Store().push(a, b)) == [Create, Create]


def test_two_identifiers_with_one_title_and_time_are_two_articles() -> None:
    a, b = draft(external_id="1", published=NOON), draft(external_id="2", published=NOON)
    assert kinds(Store().push(a, b)) == [Create, Create]


def test_the_publishers_identifier_decides_against_the_address_and_says_so() -> None:
    store = Store()
    store.push(draft(external_id="1", url="https://example.com/a", text="A"))
    store.push(draft(external_id="2", url="https://example.com/b", text="B"))
    (decision,) = store.push(draft(external_id="1", url="https://example.com/b", text="C"))
    assert isinstance(decision, Update)
    assert (decision.target, decision.url) == (1, "https://example.com/a")
    assert decision.notice is not None


def test_an_identifier_adopts_the_article_of_its_source_at_its_address() -> None:
    store = Store()
    store.push(draft(url="https://example.com/a", text="A"))
    (decision,) = store.push(draft(external_id="1", url="https://example.com/a", text="A"))
    assert isinstance(decision, Unchanged)
    assert (decision.target, decision.external_id, decision.notice) == (1, "1", None)
    assert [key.kind for key in decision.keys] == [KeyKind.EXTERNAL]
    assert kinds(store.push(draft(external_id="1", text="A2"))) == [Update]


@pytest.mark.parametrize("owner", [{"external_id": "1"}, {"source": "Else"}])
def test_an_unknown_identifier_at_an_address_with_another_owner_is_a_new_article(owner: dict[str, str]) -> None:
    first = draft(url="https://example.com/a", text="A", **owner)
    second = draft(external_id="2", url="https://example.com/a", text="A")
    _, decision = Store().push(first, second)
    assert isinstance(decision, Create)
    assert KeyKind.URL not in {key.kind for key in decision.keys}
    assert decision.notice is not None


def test_an_identifier_belongs_to_its_source() -> None:
    assert kinds(Store().push(draft(external_id="1"), draft(external_id="1", source="Else"))) == [Create, Create]


def test_a_new_address_of_a_known_identifier_is_a_new_version_at_that_address() -> None:
    store = Store()
    store.push(draft(external_id="1", url="https://example.com/a", text="A"))
    (decision,) = store.push(draft(external_id="1", url="https://example.com/b", text="A"))
    assert isinstance(decision, Update)
    assert decision.url == "https://example.com/b"
    assert kinds(store.push(draft(url="https://example.com/a", text="A"))) == [Update]


def test_an_item_without_address_takes_none_away() -> None:
    store = Store()
    store.push(draft(external_id="1", url="https://example.com/a", text="A"))
    (decision,) = store.push(draft(external_id="1", text="B"))
    assert isinstance(decision, Update)
    assert decision.url == "https://example.com/a"


def test_a_withdrawn_article_is_refused_and_stays_as_it_is() -> None:
    store = Store()
    store.push(draft(url="https://example.com/a", text="A"))
    store.withdraw(1)
    (decision,) = store.push(draft(url="https://example.com/a", text="B"))
    assert isinstance(decision, Refused)
    assert (decision.target, decision.rejection.type) == (1, "withdrawn")


def test_a_time_without_zone_is_compared_in_the_zone_of_its_source() -> None:
    local = keys_of(draft(published="2025-07-12 15:00:00"), ZoneInfo("Europe/Kyiv"))
    assert local == keys_of(draft(published=NOON))


@pytest.mark.parametrize(
    "met",
    [
        {"url": "https://example.com/a", "title": "Changed", "text": "B"},
        {"url": "https://example.com/a", "text": "A"},
        {"url": "https://example.com/a", "published": NOON},
    ],
)
def test_a_feed_changes_no_article_of_another_source_and_leaves_no_key_at_it(met: dict[str, str]) -> None:
    store = Store()
    store.push(draft(url="https://example.com/a", text="A"))
    before, keys = store.articles[1], dict(store.owners)
    (decision,) = store.push(draft(source="Else", **met), feed_id=7)
    assert isinstance(decision, Unchanged)
    assert (decision.target, decision.foreign, decision.keys) == (1, True, ())
    assert (store.articles, store.owners) == ({1: before}, keys)


def test_a_feed_gives_a_headline_of_another_source_neither_text_nor_address() -> None:
    store = Store()
    store.push(draft(url="https://example.com/a"))
    store.push(draft(source="Else", published=NOON, url="https://example.com/a"))  # pushed: it claims the title, too
    completing = draft(source="Else", published=NOON, url="https://else.example/b", external_id="7", text="B")
    (decision,) = store.push(completing, feed_id=7)
    assert isinstance(decision, Unchanged)
    assert (decision.external_id, decision.url, decision.keys) == (None, "https://example.com/a", ())


def test_what_was_read_for_a_feed_that_is_gone_changes_no_article_of_another_source() -> None:
    ours, theirs = draft(url="https://example.com/a", text="A"), draft(url="https://example.com/a", source="Else")
    request = [(ours, keys_of(ours)), (theirs, keys_of(theirs)), (ours, keys_of(ours))]
    assert kinds(decide(request, {}, is_read=True)) == [Create, Unchanged, Unchanged]


def test_whoever_pushes_an_address_changes_the_article_there() -> None:
    store = Store()
    store.push(draft(url="https://example.com/a", text="A"), feed_id=7)
    assert kinds(store.push(draft(url="https://example.com/a", text="B", source="Else"))) == [Update]


LISTED = {"url": "https://example.com/a", "text": "A", "published": NOON}


def test_an_entry_that_its_feed_lists_under_a_new_identifier_is_the_article_that_it_was() -> None:
    store = Store()
    store.push(draft(external_id="1", **LISTED), feed_id=7)
    keys = dict(store.owners)
    (decision,) = store.push(draft(external_id="2", **LISTED), feed_id=7)
    assert isinstance(decision, Unchanged)
    assert (decision.target, decision.external_id, decision.notice) == (1, "1", None)
    (decision,) = store.push(draft(external_id="3", **LISTED | {"text": "B"}), feed_id=7)
    assert isinstance(decision, Update)
    assert (decision.target, decision.external_id, store.owners) == (1, "1", keys)


@pytest.mark.parametrize(
    ("other", "feed_id"),
    [
        ({}, 8),
        ({}, None),
        ({"title": "The next briefing"}, 7),
        ({"published": "2025-07-13T12:00:00Z"}, 7),
        ({"url": "https://example.com/b"}, 7),
        ({"source": "Else"}, 7),
    ],
)
def test_a_new_identifier_is_another_article_where_feed_address_title_or_time_is_another(
    other: dict[str, str], feed_id: int | None
) -> None:
    store = Store()
    store.push(draft(external_id="1", **LISTED), feed_id=7)
    assert kinds(store.push(draft(external_id="2", **LISTED | other), feed_id=feed_id)) == [Create]


choices = st.fixed_dictionaries(
    {"title": st.sampled_from(["A", "B"])},
    optional={
        "url": st.sampled_from(["https://example.com/a", "https://example.com/b", "https://example.com/c"]),
        "external_id": st.sampled_from(["1", "2"]),
        "text": st.sampled_from(["x", "y"]),
        "published": st.sampled_from([NOON, "2025-07-13"]),
        "teaser": st.booleans(),
    },
)


@given(st.lists(st.lists(choices, min_size=1, max_size=5), max_size=5))
def test_any_requests_keep_one_owner_a_key_and_one_article_an_identifier(requests: list[list[dict[str, Any]]]) -> None:
    store = Store()
    for request in requests:
        drafts = [draft(**fields) for fields in request]
        decisions = store.push(*drafts)
        assert len(decisions) == len(drafts)
    identifiers = [one.external_id for one in store.articles.values() if one.external_id]
    assert len(identifiers) == len(set(identifiers))


@given(choices)
def test_any_item_sent_again_is_unchanged(fields: dict[str, Any]) -> None:
    store = Store()
    store.push(draft(**fields))
    assert kinds(store.push(draft(**fields))) == [Unchanged]
    assert store.articles[1].content_hash == fingerprint(draft(**fields))


@given(st.lists(choices, min_size=1, max_size=4))
def test_any_request_sent_again_changes_nothing(request: list[dict[str, Any]]) -> None:
    store = Store()
    store.push(*(draft(**fields) for fields in request))
    after = dict(store.articles)
    assert set(kinds(store.push(*(draft(**fields) for fields in request)))) == {Unchanged}
    assert store.articles == after


@pytest.mark.parametrize(("minutes", "held"), [(-60, False), (0, False), (60, False), (61, True)])
def test_only_a_time_more_than_an_hour_ahead_is_an_embargo(minutes: int, *, held: bool) -> None:
    now = datetime(2025, 7, 12, 12, tzinfo=UTC)
    published = now + timedelta(minutes=minutes)
    assert embargo_until(published, now) == (published if held else None)
    assert embargo_until(None, now) is None
