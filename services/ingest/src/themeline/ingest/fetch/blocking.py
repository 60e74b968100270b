"""The fetcher for threads: one event loop in the background serves them all."""

import asyncio
import contextlib
import threading
from collections.abc import Collection, Coroutine, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver

from themeline.ingest.fetch.answers import Answer, FetchError
from themeline.ingest.fetch.client import ANYTHING, LARGEST_BODY, TOTAL_SECONDS, AsyncFetcher

# Names are resolved in threads of their own; asyncio's default of six (on two cores) would let a few slow name
# servers hold up everybody.
_RESOLVING_THREADS = 32


class Fetcher:
    """Fetches for any number of threads at once; starts its own thread with the first call.

    Not to be used across a fork: a forked process makes its own.
    """

    def __init__(
        self,
        *,
        agent: str,
        total_seconds: float = TOTAL_SECONDS,
        allowed_networks: Collection[str] = (),
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Say who asks, and where it may; the arguments are those of AsyncFetcher."""
        self._fetcher = AsyncFetcher(
            agent=agent, total_seconds=total_seconds, allowed_networks=allowed_networks, resolver=resolver
        )
        self._lock = threading.Lock()
        self._background: _Background | None = None
        self._closed = False

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ANYTHING,
        limit_bytes: int = LARGEST_BODY,
        headers: Mapping[str, str] | None = None,
        cut_off: bool = False,
    ) -> Answer:
        """As AsyncFetcher.get."""
        return self._run(
            self._fetcher.get(
                url,
                etag=etag,
                last_modified=last_modified,
                accept=accept,
                limit_bytes=limit_bytes,
                headers=headers,
                cut_off=cut_off,
            )
        )

    def post(self, url: str, form: Mapping[str, str], *, limit_bytes: int = LARGEST_BODY) -> Answer:
        """As AsyncFetcher.post."""
        return self._run(self._fetcher.post(url, form, limit_bytes=limit_bytes))

    def close(self) -> None:
        """End the loop and its connections; what is still being fetched fails. Twice is as once."""
        with self._lock:
            self._closed = True
            background, self._background = self._background, None
        if background is not None:
            background.close(self._fetcher.close())

    def _run(self, fetching: Coroutine[Any, Any, Answer]) -> Answer:
        with self._lock:
            if self._closed:
                fetching.close()
                raise FetchError("connection", "the fetcher is closed")
            if self._background is None:
                self._background = _Background()
            future = asyncio.run_coroutine_threadsafe(fetching, self._background.loop)
        try:
            return future.result()
        except CancelledError:
            raise FetchError("connection", "the fetcher was closed") from None
        except BaseException:  # a signal in the calling thread
            future.cancel()
            raise


class _Background:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._resolving = ThreadPoolExecutor(_RESOLVING_THREADS, thread_name_prefix="resolver")
        self.loop.set_default_executor(self._resolving)
        self._thread = threading.Thread(target=self.loop.run_forever, name="fetcher", daemon=True)
        self._thread.start()

    def close(self, closing: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(self._wind_up(closing), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        # A name that is still being resolved cannot be given up; nobody waits for it.
        self._resolving.shutdown(wait=False, cancel_futures=True)
        self.loop.close()

    async def _wind_up(self, closing: Coroutine[Any, Any, None]) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*others, return_exceptions=True)
        await closing
