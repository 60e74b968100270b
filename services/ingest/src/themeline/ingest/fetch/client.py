"""Fetching from strangers."""

from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Self

from aiohttp.abc import AbstractResolver

from themeline.ingest.fetch.answers import Answer

# Everything included: name, connection, redirects and the slowest body.
TOTAL_SECONDS = 30.0
# A feed of several hundred full articles takes 2 to 5 MB; pages rarely 1.
LARGEST_BODY = 10 * 1024 * 1024
ANYTHING = "*/*"


class AsyncFetcher:
    """Fetches one address after another, or many at once, in one event loop."""

    def __init__(
        self,
        *,
        agent: str,
        total_seconds: float = TOTAL_SECONDS,
        allowed_networks: Collection[str] = (),
        resolver: AbstractResolver | None = None,
    ) -> None:
        raise NotImplementedError

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ANYTHING,
        limit_bytes: int = LARGEST_BODY,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Raise FetchError, and nothing else."""
        raise NotImplementedError

    async def post(self, url: str, form: Mapping[str, str], *, limit_bytes: int = LARGEST_BODY) -> Answer:
        """Raise FetchError, and nothing else."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
