"""Safe, polite fetching from strangers."""

from themeline.ingest.fetch.answers import Answer, FailureType, FetchError, Link
from themeline.ingest.fetch.blocking import Fetcher
from themeline.ingest.fetch.client import AsyncFetcher

__all__ = ["Answer", "AsyncFetcher", "FailureType", "FetchError", "Fetcher", "Link"]
