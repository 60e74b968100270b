"""A hostile server and a fetcher that may ask it."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from hostile import HostileServer
from themeline.ingest.fetch import Fetcher

# Shorter than the default, so that what never ends is soon given up.
PATIENCE_S = 2.0


@pytest.fixture
def server() -> Iterator[HostileServer]:
    hostile = HostileServer()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncio.Server:
        return await asyncio.start_server(hostile.serve, hostile.host, 0)

    listening = asyncio.run_coroutine_threadsafe(start(), loop).result()
    hostile.port = listening.sockets[0].getsockname()[1]
    yield hostile

    async def stop() -> None:
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    one = Fetcher(agent="Themeline/test", total_seconds=PATIENCE_S, allowed_networks=["127.0.0.0/8"])
    yield one
    one.close()
