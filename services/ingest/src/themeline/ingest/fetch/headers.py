"""What the headers of an answer say, as far as anybody asks."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

import aiohttp
from multidict import CIMultiDictProxy

from themeline.ingest.core.robots import is_reserved
from themeline.ingest.fetch.answers import Link

# A Content-Type is 30 characters long, a Link header 300; what is far longer is not read, because reading it takes
# time that grows with the square of its length.
_LONGEST_TYPE = 256
_LONGEST_LINKS = 4096
_SECONDS = re.compile(r"\s*(\d{1,10})\s*")
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
# Python knows them, the web does not; some take time that grows with the square of the text.
_NOT_OF_THE_WEB = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf_7"})


def content_type(value: str) -> tuple[str, str | None]:
    """The media type in lower case, empty without one; and the charset, where Python can decode it."""
    message = Message()
    message["Content-Type"] = value[:_LONGEST_TYPE]
    media_type = value.partition(";")[0].strip().lower().encode("utf-8", "replace").decode()
    return media_type, _known(message.get_content_charset())


def _known(charset: str | None) -> str | None:
    if not charset or charset.replace("-", "_") in _NOT_OF_THE_WEB:
        return None
    try:
        b"a".decode(charset)
    except LookupError:  # unknown, or no charset at all
        return None
    except UnicodeError:  # one of several bytes
        return charset
    return charset


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified as it is to be sent back; None where it has bytes that cannot be (RFC 9110 5.5)."""
    return value if value and value.isascii() else None


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds until the instant of a Retry-After header; None when it cannot be read."""
    if value is None:
        return None
    seconds = _SECONDS.fullmatch(value)
    if seconds is not None:
        return float(seconds[1])
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)  # RFC 9110 5.6.7: always GMT
    return max(0.0, (aware - now).total_seconds())


def max_age(headers: CIMultiDictProxy[str]) -> int | None:
    found = _MAX_AGE.search(",".join(headers.getall("Cache-Control", ())))
    return int(found[1]) if found else None


def links(response: aiohttp.ClientResponse) -> tuple[Link, ...]:
    """The relations of the Link headers; none when they are malformed or far too long."""
    if sum(map(len, response.headers.getall("Link", ()))) > _LONGEST_LINKS:
        return ()
    try:
        return tuple(_links(response))
    except ValueError:  # an address that is none
        return ()


def _links(response: aiohttp.ClientResponse) -> Iterator[Link]:
    for link in response.links.values():
        for rel in str(link.get("rel", "")).lower().split():
            yield Link(rel, str(link["url"]))


def is_mining_reserved(headers: CIMultiDictProxy[str]) -> bool:
    return is_reserved(headers.get("tdm-reservation"))
