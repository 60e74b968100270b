"""Identifiers and addresses that a feed gives to several of its entries: they tell nobody which entry it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url, url_digest
from themeline.ingest.core.feeds.model import FeedEntry
from themeline.ingest.core.titles import normalised_title

# A guid, a title, or an address: its digest, or as it is where nothing can be read there.
Name = str | bytes


def distinct(entries: tuple[FeedEntry, ...]) -> tuple[FeedEntry, ...]:
    """The entries of one document, in their order, without what it gives to different ones of them.

    A guid at two addresses is a constant (the channel's, or `0`); an address under two titles, where no guid tells
    the entries apart, is the home page. Without it, what is left identifies each: the address, else title and time.
    An entry that is listed twice is still one.
    """
    return _with_addresses_of_their_own(_with_guids_of_their_own(entries))


def _with_guids_of_their_own(entries: tuple[FeedEntry, ...]) -> tuple[FeedEntry, ...]:
    guids = [entry.guid for entry in entries if entry.guid is not None]
    if len(guids) == len(set(guids)):
        return entries
    shared = _of_several((entry.guid, _address(entry)) for entry in entries)
    return tuple(replace(entry, guid=None) if entry.guid in shared else entry for entry in entries)


def _with_addresses_of_their_own(entries: tuple[FeedEntry, ...]) -> tuple[FeedEntry, ...]:
    addresses = [_address(entry) if entry.guid is None else None for entry in entries]
    titles = (normalised_title(entry.title) for entry in entries)
    shared = _of_several(zip(addresses, titles, strict=True))
    return tuple(
        replace(entry, url=None) if address in shared else entry
        for entry, address in zip(entries, addresses, strict=True)
    )


def _of_several(pairs: Iterable[tuple[Name | None, Name | None]]) -> set[Name]:
    """What stands beside two different things; what is absent or empty is no thing."""
    beside = defaultdict(set)
    for one, other in pairs:
        if one and other:
            beside[one].add(other)
    return {one for one, others in beside.items() if len(others) > 1}


def _address(entry: FeedEntry) -> Name | None:
    try:
        return url_digest(canonical_url(entry.url)) if entry.url is not None else None
    except UnusableUrlError:
        return entry.url
