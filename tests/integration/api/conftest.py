"""The fixtures of the API's own tests."""

from api_client import client, get, settings

__all__ = ["client", "get", "settings"]
