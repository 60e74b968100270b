"""WebSub: hubs found, questions answered, signatures checked."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.feeds.model import ParsedFeed
from themeline.ingest.core.feeds.websub import (
    DEFAULT_LEASE,
    MAX_LEASE,
    Advertised,
    Confirmed,
    Denied,
    NotOurs,
    advertised,
    is_signed,
    renew_at,
    subscription_form,
    verify_intent,
)

URL = "https://example.org/feed"
TOPIC = "https://example.org/self"
FEED = ParsedFeed(format="atom", hub_urls=("https://hub.example/feed",), self_url=TOPIC)
QUESTION = {
    "hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "Xy-17", "hub.lease_seconds": "864000",
}  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "hubs", "topic"),
    [
        (['<https://h.example/>; rel="hub", </self>; rel="self"'], ("https://h.example/",), TOPIC),
        (["<https://h.example/>;rel=hub", f"<{TOPIC}>;rel=self"], ("https://h.example/",), TOPIC),
        (['<https://h.example/>; title="a, b; rel=self <x>"; rel="nofollow HUB"'], ("https://h.example/",), URL),
        (['<//h.example/1>; rel=hub, </2>; REL="hub"'], ("https://h.example/1", "https://example.org/2"), URL),
    ],
)
def test_hubs_are_found_in_headers(headers: list[str], hubs: tuple[str, ...], topic: str) -> None:
    assert advertised(headers, None, url=URL) == Advertised(hubs, topic)


@pytest.mark.parametrize(
    "header", ["", "<javascript:x>; rel=hub", "<https://h.example/>", "https://h.example/; rel=hub", "<<<"]
)
def test_without_a_hub_there_is_nothing_to_subscribe_to(header: str) -> None:
    assert advertised([header], ParsedFeed(format="rss", self_url=URL), url=URL) is None


def test_headers_come_before_the_feed() -> None:
    assert advertised([], FEED, url=URL) == Advertised(("https://hub.example/feed",), TOPIC)
    found = advertised(["<https://h.example/>; rel=hub, <https://example.org/header>; rel=self"], FEED, url=URL)
    assert found == Advertised(("https://h.example/", "https://hub.example/feed"), "https://example.org/header")


@given(st.lists(st.text(max_size=60) | st.text('<>;,="rel hub/:', max_size=60)))
def test_no_header_breaks_anything(headers: list[str]) -> None:
    advertised(headers, FEED, url=URL)


def test_a_subscription_asks_for_a_lease_and_brings_the_secret() -> None:
    form = subscription_form(
        "subscribe", topic=TOPIC, callback="https://us.example/c/1", secret="s3cret", lease=timedelta(days=5)
    )
    assert form == {
        "hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "https://us.example/c/1",
        "hub.secret": "s3cret", "hub.lease_seconds": "432000",
    }  # fmt: skip
    ending = subscription_form("unsubscribe", topic=TOPIC, callback="c", secret="s3cret", lease=timedelta(days=5))
    assert ending == {"hub.mode": "unsubscribe", "hub.topic": TOPIC, "hub.callback": "c"}


def test_what_was_asked_for_is_confirmed() -> None:
    assert verify_intent(QUESTION, topic=TOPIC, wanted="subscribe") == Confirmed(
        "subscribe", "Xy-17", timedelta(days=10)
    )
    ending = QUESTION | {"hub.mode": "unsubscribe"}
    assert verify_intent(ending, topic=TOPIC, wanted="unsubscribe") == Confirmed("unsubscribe", "Xy-17", None)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, None),
        ({}, "unsubscribe"),
        ({"hub.mode": "unsubscribe"}, "subscribe"),
        ({"hub.mode": "publish"}, "subscribe"),
        ({"hub.topic": "https://example.org/other"}, "subscribe"),
        ({"hub.challenge": ""}, "subscribe"),
        ({"hub.challenge": "a\r\nb"}, "subscribe"),
        ({"hub.challenge": "x" * 1_001}, "subscribe"),
    ],
)
def test_what_nobody_asked_for_is_not_ours(change: dict[str, str], wanted: str | None) -> None:
    assert isinstance(verify_intent(QUESTION | change, topic=TOPIC, wanted=wanted), NotOurs)  # type: ignore[arg-type]


def test_an_empty_question_is_not_ours() -> None:
    assert isinstance(verify_intent({}, topic=TOPIC, wanted="subscribe"), NotOurs)


def test_a_hub_may_refuse_at_any_time_and_say_why() -> None:
    refusal = {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "not here"}
    assert verify_intent(refusal, topic=TOPIC, wanted=None) == Denied("not here")


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        (None, DEFAULT_LEASE), ("", DEFAULT_LEASE), ("0", DEFAULT_LEASE), ("-1", DEFAULT_LEASE),
        ("soon", DEFAULT_LEASE), ("9" * 30, DEFAULT_LEASE), ("60", timedelta(minutes=1)), ("99999999", MAX_LEASE),
    ],
)  # fmt: skip
def test_an_absurd_lease_is_replaced(seconds: str | None, lease: timedelta) -> None:
    question = {k: v for k, v in (QUESTION | {"hub.lease_seconds": seconds}).items() if v is not None}
    assert verify_intent(question, topic=TOPIC, wanted="subscribe") == Confirmed("subscribe", "Xy-17", lease)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_only_the_hub_can_sign(method: str) -> None:
    signature = hmac.new(b"s3cret", b"body", getattr(hashlib, method.lower())).hexdigest()
    assert is_signed(b"body", f"{method}={signature}", secret="s3cret")
    assert is_signed(b"body", f"{method}={signature.upper()}", secret="s3cret")
    assert not is_signed(b"body.", f"{method}={signature}", secret="s3cret")
    assert not is_signed(b"body", f"{method}={signature}", secret="other")
    assert not is_signed(b"body", f"{method}={signature[:-2]}", secret="s3cret")


@pytest.mark.parametrize("header", [None, "", "sha256", "sha256=", "md5=00", "sha1=é", "sha1=zz", "=00", "blake2b=00"])
def test_anything_else_is_no_signature(header: str | None) -> None:
    assert not is_signed(b"body", header, secret="s3cret")


def test_a_lease_is_renewed_while_a_fifth_of_it_is_left() -> None:
    confirmed = datetime(2026, 1, 1, tzinfo=UTC)
    assert renew_at(confirmed, timedelta(days=10)) == confirmed + timedelta(days=8)
