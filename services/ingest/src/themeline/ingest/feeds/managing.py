"""Feeds added, changed, removed, and asked for now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from themeline.ingest.core.canonical import host_of
from themeline.ingest.core.drafts import source_key
from themeline.ingest.core.feedforms import FeedChange, FeedForm
from themeline.ingest.store import feeds as store
from themeline.ingest.store.sources import ensure_sources, permit_full_text
from themeline.shared.models import Feed

# Before anything is known of how often a feed has news; the table's own default.
FIRST_INTERVAL_S = 900
# Whoever polls the feed finds its lease lost, and writes nothing of what it read.
TAKEN_BACK = {"lease": None, "lease_until": None, "queued_until": None}
# The next poll reads the body, whatever the last one had.
UNSEEN = {"etag": None, "last_modified": None, "body_digest": None}
# Known of one address alone: at another one nothing of it holds.
UNREAD = UNSEEN | {"hints": None, "format": None, "entries": 0}
UNSUBSCRIBED = {
    "hub_url": None,
    "topic_url": None,
    "hub_state": "none",
    "hub_token": None,
    "hub_secret": None,
    "hub_requested_at": None,
    "hub_lease_until": None,
    "hub_error": None,
}


class AddressTakenError(Exception):
    """Another feed is read at the address."""


@dataclass(frozen=True)
class Added:
    """What became of one feed that was to be added; a retired one that is read again is `added`, too."""

    status: Literal["added", "existing"]
    url: str
    public_id: UUID


def add(session: Session, forms: Sequence[FeedForm], *, now: datetime) -> list[Added]:
    """Store feeds that are not known yet; return what became of each, in order.

    A feed is known by the address where it is read, and by the one that it was added by. What is known stays as it
    is, except that a retired feed is read again. Nothing is fetched here: the first poll is due at once.

    Raises:
        AddressTakenError: somebody else stored a feed at the address in this moment.
    """
    addresses = {form.url for form in forms}
    known = store.find(session, addresses)
    new = {form.url: form for form in reversed(forms) if form.url not in known}
    stored = _store(session, list(new.values()), now)
    revived = {url for url, feed in known.items() if feed.state == "retired"}
    for url in revived:
        _write(session, [known[url].id], _at_address(url, now) | _revived(now))
    found = known | stored | store.find(session, new.keys() - stored.keys())
    fresh = stored.keys() | revived
    results = []
    for form in forms:
        status: Literal["added", "existing"] = "added" if form.url in fresh else "existing"
        fresh -= {form.url}
        results.append(Added(status, form.url, found[form.url].public_id))
    return results


def change(session: Session, public_id: UUID, form: FeedChange, *, now: datetime) -> bool:
    """Change what the form names; False when there is no such feed.

    Raises:
        AddressTakenError: another feed is read at the new address.
    """
    feed = store.lock(session, public_id)
    if feed is None:
        return False
    given = form.model_fields_set
    values: dict[str, Any] = {}
    if form.url is not None and form.url != feed.url:
        values |= _at_address(form.url, now)
    if form.source is not None:
        values["source_id"] = _source_ids(session, [form.source])[source_key(form.source)]
    if "title" in given:
        values |= {"title": form.title} if form.title else UNSEEN | {"title": None}
    if "interval_seconds" in given:
        values |= _interval(feed, form.interval_seconds, now)
    if form.state is not None and form.state != feed.state:
        values |= {"state": form.state, "reason": None} if form.state == "paused" else _revived(now)
    _write(session, [feed.id], values)
    return True


def remove(session: Session, public_id: UUID) -> bool:
    """Remove a feed; its articles stay. False when there is no such feed."""
    return store.remove(session, public_id)


def poll_now(session: Session, public_id: UUID, *, now: datetime) -> str | None:
    """Make a feed due; return its state, or None when there is none. What is not active is not polled."""
    feed = store.lock(session, public_id)
    if feed is None:
        return None
    if feed.state == "active":
        store.change(session, [feed.id], {"next_poll_at": now})
    return feed.state


def _store(session: Session, forms: Sequence[FeedForm], now: datetime) -> dict[str, store.FoundFeed]:
    """Return those that were stored, by address."""
    if not forms:
        return {}
    names = {form.url: form.source or host_of(form.url) for form in forms}
    ids = _source_ids(session, names.values())
    for permission in (True, False):
        permitted = [ids[source_key(names[form.url])] for form in forms if form.full_text is permission]
        permit_full_text(session, permitted, permission=permission)
    rows = [_row(form, ids[source_key(names[form.url])], now) for form in forms]
    return store.insert_feeds(session, rows)


def _row(form: FeedForm, source_id: int, now: datetime) -> dict[str, Any]:
    interval = form.interval_seconds
    return {
        "url": form.url,
        "added_as": form.url,
        "source_id": source_id,
        "title": form.title,
        "next_poll_at": now,
        "fixed_interval_seconds": interval,
        "interval_seconds": interval or FIRST_INTERVAL_S,
    }


def _source_ids(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Return the sources of these names by key, storing those that are new."""
    return {key: row.id for key, row in ensure_sources(session, {source_key(name): name for name in names}).items()}


def _at_address(url: str, now: datetime) -> dict[str, Any]:
    return UNREAD | UNSUBSCRIBED | TAKEN_BACK | {"url": url, "next_poll_at": now}


def _revived(now: datetime) -> dict[str, Any]:
    return {"state": "active", "reason": None, "failures": 0, "next_poll_at": now}


def _interval(feed: Feed, seconds: int | None, now: datetime) -> dict[str, Any]:
    if seconds is None:
        return {"fixed_interval_seconds": None}
    soon = min(feed.next_poll_at, now + timedelta(seconds=seconds))
    return {"fixed_interval_seconds": seconds, "interval_seconds": seconds, "next_poll_at": soon}


def _write(session: Session, ids: Sequence[int], values: Mapping[str, Any]) -> None:
    try:
        store.change(session, ids, values)
    except IntegrityError as error:
        raise AddressTakenError from error
