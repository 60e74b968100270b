"""What an article is recognised by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from hashlib import blake2b

from themeline.ingest.core.canonical import url_digest
from themeline.ingest.core.drafts import Draft
from themeline.ingest.core.titles import normalised_title
from themeline.shared.core.timestamps import parse_timestamp
from themeline.shared.core.urls import DIGEST_BYTES


class KeyKind(StrEnum):
    """What a key is made of, strongest first."""

    EXTERNAL = "external"  # source and the publisher's own id
    URL = "url"  # the address
    TITLE = "title"  # source, normalised title and publication instant


@dataclass(frozen=True, slots=True)
class Key:
    """What an article is recognised by: the kind and 16 bytes."""

    kind: KeyKind
    digest: bytes


def keys_of(draft: Draft, zone: tzinfo = UTC, *, day_first: bool | None = None) -> tuple[Key, ...]:
    """The keys of a draft, strongest first; the last one, by title, is always there.

    Args:
        draft: the draft.
        zone: its source's default zone, for publication times written without one.
        day_first: its source's order of day and month in all-numeric dates.
    """
    keys = []
    if draft.external_id is not None:
        keys.append(Key(KeyKind.EXTERNAL, _digest(KeyKind.EXTERNAL, draft.source_key, draft.external_id)))
    if draft.url is not None:
        keys.append(Key(KeyKind.URL, url_digest(draft.url)))
    published = parse_timestamp(draft.published_raw or "", zone, day_first=day_first)
    instant = "" if published is None else published.at.isoformat()
    title = _digest(KeyKind.TITLE, draft.source_key, normalised_title(draft.title), instant)
    return (*keys, Key(KeyKind.TITLE, title))


def _digest(kind: KeyKind, *parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(), digest_size=DIGEST_BYTES, person=kind.encode()).digest()


def all_digests(drafts: Sequence[tuple[Draft, tuple[Key, ...]]]) -> Iterator[bytes]:
    """Every key digest of a request: what to look up before `decide`."""
    for _, keys in drafts:
        yield from (key.digest for key in keys)
