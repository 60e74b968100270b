"""Sources over HTTP: how each publisher is treated."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api_client import problem
from feed_client import add, at
from ingest_client import Push, item

DEFAULTS: dict[str, Any] = {
    "owner": None,
    "default_zone": "UTC",
    "day_first": None,
    "language": None,
    "crawl_delay_seconds": None,
    "full_text": True,
    "blocked": [],
}
SETTINGS = {
    "owner": "Coast Media",
    "default_zone": "Europe/Kyiv",
    "day_first": True,
    "language": "pt-BR",
    "crawl_delay_seconds": 2.5,
    "full_text": False,
    "blocked": ["courier.example/horoscope/*", "Horoscope*"],
}


def chosen(source: dict[str, Any]) -> dict[str, Any]:
    return {name: source[name] for name in DEFAULTS}


def test_a_source_is_created_with_what_is_said_and_defaults_for_the_rest(client: TestClient) -> None:
    first = client.put("/v1/sources/daily-courier", json={"name": "Daily Courier", "day_first": False})
    again = client.put("/v1/sources/daily-courier", json={"name": "The Courier"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert chosen(first.json()) == DEFAULTS | {"day_first": False}
    assert chosen(again.json()) == DEFAULTS, "what a PUT does not say gets its default"
    assert (again.json()["key"], again.json()["name"]) == ("daily-courier", "The Courier")
    assert (again.json()["articles"], again.json()["feeds"], again.json()["last_article_at"]) == (0, 0, None)


def test_a_change_keeps_what_it_does_not_name(client: TestClient) -> None:
    client.put("/v1/sources/Daily Courier", json=SETTINGS)

    changed = client.patch("/v1/sources/daily-courier", json={"owner": None, "full_text": True})

    assert changed.status_code == 200
    assert changed.json()["name"] == "Daily Courier"
    assert chosen(changed.json()) == SETTINGS | {"owner": None, "full_text": True}
    assert client.patch("/v1/sources/daily-courier", json={}).json() == changed.json()
    assert client.get("/v1/sources/Daily%20Courier").json() == changed.json()


def test_settings_are_kept_in_their_usual_form(client: TestClient) -> None:
    form = {"default_zone": "europe/kyiv", "language": "PT_br", "blocked": [" a* ", "a*", "b"]}

    source = client.put("/v1/sources/x", json=form).json()

    assert (source["default_zone"], source["language"], source["blocked"]) == ("Europe/Kyiv", "pt-BR", ["a*", "b"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", None),
        ("name", ""),
        ("name", "x" * 201),
        ("owner", "<i></i>"),
        ("default_zone", "Mars/Olympus"),
        ("default_zone", "+03:00"),
        ("default_zone", "../etc/passwd"),
        ("default_zone", None),
        ("day_first", "yes"),
        ("language", "klingonisch"),
        ("language", ""),
        ("crawl_delay_seconds", -1),
        ("crawl_delay_seconds", 3_601),
        ("crawl_delay_seconds", "1"),
        ("full_text", None),
        ("blocked", "x"),
        ("blocked", [""]),
        ("blocked", ["a\u0000b"]),
        ("blocked", ["x" * 501]),
        ("blocked", ["x"] * 201),
        ("zone", "UTC"),
    ],
)
def test_what_cannot_be_set_is_a_problem_that_names_the_field(client: TestClient, name: str, value: Any) -> None:
    before = client.put("/v1/sources/x", json=SETTINGS).json()

    for answer in (client.put("/v1/sources/x", json={name: value}), client.patch("/v1/sources/x", json={name: value})):
        assert problem(answer) == (400, "invalid-body")
        assert answer.json()["field"].partition(".")[0] == name
    assert client.get("/v1/sources/x").json() == before


@pytest.mark.parametrize("number", ["NaN", "1e999", "-Infinity", "9" * 400])
def test_a_delay_that_is_no_number_of_seconds_is_a_problem(client: TestClient, number: str) -> None:
    body = f'{{"crawl_delay_seconds": {number}}}'

    answer = client.put("/v1/sources/x", content=body, headers={"Content-Type": "application/json"})

    assert problem(answer) == (400, "invalid-body")


def test_an_unknown_source_is_a_problem_and_a_change_creates_none(client: TestClient) -> None:
    for answer in (client.get("/v1/sources/nobody"), client.patch("/v1/sources/nobody", json={"full_text": False})):
        assert problem(answer) == (404, "unknown-source")
    assert client.get("/v1/sources").json() == {"items": [], "next": None}


@pytest.mark.parametrize("key", ["---", "x" * 201, "a%00b", "%ff%fe"])
def test_a_key_that_is_none_creates_no_source(client: TestClient, key: str) -> None:
    assert problem(client.put(f"/v1/sources/{key}", json={})) == (400, "invalid-parameter")


def test_sources_tell_what_came_from_them(client: TestClient, push: Push) -> None:
    push(item(source="Daily Courier"), item(source="Daily Courier"), item(source="Tribune"))
    add(client, source="Tribune")

    found = {source["key"]: source for source in client.get("/v1/sources").json()["items"]}

    assert {key: (source["articles"], source["feeds"]) for key, source in found.items()} == {
        "daily-courier": (2, 0),
        "tribune": (1, 1),
    }
    assert datetime.now(UTC) - at(found["tribune"]["last_article_at"]) < timedelta(minutes=1)
    assert client.get("/v1/sources/tribune").json() == found["tribune"]


def test_lists_of_sources_are_cut_into_pages_by_key(client: TestClient) -> None:
    keys = ["a", "b", "c-d", "e", "z"]
    for key in reversed(keys):
        client.put(f"/v1/sources/{key}", json={})

    seen, cursor = [], None
    for _ in range(3):
        page = client.get("/v1/sources", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [source["key"] for source in page["items"]]
        cursor = page["next"]

    assert (seen, cursor) == (keys, None)
    assert problem(client.get("/v1/sources?cursor=nonsense")) == (400, "invalid-parameter")


def test_a_default_zone_counts_for_articles_that_come_later(client: TestClient, push: Push) -> None:
    """Identity without address is source, title and time: one local time is another instant in another zone."""
    headline = {"title": "Bridge closed", "source": "Daily Courier", "published": "12 Jul 2025 09:00"}
    (before,) = push(headline)

    client.patch("/v1/sources/daily-courier", json={"default_zone": "Asia/Tokyo"})

    assert client.get("/v1/sources/daily-courier").json()["default_zone"] == "Asia/Tokyo"
    assert push(headline)[0]["id"] != before["id"]
