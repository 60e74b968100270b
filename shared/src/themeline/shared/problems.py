"""Problem details (RFC 9457): the one form of every HTTP error."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

PROBLEM_JSON = "application/problem+json"
# Stable identifiers; they need not be fetchable to be compared (RFC 9457, section 3.1.1).
TYPE_PREFIX = "urn:themeline:problem:"


class Problem(Exception):  # noqa: N818  RFC 9457 calls it a problem
    """An answer other than success.

    `type` is the short stable name (`unknown-article`), `detail` what happened and what to do.
    """

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002  the member's name in RFC 9457
        title: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.headers = dict(headers or {})
        self.extensions = extensions

    def document(self) -> dict[str, Any]:
        """Return the JSON object of the answer."""
        return {
            "type": TYPE_PREFIX + self.type,
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            **self.extensions,
        }


def from_status(status: int, detail: str) -> Problem:
    """Return the plain problem of an HTTP status."""
    phrase = HTTPStatus(status).phrase
    return Problem(status, phrase.lower().replace(" ", "-"), phrase, detail)
