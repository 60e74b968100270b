"""Feeds through real processes: added over HTTP, read from a site of ours, related, and served."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text

from e2e.processes import Processes
from integration.related.scene import FLOOD
from sites import Answer, Site, entry, feed, page, serving
from support import wait_for
from themeline.shared.db import Sessions, unit_of_work

SECONDS = 60.0
SERVICES = ("ingest", "fetcher", "relay", "related", "api")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        for number, (title, body) in enumerate(FLOOD):
            site.answers[f"/{number}"] = Answer(page(title, [f"{body} {body}"] * 3))
        site.answers["/feed"] = feed(news(site))
        yield site


def news(site: Site) -> list[dict[str, str]]:
    return [
        entry(title, guid=f"guid {at}", link=f"{site.url}/{at}", pubDate=f"Mon, 14 Jul 2025 {at + 8:02}:00:00 GMT")
        for at, (title, _) in enumerate(FLOOD)
    ]


@pytest.fixture
def reading(processes: Processes) -> Processes:
    """Services that may read from loopback, as fast as they can."""
    processes.configure(fetch_allow="127.0.0.0/8", fetch_pause_seconds="0", fetchers="4")
    return processes


def add(processes: Processes, url: str) -> str:
    """Add a feed; return its id."""
    wanted = {"url": url, "source": "Example News"}
    status, answer = processes.request("ingest", "/v1/feeds", method="POST", body=wanted)
    assert status == 201, answer
    return str(json.loads(answer)["id"])


def get_feed(processes: Processes, id_: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(processes.request("ingest", f"/v1/feeds/{id_}")[1])
    return answer


def articles(processes: Processes) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = processes.get("/v1/articles")["items"]
    return items


def as_if_minutes_had_passed(sessions: Sessions) -> None:
    """What a process that died held is free again."""
    with unit_of_work(sessions) as session:
        for table in ("feeds", "pages"):
            session.execute(text(f"update {table} set lease_until = null, queued_until = null"))


def are_read(processes: Processes) -> bool:
    """Whether each article has its text from its page, and its box."""
    return [(one["version"], one["state"]) for one in articles(processes)] == [(2, "ready")] * len(FLOOD)


def test_a_feed_is_read_and_its_articles_are_related(reading: Processes, site: Site) -> None:
    reading.start(*SERVICES)
    added = add(reading, f"{site.url}/feed")
    wait_for(lambda: are_read(reading), SECONDS, "every article is read and related")
    one = next(found for found in articles(reading) if found["title"] == FLOOD[0][0])
    assert one["published"]["evidence"] == "feed.published"
    box = reading.get(f"/v1/articles/{one['id']}/related")
    assert {item["title"] for item in box["items"]} == {title for title, _ in FLOOD[1:]}
    found = get_feed(reading, added)
    assert (found["health"], found["title"], found["articles"]) == ("healthy", "Example News", len(FLOOD))
    assert reading.metric("fetcher", "themeline_feed_polls_total", outcome="read") == 1
    assert reading.metric("fetcher", "themeline_pages_total", outcome="read") == len(FLOOD)
    reading.stop()


def test_nothing_is_lost_when_the_fetcher_is_killed_while_it_reads(
    reading: Processes, site: Site, sessions: Sessions
) -> None:
    reading.start(*SERVICES)
    add(reading, f"{site.url}/feed")
    wait_for(site.paths, SECONDS, "the feed is asked for")
    reading.kill("fetcher")
    reading.start("fetcher")
    as_if_minutes_had_passed(sessions)
    wait_for(lambda: are_read(reading), SECONDS, "every article is read and related")


def test_nothing_is_lost_when_the_queue_is_emptied(
    reading: Processes, site: Site, sessions: Sessions, redis_url: str
) -> None:
    reading.start("ingest", "relay", "related", "api")
    add(reading, f"{site.url}/feed")
    reading.start("fetcher")
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
    as_if_minutes_had_passed(sessions)
    wait_for(lambda: are_read(reading), SECONDS, "every article is read and related")


def test_a_feed_at_a_private_address_is_refused_and_says_so(processes: Processes, site: Site) -> None:
    processes.start("ingest", "fetcher")
    added = add(processes, f"{site.url}/feed")
    wait_for(lambda: get_feed(processes, added)["failures"], SECONDS, "the feed was tried")
    assert "address-refused" in get_feed(processes, added)["last_error"]
    assert site.asked == []
