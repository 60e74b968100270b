"""WebSub (W3C Recommendation, 2018) without its requests: who the hub is, what to ask, whom to believe."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from themeline.ingest.core.feeds.model import ParsedFeed

Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class Advertised:
    """Hubs that tell of a topic, in the order in which to try them."""

    hub_urls: tuple[str, ...]
    topic: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The intent is ours: answer 200 with the challenge. `lease` is None for an end of the subscription."""

    mode: Mode
    challenge: str
    lease: timedelta | None


@dataclass(frozen=True, slots=True)
class Denied:
    """The hub refuses or ended the subscription."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Nobody here asked for it: answer 404."""

    reason: str


def advertised(link_headers: Iterable[str], feed: ParsedFeed | None, *, url: str) -> Advertised | None:
    """Hubs and topic from the `Link` headers of an answer, else from the feed; None without a hub."""
    raise NotImplementedError


def subscription_form(mode: Mode, *, topic: str, callback: str, secret: str, lease: timedelta) -> dict[str, str]:
    """The form to post to the hub."""
    raise NotImplementedError


def verify_intent(query: Mapping[str, str], *, topic: str, wanted: Mode | None) -> Confirmed | Denied | NotOurs:
    """What a hub's question means.

    Args:
        query: parameters of the request to the callback.
        topic: of the subscription that the callback belongs to.
        wanted: what was asked of the hub and is not confirmed; `subscribe` while a subscription is active, since
            hubs may ask again.
    """
    raise NotImplementedError


def is_signed(body: bytes, header: str | None, *, secret: str) -> bool:
    """Whether `X-Hub-Signature` proves that the body is the hub's."""
    raise NotImplementedError


def renew_at(confirmed_at: datetime, lease: timedelta) -> datetime:
    """When to subscribe again."""
    raise NotImplementedError
