"""The callback of WebSub: hubs verify a subscription, and tell that a feed has news."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from feed_client import SOON, URL, add, row, write

HUB = "https://hub.example/"
SECRET = "5f2b"
LATER = timedelta(hours=6)


def subscribed(client: TestClient, session: Session, **values: Any) -> tuple[dict[str, Any], UUID]:
    """A feed whose hub was asked, and the token in its callback."""
    feed, token = add(client), uuid4()
    asked = {"hub_url": HUB, "topic_url": URL, "hub_state": "requested", "hub_token": token, "hub_secret": SECRET}
    write(session, feed, **asked | {"hub_requested_at": datetime.now(UTC), "next_poll_at": datetime.now(UTC) + LATER})
    if values:
        write(session, feed, **values)
    return feed, token


def question(mode: str = "subscribe", **others: str) -> dict[str, str]:
    given = {"mode": mode, "topic": URL, "challenge": "kitten<b>", "lease_seconds": "864000"} | others
    return {f"hub.{name}": value for name, value in given.items()}


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature": f"sha256={hmac.new(secret.encode(), body, 'sha256').hexdigest()}"}


def counted(event: str) -> float:
    return REGISTRY.get_sample_value("themeline_websub_total", {"event": event}) or 0


def test_what_was_asked_for_is_confirmed_with_the_challenge(client: TestClient, session: Session) -> None:
    feed, token = subscribed(client, session)
    before = counted("verified")

    answer = client.get(f"/v1/websub/{token}", params=question())

    assert (answer.status_code, answer.text) == (200, "kitten<b>")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    shown = client.get(f"/v1/feeds/{feed['id']}").json()["websub"]
    assert (shown["hub"], shown["state"], shown["error"]) == (HUB, "active", None)
    lease = datetime.fromisoformat(shown["lease_until"]) - datetime.now(UTC)
    assert timedelta(days=10) - SOON < lease <= timedelta(days=10)
    assert counted("verified") == before + 1


def test_a_hub_may_ask_again_and_renew(client: TestClient, session: Session) -> None:
    feed, token = subscribed(client, session, hub_state="active", hub_lease_until=datetime.now(UTC) + SOON)

    assert client.get(f"/v1/websub/{token}", params=question()).status_code == 200

    renewed = row(session, feed).hub_lease_until
    assert renewed is not None
    assert renewed > datetime.now(UTC) + timedelta(days=9)


def test_a_lease_that_ended_is_shown_so(client: TestClient, session: Session) -> None:
    feed, _ = subscribed(client, session, hub_state="active", hub_lease_until=datetime.now(UTC) - SOON)

    assert client.get(f"/v1/feeds/{feed['id']}").json()["websub"]["state"] == "lapsed"


@pytest.mark.parametrize(
    "asked",
    [
        question(topic="https://courier.example/other.xml"),
        question(mode="unsubscribe"),
        question(mode="subscribe", challenge=""),
        question(mode="dance"),
        {},
    ],
)
def test_what_nobody_asked_for_is_not_confirmed(client: TestClient, session: Session, asked: dict[str, str]) -> None:
    feed, token = subscribed(client, session)
    before = counted("refused")

    answer = client.get(f"/v1/websub/{token}", params=asked)

    assert problem(answer) == (404, "unknown-subscription")
    assert row(session, feed).hub_state == "requested"
    assert counted("refused") == before + 1


@pytest.mark.parametrize("state", ["none", "denied"])
def test_a_subscription_that_is_not_wanted_any_more_is_not_confirmed(
    client: TestClient, session: Session, state: str
) -> None:
    _, token = subscribed(client, session, hub_state=state)

    assert problem(client.get(f"/v1/websub/{token}", params=question())) == (404, "unknown-subscription")


def test_a_refusal_is_kept_with_its_reason(client: TestClient, session: Session) -> None:
    feed, token = subscribed(client, session)

    answer = client.get(f"/v1/websub/{token}", params=question("denied", reason="\0not a \x1bcustomer"))

    assert (answer.status_code, answer.text) == (200, "")
    shown = client.get(f"/v1/feeds/{feed['id']}").json()["websub"]
    assert shown["state"] == "denied"
    assert "not a customer" in shown["error"]


@pytest.mark.parametrize("token", ["1", "%00", "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11"])
def test_an_unknown_callback_is_a_problem(client: TestClient, token: str) -> None:
    asked = client.get(f"/v1/websub/{token}", params=question())
    told = client.post(f"/v1/websub/{token}", content=b"news", headers=signed(b"news"))

    assert problem(asked) == (404, "unknown-subscription")
    assert problem(told) in {(404, "unknown-subscription"), (410, "unknown-subscription")}


def test_news_that_the_hub_signed_has_the_feed_polled_at_once(client: TestClient, session: Session) -> None:
    feed, token = subscribed(client, session, hub_state="active")
    body = b"\x1f\x8b no feed at all: what is delivered is not read"
    before = counted("notified")

    answer = client.post(f"/v1/websub/{token}", content=body, headers=signed(body))

    assert (answer.status_code, answer.text) == (202, "")
    assert row(session, feed).next_poll_at - datetime.now(UTC) < SOON
    assert counted("notified") == before + 1


@pytest.mark.parametrize(
    "headers",
    [{}, signed(b"news", "other"), signed(b"other"), {"X-Hub-Signature": "sha256="}, {"X-Hub-Signature": "?"}],
)
def test_news_without_the_hubs_signature_is_answered_and_ignored(
    client: TestClient, session: Session, headers: dict[str, str]
) -> None:
    feed, token = subscribed(client, session, hub_state="active")
    before = counted("bad_signature")

    answer = client.post(f"/v1/websub/{token}", content=b"news", headers=headers)

    assert (answer.status_code, answer.text) == (202, "")
    assert row(session, feed).next_poll_at - datetime.now(UTC) > LATER - SOON
    assert counted("bad_signature") == before + 1


def test_news_during_a_poll_is_newer_than_the_poll_and_a_feed_that_waits_keeps_its_place(
    client: TestClient, session: Session
) -> None:
    due = datetime.now(UTC) - SOON
    feed, token = subscribed(client, session, hub_state="active", next_poll_at=due)

    client.post(f"/v1/websub/{token}", content=b"news", headers=signed(b"news"))
    assert row(session, feed).next_poll_at == due

    write(session, feed, lease=uuid4(), lease_until=datetime.now(UTC) + SOON)
    client.post(f"/v1/websub/{token}", content=b"news", headers=signed(b"news"))
    assert row(session, feed).next_poll_at > due
