"""Items that were not accepted, as they are kept: what they say they are, and why they were not accepted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url, host_of, url_digest
from themeline.ingest.core.drafts import MAX_EXTERNAL_ID, MAX_SOURCE, MAX_TITLE, Draft, Rejection, source_key
from themeline.ingest.core.ways import Way
from themeline.shared.core.urls import DIGEST_BYTES, MAX_URL

MAX_DETAIL = 1_000  # the longest that is written here names a pattern or a value, which have limits of their own

# What PostgreSQL cannot store, and what would break a line where the item is shown.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RejectedItem:
    """An item that was not accepted, every value cut to its limit.

    Attributes:
        digest: of what it says it is, and why it was rejected: the same mistake again is the same row.
        url: canonical where it is an address, else as it was written; `url_digest` only of the former.
        source: the key of its source.
        times: how often.
    """

    digest: bytes
    url_digest: bytes | None
    url: str | None
    external_id: str | None
    source: str | None
    title: str | None
    way: str
    type: str
    detail: str
    field: str | None
    times: int = 1


def rejected_item(item: object, rejection: Rejection, way: Way) -> RejectedItem:
    """Describe an item that was not accepted: decoded JSON, any of it, or a draft."""
    said = _said(item)
    url, digest = _address(said.get("url"))
    external_id, source, title = (said.get(name) for name in ("external_id", "source", "title"))
    if source is None and url is not None and digest is not None:
        source = source_key(host_of(url))  # as for a draft that names none
    # What the item is recognised by; a value that changes from poll to poll makes no row of its own.
    name = (f"{source}\n{external_id}" if external_id else None) or url or f"{source}\n{title}"
    why = (way.name, rejection.type, rejection.field or "")
    return RejectedItem(
        digest=blake2b("\0".join((name, *why)).encode(), digest_size=DIGEST_BYTES, person=b"rejected").digest(),
        url_digest=digest,
        url=url,
        external_id=external_id,
        source=source,
        title=title,
        way=way.name,
        type=rejection.type,
        detail=_clean(rejection.detail, MAX_DETAIL),
        field=rejection.field,
    )


def gathered(items: Iterable[RejectedItem]) -> list[RejectedItem]:
    """One of each digest, the last with how often there were any, in the order of their digests."""
    found: dict[bytes, RejectedItem] = {}
    for item in items:
        before = found.get(item.digest)
        found[item.digest] = item if before is None else replace(item, times=before.times + item.times)
    return [found[digest] for digest in sorted(found)]


def _said(item: object) -> dict[str, str]:
    """What an item says it is: its address, identifier, source (as its key) and title, where they are text."""
    if isinstance(item, Draft):
        values = {"url": item.url, "external_id": item.external_id, "source": item.source_key, "title": item.title}
    elif isinstance(item, Mapping):
        values = {name: item.get(name) for name in ("url", "external_id", "source", "title")}
        if isinstance(values["source"], str) and values["source"].strip():
            values["source"] = source_key(values["source"][:MAX_SOURCE])
    else:
        return {}
    limits = {"url": MAX_URL, "external_id": MAX_EXTERNAL_ID, "source": MAX_SOURCE, "title": MAX_TITLE}
    cleaned = {name: _clean(value, limits[name]) for name, value in values.items() if isinstance(value, str)}
    return {name: value for name, value in cleaned.items() if value}


def _address(url: str | None) -> tuple[str | None, bytes | None]:
    try:
        canonical = canonical_url(url or "")
    except UnusableUrlError:
        return url, None
    return canonical, url_digest(canonical)


def _clean(text: str, limit: int) -> str:
    return _CONTROL.sub(" ", text[:limit]).strip()
