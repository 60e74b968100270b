"""Asking hubs to tell of news (WebSub): what a feed advertises is subscribed to, and renewed in time."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from themeline.ingest.core.feeds.model import ParsedFeed
from themeline.ingest.core.feeds.websub import Advertised, advertised, subscription_form
from themeline.ingest.core.subscriptions import LEASE, Request, Subscription, due_request
from themeline.ingest.fetch import Answer, Fetcher, FetchError
from themeline.ingest.store import polls
from themeline.ingest.store.polls import PolledFeed
from themeline.shared.db import Sessions, unit_of_work

# RFC 4231's longest key that SHA-256 takes as it is; WebSub allows 200 bytes.
SECRET_BYTES = 32
MOST_ERROR = 300


class Hubs:
    """Subscribes to feeds, where hubs can reach this system at all."""

    def __init__(self, sessions: Sessions, fetcher: Fetcher, public_url: str) -> None:
        self._sessions = sessions
        self._fetcher = fetcher
        self._public_url = public_url.rstrip("/")

    def subscribe(self, feed: PolledFeed, answer: Answer, parsed: ParsedFeed | None, now: datetime) -> None:
        """Ask the hub of a feed to tell of news, where that is due."""
        row = feed.row
        found = _found(feed, answer, parsed) if self._public_url else None
        if found is None:
            return
        stands = Subscription(
            hub_url=row.hub_url,
            topic_url=row.topic_url,
            state=row.hub_state,  # type: ignore[arg-type]  # one of HubState by the check of the table
            requested_at=row.hub_requested_at,
            lease_until=row.hub_lease_until,
        )
        request = due_request(stands, found, now)
        if request is not None:
            self._ask(feed, request, now)

    def _ask(self, feed: PolledFeed, request: Request, now: datetime) -> None:
        token, secret = _credentials(feed, is_new=request.is_new)
        values: dict[str, Any] = {
            "hub_url": request.hub_url,
            "topic_url": request.topic_url,
            "hub_requested_at": now,
            "hub_token": token,
            "hub_secret": secret,
            "hub_error": None,
        }
        if request.is_new:
            values["hub_lease_until"] = None
        if request.is_new or feed.row.hub_state != "active":
            values["hub_state"] = "requested"
        # Before the hub is asked: it may ask back at once.
        if not self._note(feed, values):
            return
        callback = f"{self._public_url}/v1/websub/{token}"
        form = subscription_form("subscribe", topic=request.topic_url, callback=callback, secret=secret, lease=LEASE)
        try:
            answer = self._fetcher.post(request.hub_url, form)
        except FetchError as error:
            self._note(feed, {"hub_error": f"{error.type}: {error.reason}"[:MOST_ERROR]})
            return
        if not 200 <= answer.status < 300:  # noqa: PLR2004  success by RFC 9110
            self._note(feed, {"hub_error": f"the hub answered {answer.status}"})

    def _note(self, feed: PolledFeed, values: dict[str, Any]) -> bool:
        with unit_of_work(self._sessions) as session:
            return polls.note(session, feed, values)


def _found(feed: PolledFeed, answer: Answer, parsed: ParsedFeed | None) -> Advertised | None:
    """What the feed advertises; where nothing new was read, and so half of it may be missing, what it did before."""
    row = feed.row
    if parsed is None:
        return Advertised((row.hub_url,), row.topic_url) if row.hub_url and row.topic_url else None
    headers = [f'<{link.url}>; rel="{link.rel}"' for link in answer.links]
    return advertised(headers, parsed, url=row.url)


def _credentials(feed: PolledFeed, *, is_new: bool) -> tuple[UUID, str]:
    row = feed.row
    if is_new or row.hub_token is None or row.hub_secret is None:
        return uuid4(), secrets.token_hex(SECRET_BYTES)
    return row.hub_token, row.hub_secret
