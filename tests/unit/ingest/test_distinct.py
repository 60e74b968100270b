"""Which identifiers and addresses of a feed's entries tell them apart."""

from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.distinct import distinct
from themeline.ingest.core.feeds.entries import entry_key
from themeline.ingest.core.feeds.model import FeedEntry

HOME = "https://news.example/"


def told(title: str = "News", url: str | None = None, guid: str | None = None) -> FeedEntry:
    return FeedEntry(guid=guid, url=url, title=title)


def test_an_identifier_of_entries_with_different_addresses_identifies_nothing() -> None:
    shared = [told(f"News {n}", f"{HOME}{n}", "0") for n in range(3)]
    own = told("Own", f"{HOME}own", "1")
    assert distinct((*shared, own)) == (*(told(f"News {n}", f"{HOME}{n}") for n in range(3)), own)


def test_an_entry_that_is_listed_twice_keeps_its_identifier() -> None:
    entries = (
        told("News", f"{HOME}a", "0"),
        told("News, corrected", "http://www.news.example/a/?utm_source=rss", "0"),
        told("News", None, "0"),
    )
    assert distinct(entries) == entries


def test_an_entry_without_address_loses_an_identifier_that_two_others_share() -> None:
    entries = (told("A", f"{HOME}a", "0"), told("B", f"{HOME}b", "0"), told("C", None, "0"))
    assert [entry.guid for entry in distinct(entries)] == [None] * 3


def test_an_address_of_entries_with_different_titles_identifies_nothing() -> None:
    entries = (told("A", HOME), told("B", f"{HOME}?utm_source=rss"), told("C", f"{HOME}c"))
    assert distinct(entries) == (told("A"), told("B"), told("C", f"{HOME}c"))


def test_an_address_that_is_listed_twice_under_one_title_stays() -> None:
    entries = (told("News!", f"{HOME}a"), told("news", f"{HOME}a"), told("", f"{HOME}a"))
    assert distinct(entries) == entries


def test_entries_with_identifiers_of_their_own_may_share_an_address() -> None:
    entries = (told("A", HOME, "1"), told("B", HOME, "2"), told("C", HOME))
    assert distinct(entries) == entries


def test_an_address_counts_where_the_identifier_did_not() -> None:
    entries = (told("A", HOME, "0"), told("B", HOME, "0"), told("C", f"{HOME}c", "0"))
    assert distinct(entries) == (told("A"), told("B"), told("C", f"{HOME}c"))


def test_an_address_at_which_nothing_can_be_read_is_compared_as_it_is() -> None:
    desk = "mailto:desk@news.example"
    entries = (told("A", desk), told("B", desk), told("C", "mailto:Desk@news.example"))
    assert distinct(entries) == (told("A"), told("B"), entries[2])


entries_of_any_kind = st.builds(
    told,
    title=st.sampled_from(["A", "B", ""]),
    url=st.sampled_from([None, HOME, f"{HOME}a", f"{HOME}a/"]),
    guid=st.sampled_from([None, "0", "1"]),
)


@given(st.lists(entries_of_any_kind, max_size=6).map(tuple))
def test_what_tells_entries_apart_stays_and_is_enough(entries: tuple[FeedEntry, ...]) -> None:
    once = distinct(entries)
    assert [entry.title for entry in once] == [entry.title for entry in entries]
    assert distinct(once) == once
    if all(entry.title for entry in entries):
        of_key: dict[bytes, set[str]] = {}
        for entry in once:
            if entry.guid is None:
                of_key.setdefault(entry_key(entry), set()).add(entry.title)
        assert all(len(titles) == 1 for titles in of_key.values())
