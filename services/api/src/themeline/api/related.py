"""Asking related what it alone can compute, over its internal HTTP."""

from typing import Any
from uuid import UUID

import httpx

from themeline.api import errors
from themeline.shared.telemetry.http import CORRELATION_HEADER
from themeline.shared.telemetry.logging import correlation_id, logger

# A person waits for the answer; it takes related some 20 ms.
TIMEOUT_S = 5.0
CONNECT_TIMEOUT_S = 1.0
# More would only wait there: related answers two at once.
CONNECTIONS = 4

log = logger(__name__)


class Related:
    """The internal calls of related. Threads may share it."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(
            base_url=address,
            timeout=httpx.Timeout(TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            # A proxy of the environment is for strangers.
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def explain(self, one: UUID, other: UUID) -> dict[str, Any]:
        """Return what related knows of a pair of articles.

        Raises:
            Problem: 404, one of them has just gone; 503, related does not answer, or is busy.
        """
        try:
            answer = self._client.get(
                "/internal/explain",
                params={"a": str(one), "b": str(other)},
                headers={CORRELATION_HEADER: correlation_id()},
            )
        except httpx.HTTPError as error:
            log.warning("related does not answer", error=f"{type(error).__name__}: {error}"[:200])
            raise errors.related_away() from None
        return _document(answer)


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        document = None
    if isinstance(document, dict):
        if answer.is_success:
            return document
        if document.get("type") == "urn:themeline:problem:unknown-article":
            raise errors.unknown("article", str(document.get("id", "")))
    log.warning("related does not explain", status=answer.status_code)
    raise errors.related_away()
