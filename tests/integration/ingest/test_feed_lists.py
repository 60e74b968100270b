"""Lists of feeds in and out (OPML)."""

import gzip
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from feed_client import URL, add, write
from ingest_client import rows
from themeline.ingest.core.feeds.opml import parse_opml
from themeline.ingest.routes.feedlists import MAX_FEEDS
from themeline.shared.models import Feed

LIST = f"""<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Coast"><outline type="rss" text="Courier" xmlUrl="{URL}"/>
<outline type="rss" text="Tribune" xmlUrl="https://tribune.example/rss"/></outline>
<outline type="rss" text="Old" xmlUrl="gopher://old.example/"/>
<outline type="rss" text="No feed at all"/>
<outline text="An empty folder"/>
</body></opml>""".encode()


def send(client: TestClient, body: bytes, media_type: str = "text/x-opml", **headers: str) -> Any:
    return client.post("/v1/feeds/import", content=body, headers={"Content-Type": media_type} | headers)


def test_the_feeds_of_a_list_are_added_and_what_is_wrong_with_one_spoils_no_other(
    client: TestClient, session: Session
) -> None:
    known = add(client)

    answer = send(client, LIST).json()

    assert (answer["added"], answer["existing"], answer["rejected"]) == (1, 1, 2)
    by_title = {result["title"]: result for result in answer["results"]}
    assert by_title["Courier"]["id"] == known["id"]
    assert (by_title["Tribune"]["status"], by_title["Tribune"]["url"]) == ("added", "https://tribune.example/rss")
    assert {by_title[name]["status"] for name in ("Old", "No feed at all")} == {"rejected"}
    assert all(by_title[name]["problem"]["detail"] for name in ("Old", "No feed at all"))
    assert rows(session, Feed) == 2
    assert client.get(f"/v1/feeds/{by_title['Tribune']['id']}").json()["title"] == "Tribune"


def test_a_list_sent_again_changes_nothing(client: TestClient, session: Session) -> None:
    send(client, LIST)

    again = send(client, LIST, "application/xml").json()

    assert (again["added"], again["existing"], again["rejected"]) == (0, 2, 2)
    assert rows(session, Feed) == 2


def test_a_list_that_is_given_back_is_complete(client: TestClient, session: Session) -> None:
    send(client, LIST)
    paused, gone = add(client, "https://a.example/"), add(client, "https://b.example/", title="Gone")
    client.patch(f"/v1/feeds/{paused['id']}", json={"state": "paused"})
    write(session, gone, state="retired")

    answer = client.get("/v1/feeds/export")

    assert answer.headers["content-type"].startswith("text/x-opml")
    assert "feeds.opml" in answer.headers["content-disposition"]
    listed = parse_opml(answer.content).feeds
    assert {(feed.url, feed.folder) for feed in listed} == {
        ("https://a.example/", "a.example"),
        (URL, "courier.example"),
        ("https://tribune.example/rss", "tribune.example"),
    }
    assert send(client, answer.content).json()["existing"] == 3
    client.delete(f"/v1/feeds/{paused['id']}")
    (again,) = (one for one in send(client, answer.content).json()["results"] if one["status"] == "added")
    assert (again["url"], again["title"]) == ("https://a.example/", None), "an address is no title"


def test_a_list_that_is_given_back_keeps_the_sources(client: TestClient) -> None:
    listed = add(client, "https://zone.example/rss", source="Zone Times")
    answer = client.get("/v1/feeds/export")
    client.delete(f"/v1/feeds/{listed['id']}")

    (again,) = send(client, answer.content).json()["results"]

    assert again["status"] == "added"
    assert client.get(f"/v1/feeds/{again['id']}").json()["source"] == {"key": "zone-times", "name": "Zone Times"}


def test_a_name_that_cannot_be_used_is_no_reason_to_leave_a_feed_out(client: TestClient) -> None:
    long = "x" * 1_500
    lines = (
        f'<outline text="A" source="{long}" xmlUrl="https://a.example/"/>'
        f'<outline text="{long}" source="Zone Times" xmlUrl="https://b.example/"/>'
    )
    answer = send(client, f'<opml version="2.0"><head/><body>{lines}</body></opml>'.encode()).json()

    feeds = [client.get(f"/v1/feeds/{one['id']}").json() for one in answer["results"]]
    assert [(feed["title"], feed["source"]["name"]) for feed in feeds] == [("A", "a.example"), (None, "Zone Times")]


def test_a_feed_whose_address_holds_a_password_is_rejected_and_says_why(client: TestClient, session: Session) -> None:
    line = '<outline text="Mine" xmlUrl="https://ada:secret@mine.example/rss"/>'
    answer = send(client, f'<opml version="2.0"><head/><body>{line}</body></opml>'.encode())

    (rejected,) = answer.json()["results"]
    assert (rejected["status"], rejected["title"]) == ("rejected", "Mine")
    assert "password" in rejected["problem"]["detail"]
    assert "secret" not in answer.text
    assert rows(session, Feed) == 0


def test_a_large_list_is_added_at_once_and_a_larger_one_refused(client: TestClient, session: Session) -> None:
    def listed(number: int) -> bytes:
        lines = "".join(f'<outline text="{at}" xmlUrl="https://paper{at}.example/rss"/>' for at in range(number))
        return f'<opml version="2.0"><head/><body>{lines}</body></opml>'.encode()

    assert send(client, gzip.compress(listed(2_500)), **{"Content-Encoding": "gzip"}).json()["added"] == 2_500
    assert problem(send(client, listed(MAX_FEEDS + 1))) == (413, "too-many-feeds")
    assert rows(session, Feed) == 2_500


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b"", "text/x-opml", (400, "not-opml")),
        (b"<rss/>", "text/x-opml", (400, "not-opml")),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml><body>&a;</body></opml>', "text/xml", (400, "not-opml")),
        (LIST, "text/plain", (415, "unsupported-media-type")),
        (LIST, "application/x-www-form-urlencoded", (415, "unsupported-media-type")),
    ],
)
def test_what_is_no_list_is_a_problem(
    client: TestClient, session: Session, body: bytes, media_type: str, expected: tuple[int, str]
) -> None:
    assert problem(send(client, body, media_type)) == expected
    assert rows(session, Feed) == 0


def test_the_example_of_the_interface_is_a_list(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]["/v1/feeds/import"]["post"]

    answer = send(client, described["requestBody"]["content"]["text/x-opml"]["example"].encode())

    assert answer.json()["added"] == 1
    shown = described["responses"]["200"]["content"]["application/json"]["example"]
    assert shown["results"][0].keys() <= answer.json()["results"][0].keys()
