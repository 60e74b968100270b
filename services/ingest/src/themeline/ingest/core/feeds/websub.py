"""WebSub (W3C Recommendation of 2018) without its requests: who the hub is, what to ask it, whom to believe."""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from themeline.ingest.core.feeds.addresses import absolute
from themeline.ingest.core.feeds.model import ParsedFeed

Mode = Literal["subscribe", "unsubscribe"]

RENEWED_AFTER = 0.8  # of the lease: a fifth of it is left to try again in
# Of hubs that name no lease (PubSubHubbub before 0.4) or an absurd one. Hubs grant 5 to 15 days.
DEFAULT_LEASE = timedelta(days=1)
MAX_LEASE = timedelta(days=30)
MAX_CHALLENGE = 1_000  # hubs send 20 to 200 characters
MAX_HEADER = 8_192  # a server's usual limit for one header

# SHA-1 is accepted: Google's hub signs with nothing else, and an HMAC does not rest on collisions being hard to find.
_METHODS = frozenset(("sha1", "sha256", "sha384", "sha512"))
_LINK = re.compile(r'<([^<>]{1,2000})>((?:\s*;\s*[^\s;=,"<>]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"<>]+))?)*)')
_PARAMETER = re.compile(r';\s*([^\s;=,"<>]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;,"<>]+)))?')
_PRINTABLE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Advertised:
    """Hubs that tell of a topic, in the order in which to try them."""

    hub_urls: tuple[str, ...]
    topic: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The intent is ours: answer 200 with the challenge as plain text. `lease` is None for an end."""

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
    """Hubs and topic from the `Link` headers of an answer, else from the feed; None without a hub.

    Args:
        link_headers: each `Link` header as received.
        feed: what was read.
        url: where; the topic of feeds that do not name themselves.
    """
    links = [link for header in link_headers for link in _links(header[:MAX_HEADER], url)]
    hubs = [address for relations, address in links if "hub" in relations]
    selves = [address for relations, address in links if "self" in relations]
    if feed is not None:
        hubs += feed.hub_urls
        selves += [feed.self_url] if feed.self_url is not None else []
    return Advertised(tuple(dict.fromkeys(hubs)), next(iter(selves), url)) if hubs else None


def _links(header: str, base: str) -> Iterator[tuple[set[str], str]]:
    for target, parameters in _LINK.findall(header):
        named = {name.lower(): quoted or bare for name, quoted, bare in reversed(_PARAMETER.findall(parameters))}
        address = absolute(base, target)
        if address is not None:
            yield set(named.get("rel", "").lower().split()), address


def subscription_form(mode: Mode, *, topic: str, callback: str, secret: str, lease: timedelta) -> dict[str, str]:
    """The form to post to the hub.

    Args:
        mode: what is asked for.
        topic: as advertised.
        callback: where the hub asks back and posts to; nobody else may know it.
        secret: what the hub signs with; only sent to subscribe.
        lease: how long it should last; the hub may decide otherwise.
    """
    form = {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback}
    if mode == "subscribe":
        form |= {"hub.secret": secret, "hub.lease_seconds": str(int(lease.total_seconds()))}
    return form


def verify_intent(query: Mapping[str, str], *, topic: str, wanted: Mode | None) -> Confirmed | Denied | NotOurs:
    """What a hub's question means.

    Args:
        query: parameters of the request to the callback.
        topic: of the subscription that the callback belongs to.
        wanted: what was last asked of the hub, confirmed or not, since hubs may ask again; None: nothing.
    """
    mode = query.get("hub.mode", "")
    if query.get("hub.topic") != topic:
        return NotOurs("it is about another topic")
    if mode == "denied":
        reason = "".join(filter(str.isprintable, query.get("hub.reason", "")[:MAX_CHALLENGE]))
        return Denied(reason or "the hub gave no reason")
    if mode not in ("subscribe", "unsubscribe") or mode != wanted:
        return NotOurs("it was not asked for")
    challenge = query.get("hub.challenge", "")
    if len(challenge) > MAX_CHALLENGE or _PRINTABLE.fullmatch(challenge) is None:
        return NotOurs("its challenge cannot be answered")
    return Confirmed(wanted, challenge, _lease(query.get("hub.lease_seconds")) if mode == "subscribe" else None)


def _lease(seconds: str | None) -> timedelta:
    text = (seconds or "").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > len("9999999999") or int(text) == 0:
        return DEFAULT_LEASE
    return min(timedelta(seconds=int(text)), MAX_LEASE)


def is_signed(body: bytes, header: str | None, *, secret: str) -> bool:
    """Whether `X-Hub-Signature` proves that the body is the hub's."""
    method, _, signature = (header or "").strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    expected = hmac.digest(secret.encode(), body, method.lower())
    try:
        return hmac.compare_digest(expected, bytes.fromhex(signature))
    except ValueError:
        return False


def renew_at(confirmed_at: datetime, lease: timedelta) -> datetime:
    """When to subscribe again."""
    return confirmed_at + lease * RENEWED_AFTER
