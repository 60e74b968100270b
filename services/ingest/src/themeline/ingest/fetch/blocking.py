"""The fetcher for threads: one event loop in the background serves them all."""

from collections.abc import Collection, Mapping

from aiohttp.abc import AbstractResolver

from themeline.ingest.fetch.answers import Answer
from themeline.ingest.fetch.client import ANYTHING, LARGEST_BODY, TOTAL_SECONDS


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
        raise NotImplementedError

    def get(
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

    def post(self, url: str, form: Mapping[str, str], *, limit_bytes: int = LARGEST_BODY) -> Answer:
        """Raise FetchError, and nothing else."""
        raise NotImplementedError

    def close(self) -> None:
        """End the loop and its connections; what is still being fetched fails. Twice is as once."""
        raise NotImplementedError
