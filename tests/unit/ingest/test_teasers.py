"""What a teaser may replace, and what completes it."""

import pytest

from identities import NOON, Store, draft, kinds
from themeline.ingest.core.decisions import Create, Refused, Unchanged, Update

URL = "https://example.com/a"
FEED, OTHER_FEED = 1, 2

teaser = draft(url=URL, text="The beginning.", teaser=True)
full = draft(url=URL, text="The beginning. And the end.")
headline = draft(url=URL)


def causes(store: Store) -> str:
    (decision,) = store.push(full)
    assert isinstance(decision, Update)
    return decision.cause


def test_a_text_completes_a_headline_and_a_teaser_and_changes_another_text() -> None:
    for before, cause in ((headline, "completed"), (teaser, "completed"), (draft(url=URL, text="Else."), "changed")):
        store = Store()
        store.push(before)
        assert causes(store) == cause


def test_a_teaser_completes_a_headline() -> None:
    store = Store()
    store.push(headline)
    (decision,) = store.push(teaser)
    assert isinstance(decision, Update)
    assert decision.cause == "completed"


def test_a_teaser_never_replaces_a_body_whatever_its_title_says() -> None:
    store = Store()
    store.push(full)
    for later in (
        teaser,
        draft(url=URL, title="Corrected", text="A teaser longer than the body.", teaser=True),
    ):
        assert kinds(store.push(later, feed_id=FEED)) == [Unchanged]
    assert store.articles[1].version == 1


def test_a_teaser_of_a_known_body_gives_it_the_keys_to_know_it_by() -> None:
    store = Store()
    store.push(full)
    store.push(draft(url=URL, external_id="guid", text="The beginning.", teaser=True), feed_id=FEED)
    (decision,) = store.push(draft(external_id="guid", text="New."))
    assert isinstance(decision, Update)
    assert decision.target == 1


def test_a_feed_may_correct_its_own_teaser() -> None:
    store = Store()
    store.push(teaser, feed_id=FEED)
    (decision,) = store.push(draft(url=URL, text="Corrected.", teaser=True), feed_id=FEED)
    assert isinstance(decision, Update)
    assert decision.cause == "changed"


def test_two_feeds_with_teasers_of_their_own_do_not_take_turns() -> None:
    store = Store()
    theirs = draft(url=URL, text="Another beginning.", teaser=True)
    assert kinds(store.push(teaser, feed_id=FEED)) == [Create]
    assert kinds(store.push(theirs, feed_id=OTHER_FEED)) == [Unchanged]
    assert kinds(store.push(teaser, feed_id=FEED)) == [Unchanged]


def test_a_body_that_says_no_more_than_its_teaser_is_no_new_version() -> None:
    store = Store()
    store.push(teaser)
    assert kinds(store.push(draft(url=URL, text="The beginning."))) == [Unchanged]


def test_guids_are_compared_as_they_are() -> None:
    store = Store()
    guids = ["HTTPS://Example.com/?p=1", "https://example.com/?p=1", "tag:example.com,2025:1", "1", "01", " 1"]
    assert kinds(store.push(*(draft(external_id=guid, text=guid) for guid in guids[:5]))) == [Create] * 5
    assert kinds(store.push(draft(external_id=guids[5], text="1"))) == [Unchanged]


@pytest.mark.parametrize(
    "again",
    [
        {"external_id": "1", "url": "https://example.com/elsewhere", "text": "A"},
        {"external_id": "2", "url": URL, "text": "A"},
        {"external_id": "2", "url": URL, "text": "A", "source": "Else"},
        {"url": URL},
        {"published": NOON},
        {"published": NOON, "url": "https://example.com/list"},
        {"published": NOON, "url": "https://example.com/slug", "external_id": "2", "text": "A"},
    ],
    ids="+".join,
)
def test_a_withdrawn_article_does_not_come_back_by_any_of_its_keys(again: dict[str, str]) -> None:
    store = Store()
    store.push(draft(external_id="1", url=URL, text="A", published=NOON))
    store.withdraw(1)
    (decision,) = store.push(draft(**again), feed_id=FEED)
    assert kinds([decision]) == [Refused]


def test_a_title_without_a_time_is_not_the_name_of_what_was_withdrawn() -> None:
    store = Store()
    store.push(draft(external_id="1", url=URL, text="A"))
    store.withdraw(1)
    assert kinds(store.push(draft(external_id="2", url="https://example.com/b", text="B"))) == [Create]


def test_a_copy_that_is_known_by_its_own_address_outlives_the_withdrawn_one() -> None:
    store = Store()
    copies = [draft(url=f"https://example.com/{name}", text="A", published=NOON) for name in "ab"]
    store.push(*copies)
    store.withdraw(1)
    assert kinds(store.push(*copies)) == [Refused, Unchanged]
