"""Sites for `themeline bench feeds`: as many addresses of the loopback interface, each request answered late."""

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from themeline.cli.bench_stream import made_up_articles

# Loopback is a network of 16 million addresses; each counts as a host with turns of its own, which are not measured.
FEEDS_OF_A_HOST = 1
HOSTS_OF_A_BLOCK = 200


def feed_addresses(feeds: int, port: int) -> list[str]:
    return [f"http://{_host(number // FEEDS_OF_A_HOST)}:{port}/{number}" for number in range(feeds)]


@contextmanager
def serving(feeds: int, entries: int, latency_ms: int) -> Iterator[int]:
    """Serve feeds from a process of its own; yield the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_serve, args=(port, feeds, entries, latency_ms / 1000, ready), daemon=True)
    process.start()
    ready.wait(60)
    try:
        yield port
    finally:
        process.terminate()
        process.join()


def _host(number: int) -> str:
    return f"127.0.{number // HOSTS_OF_A_BLOCK + 1}.{number % HOSTS_OF_A_BLOCK + 1}"


def _serve(port: int, feeds: int, entries: int, latency: float, ready: "multiprocessing.synchronize.Event") -> None:
    asyncio.run(_run(port, feeds, entries, latency, ready))


async def _run(port: int, feeds: int, entries: int, latency: float, ready: "multiprocessing.synchronize.Event") -> None:
    articles = made_up_articles(10**9)
    bodies = [_feed(number, [next(articles) for _ in range(entries)]) for number in range(feeds)]

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(latency)
        number = int(request.match_info["number"])
        etag = f'"{number}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(body=bodies[number], content_type="application/rss+xml", headers={"ETag": etag})

    app = web.Application()
    app.router.add_get("/{number:\\d+}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for host in range(-(-feeds // FEEDS_OF_A_HOST)):
        await web.TCPSite(runner, _host(host), port).start()
    ready.set()
    await asyncio.Event().wait()


def _feed(number: int, articles: list[dict[str, str]]) -> bytes:
    items = "".join(
        f"<item><title>{one['title']}</title><guid>{number}-{at}</guid><link>{one['url']}</link>"
        f"<pubDate>{one['published']}</pubDate><content:encoded>{one['text']}</content:encoded></item>"
        for at, one in enumerate(articles)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Feed {number}</title><ttl>1440</ttl>{items}</channel></rss>"
    ).encode()
