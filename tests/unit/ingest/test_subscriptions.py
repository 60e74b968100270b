"""When a hub is asked to tell of news, and which."""

from datetime import UTC, datetime, timedelta

import pytest

from themeline.ingest.core.feeds.websub import Advertised
from themeline.ingest.core.subscriptions import (
    LEASE,
    RETRY_AFTER,
    RETRY_AFTER_DENIAL,
    HubState,
    Request,
    Subscription,
    due_request,
    is_active,
)

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HUB, OTHER, TOPIC = "https://hub.example/", "https://other.example/", "https://courier.example/feed"
ONE = Advertised((HUB,), TOPIC)
TWO = Advertised((HUB, OTHER), TOPIC)
MOMENT = timedelta(seconds=1)


def asked(ago: timedelta, state: HubState = "requested", lease_until: datetime | None = None) -> Subscription:
    return Subscription(HUB, TOPIC, state, NOW - ago, lease_until)


def test_a_hub_is_asked_as_soon_as_it_is_known() -> None:
    assert due_request(Subscription(), TWO, NOW) == Request(HUB, TOPIC, is_new=True)
    assert due_request(Subscription(), Advertised((), TOPIC), NOW) is None


@pytest.mark.parametrize(("state", "wait"), [("requested", RETRY_AFTER), ("denied", RETRY_AFTER_DENIAL)])
def test_a_hub_that_did_not_agree_is_asked_again_later(state: HubState, wait: timedelta) -> None:
    assert due_request(asked(wait - MOMENT, state), ONE, NOW) is None
    assert due_request(asked(wait, state), ONE, NOW) == Request(HUB, TOPIC, is_new=False)


def test_the_next_hub_has_its_turn_when_one_did_not_agree() -> None:
    assert due_request(asked(RETRY_AFTER), TWO, NOW) == Request(OTHER, TOPIC, is_new=True)
    last = Subscription(OTHER, TOPIC, "requested", NOW - RETRY_AFTER)
    assert due_request(last, TWO, NOW) == Request(HUB, TOPIC, is_new=True)


def test_a_subscription_is_renewed_before_it_ends() -> None:
    def renewed(share: float) -> Request | None:
        return due_request(asked(LEASE * share, "active", NOW + LEASE * (1 - share)), TWO, NOW)

    assert renewed(0.5) is None
    assert renewed(0.9) == Request(HUB, TOPIC, is_new=False)


def test_a_renewal_that_nobody_answers_is_tried_again_before_the_lease_ends() -> None:
    now, requested, times = NOW, NOW - LEASE, 0
    lease_until = NOW + timedelta(days=2)
    while now < lease_until:
        if due_request(Subscription(HUB, TOPIC, "active", requested, lease_until), ONE, now):
            requested, times = now, times + 1
        now += timedelta(minutes=15)

    assert 3 <= times <= 20


def test_another_hub_or_topic_is_subscribed_to_anew_and_not_in_a_hurry() -> None:
    lease_until = NOW + LEASE
    moved = Advertised((OTHER,), TOPIC)
    renamed = Advertised((HUB,), f"{TOPIC}?new")

    for advertised in (moved, renamed):
        assert due_request(asked(RETRY_AFTER - MOMENT, "active", lease_until), advertised, NOW) is None
        request = due_request(asked(RETRY_AFTER, "active", lease_until), advertised, NOW)
        assert request == Request(advertised.hub_urls[0], advertised.topic, is_new=True)


def test_a_hub_is_bound_while_its_lease_lasts() -> None:
    assert is_active("active", NOW + MOMENT, NOW)
    assert not is_active("active", NOW, NOW)
    assert not is_active("active", None, NOW)
    assert not is_active("requested", NOW + MOMENT, NOW)
