"""When to ask a hub to tell of news, and which hub. The clock is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from themeline.ingest.core.feeds.websub import Advertised, renew_at

HubState = Literal["none", "requested", "active", "denied"]

# What is asked for; the hub decides. WebSub, section 5.1: ten days is what hubs should take as their default.
LEASE = timedelta(days=10)
# A hub verifies within seconds or minutes: one that did not in this time will not.
RETRY_AFTER = timedelta(minutes=10)
# A refusal is a decision, and decisions change slowly.
RETRY_AFTER_DENIAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a feed's subscription stands."""

    hub_url: str | None = None
    topic_url: str | None = None
    state: HubState = "none"
    requested_at: datetime | None = None
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A hub to be asked about a topic; `is_new`: nothing that was agreed before holds for it."""

    hub_url: str
    topic_url: str
    is_new: bool


def is_active(state: str, lease_until: datetime | None, now: datetime) -> bool:
    """Whether a hub is bound to tell of news."""
    return state == "active" and lease_until is not None and now < lease_until


def due_request(subscription: Subscription, advertised: Advertised, now: datetime) -> Request | None:
    """The request that is to be made now: a first one, a renewal, or another try; else None."""
    hub_url = _hub(subscription, advertised.hub_urls)
    if hub_url is None:
        return None
    is_new = (hub_url, advertised.topic) != (subscription.hub_url, subscription.topic_url)
    earliest = _earliest(subscription, is_new=is_new)
    if earliest is not None and now < earliest:
        return None
    return Request(hub_url, advertised.topic, is_new)


def _hub(subscription: Subscription, hub_urls: Sequence[str]) -> str | None:
    """The hub that was asked, while it is advertised; where it did not agree, the next one."""
    if not hub_urls:
        return None
    if subscription.hub_url not in hub_urls:
        return hub_urls[0]
    here = hub_urls.index(subscription.hub_url)
    return hub_urls[here] if subscription.state == "active" else hub_urls[(here + 1) % len(hub_urls)]


def _earliest(subscription: Subscription, *, is_new: bool) -> datetime | None:
    asked = subscription.requested_at
    if asked is None:
        return None
    if subscription.state == "denied":
        return asked + RETRY_AFTER_DENIAL
    again = asked + RETRY_AFTER
    if is_new or subscription.state != "active" or subscription.lease_until is None:
        return again
    return max(again, renew_at(asked, subscription.lease_until - asked))
