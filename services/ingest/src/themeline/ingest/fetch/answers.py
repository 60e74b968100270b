"""What came back from a stranger, and the one way it can fail."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

FailureType = Literal[
    "address-refused",
    "bad-answer",
    "bad-encoding",
    "bad-redirect",
    "compressed-too-large",
    "connection",
    "dns",
    "headers-too-large",
    "invalid-address",
    "redirect-loop",
    "scheme",
    "timeout",
    "tls",
    "too-large",
    "too-many-redirects",
    "truncated",
]


class FetchError(Exception):
    """No answer that can be used. `type` is stable and short, the text one clause that a person can read."""

    def __init__(self, type_: FailureType, reason: str) -> None:
        super().__init__(reason)
        self.type: FailureType = type_
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Link:
    """One relation of a Link header: an absolute address and one `rel`, in lower case."""

    rel: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, of any status, after redirects; the body decompressed."""

    status: int
    url: str
    """Where the answer came from, after all redirects."""
    moved_to: str | None
    """Where the permanent redirects (301, 308) before the first temporary one led; None without any."""
    content_type: str
    """The media type in lower case, without parameters; empty when the answer names none."""
    charset: str | None
    """The charset of the Content-Type, only where Python knows it."""
    body: bytes
    etag: str | None = None
    last_modified: str | None = None
    retry_after: float | None = None
    """Seconds from the arrival of the answer, never below zero."""
    max_age: int | None = None
    """Seconds, of Cache-Control."""
    links: tuple[Link, ...] = ()
    robots_tags: tuple[str, ...] = ()
    """The values of X-Robots-Tag, as sent: `themeline.ingest.core.robots.opts_out` reads them."""
    is_elsewhere: bool = False
    """Whether a temporary redirect led there: what the answer says holds for that address alone."""
    tdm_reservation: bool = False
    """The header `tdm-reservation: 1` (TDMRep): rights to mining are reserved."""

    @property
    def status_in_words(self) -> str:
        """The status with its name, where it has one."""
        known = self.status in list(HTTPStatus)
        return f"{self.status} ({HTTPStatus(self.status).phrase})" if known else str(self.status)
