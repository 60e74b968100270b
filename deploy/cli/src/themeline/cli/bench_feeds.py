"""`themeline bench feeds`: how fast one fetcher polls many feeds of a slow network."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import httpx

from themeline.cli.bench_feeds_server import feed_addresses, serving
from themeline.cli.bench_system import Measured, running_system
from themeline.cli.errors import CommandError
from themeline.cli.services import make_client

# Feeds are polled within minutes or something is wrong.
PATIENCE_SECONDS = 600.0
LOOK_SECONDS = 0.5
POLLS = "themeline_feed_polls_total{"
ASK_AT_ONCE = 4
SETTINGS = {"THEMELINE_FETCH_ALLOW": "127.0.0.0/8"}


@click.command("feeds", short_help="How fast one fetcher polls many feeds.")
@click.option("--feeds", type=click.IntRange(1, 5_000), default=1_000, show_default=True, help="How many to poll.")
@click.option("--entries", type=click.IntRange(1, 200), default=10, show_default=True, help="Entries of each.")
@click.option("--latency", type=click.IntRange(0, 5_000), default=50, show_default=True, help="Of the server, in ms.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(feeds: int, entries: int, latency: int, *, as_json: bool) -> None:
    """Measure how long one fetcher takes to poll many feeds, the first time and when nothing has changed.

    It starts a system of its own, and a server that answers each request after the latency, at as many addresses
    of the loopback interface as keep the turns of a host (one request a second) from being what is measured.
    """
    figures = run(feeds, entries, latency)
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            click.echo(f"{name.replace('_', ' '):32} {value:>10,}")


def run(feeds: int, entries: int, latency: int) -> dict[str, Any]:
    """Measure, and return the figures by name."""
    from themeline.embedded.identity import server_identity

    with tempfile.TemporaryDirectory(prefix="themeline-bench-") as folder, _environment(SETTINGS):
        server_identity().admit(Path(folder))
        with (
            serving(feeds, entries, latency) as port,
            running_system(Path(folder) / "data", workers=1) as system,
            make_client(system.ingest_url) as client,
        ):
            first = _seconds_until_polled(system, client, feeds, lambda: _add(client, feed_addresses(feeds, port)))
            again = _seconds_until_polled(system, client, feeds, lambda: _poll_all(client))
            listed = list(_feeds(client))
    return {
        "feeds": feeds,
        "latency_ms": latency,
        "seconds_first_poll": round(first[0], 1),
        "feeds_per_second_first_poll": round(feeds / first[0], 1),
        "seconds_unchanged": round(again[0], 1),
        "feeds_per_second_unchanged": round(feeds / again[0], 1),
        "articles_created": sum(feed["articles"] for feed in listed),
        "feeds_that_failed": sum(feed["health"] == "failing" for feed in listed),
        "memory_mb": round(max(first[1], again[1]) / 1024**2),
    }


def _seconds_until_polled(system: Measured, client: httpx.Client, feeds: int, begin: Any) -> tuple[float, int]:
    before = _polls(client)
    started = time.monotonic()
    begin()
    while _polls(client) - before < feeds:
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise CommandError(f"the feeds were not polled within {PATIENCE_SECONDS:.0f} s")
        time.sleep(LOOK_SECONDS)
    seconds = time.monotonic() - started
    # Looking at the memory of every process takes long: afterwards, it is as it was.
    return seconds, system.memory_bytes()


def _polls(client: httpx.Client) -> float:
    """Polls that ended, as the fetcher counts them; listing a thousand feeds would take the time that is measured."""
    page = client.get("/metrics").raise_for_status().text
    ended = (line for line in page.splitlines() if line.startswith(POLLS) and "postponed" not in line)
    return sum(float(line.rsplit(" ", 1)[1]) for line in ended)


def _add(client: httpx.Client, addresses: list[str]) -> None:
    outlines = "".join(f'<outline type="rss" xmlUrl="{address}"/>' for address in addresses)
    opml = f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>'
    client.post("/v1/feeds/import", content=opml, headers={"Content-Type": "text/x-opml"}).raise_for_status()


def _poll_all(client: httpx.Client) -> None:
    with ThreadPoolExecutor(ASK_AT_ONCE) as pool:
        for answer in pool.map(lambda feed: client.post(f"/v1/feeds/{feed['id']}/poll"), list(_feeds(client))):
            answer.raise_for_status()


def _feeds(client: httpx.Client) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/v1/feeds", params={"limit": 200, **cursor}).raise_for_status().json()
        yield from page["items"]
        if not page["next"]:
            return
        cursor = {"cursor": page["next"]}


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
