"""Feeds over HTTP: added, listed, changed, removed, asked for now."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from openapi_spec_validator import validate
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from feed_client import SOON, URL, add, at, write
from ingest_client import rows
from themeline.ingest.core.health import feed_health
from themeline.ingest.store.feeds import has_health
from themeline.shared.models import Feed, Source


def test_a_feed_that_is_added_is_new_and_due_at_once(client: TestClient) -> None:
    feed = add(client, title="Latest")

    assert feed["url"] == feed["added_as"] == URL
    assert feed["source"] == {"key": "courier-example", "name": "courier.example"}
    assert (feed["state"], feed["health"], feed["title"], feed["websub"]) == ("active", "new", "Latest", None)
    assert abs(at(feed["next_poll_at"]) - datetime.now(UTC)) < SOON
    assert client.get(f"/v1/feeds/{feed['id']}").json() == feed


@pytest.mark.parametrize(
    "again", [URL, "HTTPS://Courier.example:443/feed.xml#top", "courier.example/feed.xml", f"feed:{URL}"]
)
def test_the_same_address_again_is_the_same_feed(client: TestClient, session: Session, again: str) -> None:
    feed = add(client)

    answer = client.post("/v1/feeds", json={"url": again, "source": "Somebody", "interval_seconds": 60})

    assert (answer.status_code, answer.json()) == (200, feed)
    assert answer.headers["location"] == f"/v1/feeds/{feed['id']}"
    assert (rows(session, Feed), rows(session, Source)) == (1, 1)


def test_a_site_whose_feed_was_found_is_known_by_both_addresses(client: TestClient, session: Session) -> None:
    site = add(client, "https://courier.example/")
    write(session, site, url=URL)

    answers = [client.post("/v1/feeds", json={"url": url}) for url in ("https://courier.example/", URL)]

    assert [(answer.status_code, answer.json()["id"]) for answer in answers] == [(200, site["id"])] * 2


def test_many_who_add_one_feed_at_once_add_one_feed(client: TestClient, session: Session) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("/v1/feeds", json={"url": URL}), range(16)))

    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.json()["id"] for answer in answers}) == rows(session, Feed) == 1


def test_a_source_is_named_by_name_or_key_and_may_forbid_full_text(client: TestClient, session: Session) -> None:
    first = add(client, source="Daily Courier", full_text=False, interval_seconds=300)
    second = add(client, "https://courier.example/sport.xml", source="daily-courier")

    assert first["source"] == second["source"] == {"key": "daily-courier", "name": "Daily Courier"}
    assert (first["fixed_interval_seconds"], first["interval_seconds"]) == (300, 300)
    assert second["fixed_interval_seconds"] is None
    assert session.scalars(select(Source.full_text)).all() == [False]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "url"),
        ({"url": None}, "url"),
        ({"url": ""}, "url"),
        ({"url": 7}, "url"),
        ({"url": "ftp://courier.example/feed"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "no host"}, "url"),
        ({"url": "https://user:secret@courier.example/feed"}, "url"),
        ({"url": f"https://courier.example/{'x' * 3_000}"}, "url"),
        ({"url": URL, "interval_seconds": 59}, "interval_seconds"),
        ({"url": URL, "interval_seconds": 86_401}, "interval_seconds"),
        ({"url": URL, "interval_seconds": "300"}, "interval_seconds"),
        ({"url": URL, "interval_seconds": True}, "interval_seconds"),
        ({"url": URL, "full_text": "yes"}, "full_text"),
        ({"url": URL, "source": "x" * 201}, "source"),
        ({"url": URL, "source": " <b></b> "}, "source"),
        ({"url": URL, "intervall": 300}, "intervall"),
    ],
)
def test_what_cannot_be_read_is_a_problem_that_names_the_field(
    client: TestClient, session: Session, form: dict[str, Any], field: str
) -> None:
    answer = client.post("/v1/feeds", json=form)

    assert problem(answer) == (400, "invalid-body")
    assert answer.json()["field"] == field
    assert len(answer.text) < 1_500
    assert rows(session, Feed) == rows(session, Source) == 0


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b"{", "application/json", (400, "invalid-json")),
        (b"\xff", "application/json", (400, "invalid-json")),
        (b"[" * 100_000, "application/json", (400, "invalid-json")),
        (b"[]", "application/json", (400, "invalid-body")),
        (b"", "application/json", (400, "invalid-json")),
        (b'{"url": "https://courier.example/"}', "text/plain", (415, "unsupported-media-type")),
        (b'{"url": "https://courier.example/"}', "", (415, "unsupported-media-type")),
        (b"url=https://courier.example/", "application/x-www-form-urlencoded", (415, "unsupported-media-type")),
    ],
)
def test_a_body_that_is_no_form_is_a_problem(
    client: TestClient, body: bytes, media_type: str, expected: tuple[int, str]
) -> None:
    assert problem(client.post("/v1/feeds", content=body, headers={"Content-Type": media_type})) == expected


def test_lists_are_cut_into_pages_and_lose_none(client: TestClient) -> None:
    added = [add(client, f"https://courier.example/{number}.xml")["id"] for number in range(5)]

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/v1/feeds", params={"limit": 2, **cursor}).json()
        seen += [feed["id"] for feed in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert seen == added[::-1]


def test_a_cursor_of_another_list_or_none_at_all_is_a_problem(client: TestClient) -> None:
    for number in range(2):
        add(client, f"https://courier.example/{number}.xml")
    cursor = client.get("/v1/feeds?limit=1").json()["next"]

    for query in (
        f"limit=1&state=active&cursor={cursor}",
        "cursor=nonsense",
        "cursor=%C3%A4",
        "limit=0",
        "limit=201",
        "health=ill",
    ):
        assert problem(client.get(f"/v1/feeds?{query}")) == (400, "invalid-parameter"), query
    assert problem(client.get(f"/v1/sources?cursor={cursor}")) == (400, "invalid-parameter")


def test_feeds_are_listed_by_source_state_health_and_address(client: TestClient, session: Session) -> None:
    courier = add(client, source="Daily Courier")
    failing = add(client, "https://tribune.example/", source="Tribune")
    write(session, failing, url="https://tribune.example/rss", polls=3, failures=2, last_error="timeout")
    client.patch(f"/v1/feeds/{courier['id']}", json={"state": "paused"})

    def ids(**query: str) -> list[str]:
        return [feed["id"] for feed in client.get("/v1/feeds", params=query).json()["items"]]

    assert ids(source="Daily Courier") == ids(source="daily-courier") == ids(state="paused") == [courier["id"]]
    assert ids(health="failing") == ids(health="failing", state="active", source="tribune") == [failing["id"]]
    assert ids(url="tribune.example/rss") == ids(url="https://tribune.example") == [failing["id"]]
    assert ids(health="new") == ids(source="nobody") == ids(url="no address") == ids(source="\0") == []


def test_health_in_the_database_is_health_in_the_core(client: TestClient, session: Session) -> None:
    expected: dict[str, set[str]] = {}
    for state in ("active", "paused", "retired"):
        for polls, failures in ((0, 0), (1, 0), (1, 1), (9, 3), (0, 1)):
            feed = add(client, f"https://courier.example/{state}/{polls}/{failures}")
            write(session, feed, state=state, polls=polls, failures=failures)
            expected.setdefault(feed_health(state, polls, failures), set()).add(feed["id"])

    assert set(expected) == {"new", "healthy", "failing", "paused", "retired"}
    for health, ids in expected.items():
        found = session.scalars(select(Feed.public_id).where(has_health(health)))  # type: ignore[arg-type]
        assert {str(id_) for id_ in found} == ids


@pytest.mark.parametrize("name", ["1", "%00", "x" * 3_000, "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11"])
def test_what_is_no_id_of_a_feed_is_unknown(client: TestClient, name: str) -> None:
    path = f"/v1/feeds/{name}"
    answers = [client.get(path), client.patch(path, json={}), client.delete(path), client.post(f"{path}/poll")]

    assert [problem(answer) for answer in answers] == [(404, "unknown-feed")] * 4


def test_the_interface_describes_feeds_and_its_examples_are_accepted(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    validate(document)
    operations = document["paths"]["/v1/feeds"] | document["paths"]["/v1/feeds/{id}"]

    assert set(operations) == {"get", "post", "patch", "delete"}
    added = client.post("/v1/feeds", json=_example(operations["post"]))
    changed = client.patch(f"/v1/feeds/{added.json()['id']}", json=_example(operations["patch"]))
    assert (added.status_code, changed.status_code) == (201, 200)
    shown = operations["post"]["responses"]["201"]["content"]["application/json"]["example"]
    assert shown.keys() <= added.json().keys(), "FastAPI leaves null members out"
    assert "hub_secret" not in json.dumps(document)


def _example(operation: dict[str, Any]) -> Any:
    return operation["requestBody"]["content"]["application/json"]["example"]
