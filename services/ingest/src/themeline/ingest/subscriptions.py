"""The use cases at the callback of WebSub: what a hub's question means, and what its news does.

What a hub delivers is not parsed. It says that there is something new, and the feed itself says what: so there is one
way in, and a hub can neither put words into a publisher's mouth nor leave out what a lost delivery held.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from themeline.ingest.core.feeds.websub import Confirmed, Denied, Mode, NotOurs, is_signed, verify_intent
from themeline.ingest.store import subscriptions as store

# What is kept of a hub's own words.
MAX_ERROR = 500


def verify(session: Session, token: UUID, query: Mapping[str, str], *, now: datetime) -> Confirmed | Denied | NotOurs:
    """Say what a hub's question means, and keep where the subscription stands from now on."""
    feed = store.lock(session, token)
    if feed is None or feed.topic_url is None:
        return NotOurs("no feed has this callback")
    asked: Mode | None = "subscribe" if feed.hub_state in {"requested", "active"} else None
    meaning = verify_intent(query, topic=feed.topic_url, wanted=asked)
    if isinstance(meaning, Confirmed) and meaning.lease is not None:
        store.write(session, token, {"hub_state": "active", "hub_lease_until": now + meaning.lease, "hub_error": None})
    elif isinstance(meaning, Denied):
        store.write(session, token, {"hub_state": "denied", "hub_error": meaning.reason[:MAX_ERROR]})
    return meaning


def notified(
    session: Session, token: UUID, body: bytes, signature: str | None, *, now: datetime
) -> Literal["notified", "bad_signature"] | None:
    """Have the feed polled at once, if the signature shows that the hub asks for it; None without subscription."""
    secret = store.secret_of(session, token)
    if secret is None:
        return None
    if not is_signed(body, signature, secret=secret):
        return "bad_signature"
    store.make_due(session, token, now)
    return "notified"
