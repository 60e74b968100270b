"""The fixtures of the ingest service's own tests."""

from ingest_client import client, push, settings

__all__ = ["client", "push", "settings"]
