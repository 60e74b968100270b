import httpx
from hypothesis import given
from hypothesis import strategies as st

from themeline.cli.pushing import MOST_BYTES, MOST_ITEMS, Pusher, batched, in_batches
from themeline.cli.sources import Entry, Found, Unreadable


@given(st.lists(st.integers(min_value=0, max_value=MOST_BYTES), max_size=12))
def test_batches_are_never_too_large_and_lose_nothing(sizes: list[int]) -> None:
    entries = [Entry(str(number), {"text": "x" * size}) for number, size in enumerate(sizes)]
    batches = list(in_batches(entries))
    assert [line.entry for batch in batches for line in batch] == entries
    for batch in batches:
        assert batch
        assert len(batch) == 1 or sum(len(line.body) for line in batch) <= MOST_BYTES


def test_many_small_articles_go_in_several_requests() -> None:
    batches = list(in_batches(Entry(str(number), {}) for number in range(2 * MOST_ITEMS + 1)))
    assert [len(batch) for batch in batches] == [MOST_ITEMS, MOST_ITEMS, 1]


def test_each_line_is_one_line_of_ascii() -> None:
    (batch,) = in_batches([Entry("here", {"title": "two\nlines, ümlaut, \ud800"})])
    assert batch[0].body == b'{"title": "two\\nlines, \\u00fcmlaut, \\ud800"}\n'


def test_what_cannot_be_sent_stays_between_the_articles_it_stood_between() -> None:
    bad = Unreadable("there", "not JSON")
    found: list[Found] = [*(Entry(str(number), {}) for number in range(MOST_ITEMS - 1)), bad, Entry("last", {})]
    first, second = batched(found)
    assert (len(first.lines), first.others) == (MOST_ITEMS - 1, [bad])
    assert ([line.entry.where for line in second.lines], second.others) == (["last"], [])


def test_who_waits_is_told_why() -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(202, json={"results": [{}]})])
    told: list[str] = []
    with httpx.Client(base_url="http://ingest", transport=httpx.MockTransport(lambda _: next(answers))) as client:
        (batch,) = in_batches([Entry("here", {})])
        assert len(list(Pusher(client, told.append).push(batch))) == 1
    assert told == ["http://ingest/v1/articles answered 429"]
