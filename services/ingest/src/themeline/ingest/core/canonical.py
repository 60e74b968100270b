"""Addresses in canonical form; the rules are shared with the service that looks articles up by address."""

from themeline.shared.core.urls import UnusableUrlError, canonical_url, host_of, url_digest

__all__ = ["UnusableUrlError", "canonical_url", "host_of", "url_digest"]
