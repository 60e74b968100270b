"""Which stored article a draft is: decided for a whole request at once, without looking anything up.

The caller collects the keys of all drafts, loads the articles that own them, and applies the decisions in one
transaction. A key belongs to the article that claimed it first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from enum import StrEnum
from hashlib import blake2b

from themeline.ingest.core.canonical import url_digest
from themeline.ingest.core.drafts import Draft, Rejection, content_hash
from themeline.ingest.core.titles import normalised_title
from themeline.shared.core.timestamps import parse_timestamp
from themeline.shared.core.urls import DIGEST_BYTES

ELSEWHERE = "The identifier and the address belong to different articles: the identifier decides."
WITHDRAWN = Rejection(
    "withdrawn",
    "The article is withdrawn",
    "This article has been withdrawn. Restore it (POST /v1/articles/{id}/restore) before sending it again.",
)


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


@dataclass(frozen=True, slots=True)
class Provisional:
    """The article that item `item` of this request creates."""

    item: int


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What a decision needs to know of an article that owns one of the keys."""

    id: int | Provisional
    source_key: str
    external_id: str | None
    url: str | None
    version: int
    content_hash: bytes
    has_body: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Create:
    """A new article, version 1, with these keys."""

    draft: Draft
    keys: tuple[Key, ...]
    content_hash: bytes
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """A new version of an article.

    Attributes:
        version: the number that the new version gets.
        url: the article's address from now on; the draft's, or the old one where the draft has none or
            another article owns it.
        external_id: likewise.
        keys: those to add.
    """

    target: int | Provisional
    draft: Draft
    version: int
    keys: tuple[Key, ...]
    content_hash: bytes
    url: str | None
    external_id: str | None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing new, but perhaps keys (and an identifier) by which to recognise it next time."""

    target: int | Provisional
    keys: tuple[Key, ...]
    external_id: str | None
    url: str | None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The article is withdrawn."""

    target: int | Provisional
    rejection: Rejection


Decision = Create | Update | Unchanged | Refused


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


def decide(drafts: Sequence[tuple[Draft, tuple[Key, ...]]], stored: Mapping[bytes, StoredArticle]) -> list[Decision]:
    """What to do with each draft of a request, in its order.

    Later drafts see what earlier ones do: two items on one article are one article.

    Args:
        drafts: each with its `keys_of`.
        stored: key digest → the article that owns it, for every key of the drafts that has an owner.

    Returns:
        One decision a draft, in order, to be applied in order.
    """
    known = _Known(stored)
    decisions = [_decide(item, draft, keys, known) for item, (draft, keys) in enumerate(drafts)]
    return _without_returns(decisions, {article.id: article for article in stored.values()})


def _without_returns(decisions: list[Decision], before: Mapping[int | Provisional, StoredArticle]) -> list[Decision]:
    """Leave articles alone that several items revise only to end as they were: the request was sent before."""
    last = {one.target: one for one in decisions if isinstance(one, Update) and one.target in before}
    returned = {
        target: before[target].url
        for target, one in last.items()
        if (one.content_hash, one.url) == (before[target].content_hash, before[target].url)
    }
    return [
        Unchanged(one.target, one.keys, one.external_id, returned[one.target], one.notice)
        if isinstance(one, Update) and one.target in returned
        else one
        for one in decisions
    ]


class _Known:
    """The articles that own keys, as they are after the decisions so far."""

    def __init__(self, stored: Mapping[bytes, StoredArticle]) -> None:
        self._owner = {digest: article.id for digest, article in stored.items()}
        self._articles = {article.id: article for article in stored.values()}

    def at(self, digest: bytes) -> StoredArticle | None:
        owner = self._owner.get(digest)
        return None if owner is None else self._articles[owner]

    def free(self, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple(key for key in keys if key.digest not in self._owner)

    def put(self, article: StoredArticle, keys: tuple[Key, ...]) -> None:
        self._articles[article.id] = article
        self._owner.update((key.digest, article.id) for key in keys)


def _decide(item: int, draft: Draft, keys: tuple[Key, ...], known: _Known) -> Decision:
    article = _same(draft, keys, known)
    notice = _notice(keys, article, known)
    if article is None:
        return _create(item, draft, known.free(keys), known, notice)
    if article.withdrawn:
        return Refused(article.id, WITHDRAWN)
    decision = _revise(article, draft, known.free(keys), known, notice)
    after = replace(article, external_id=decision.external_id, url=decision.url)
    if isinstance(decision, Update):
        after = replace(
            after,
            version=decision.version,
            content_hash=decision.content_hash,
            has_body=bool(draft.text),
        )
    known.put(after, decision.keys)
    return decision


def _create(item: int, draft: Draft, keys: tuple[Key, ...], known: _Known, notice: str | None) -> Create:
    digest = content_hash(draft)
    created = StoredArticle(
        id=Provisional(item),
        source_key=draft.source_key,
        external_id=draft.external_id,
        url=draft.url,
        version=1,
        content_hash=digest,
        has_body=bool(draft.text),
        withdrawn=False,
    )
    known.put(created, keys)
    return Create(draft, keys, digest, notice)


def _same(draft: Draft, keys: tuple[Key, ...], known: _Known) -> StoredArticle | None:
    """The article that a draft is, by its strongest key that fits."""
    for key in keys:
        article = known.at(key.digest)
        if article is not None and _fits(key.kind, draft, article):
            return article
    return None


def _fits(kind: KeyKind, draft: Draft, article: StoredArticle) -> bool:
    if kind is KeyKind.EXTERNAL:
        return True
    if kind is KeyKind.URL:
        # Another identifier is the publisher's own word that these are two articles.
        same_source = draft.source_key == article.source_key
        return draft.external_id is None or (article.external_id is None and same_source)
    # A title counts where there is nothing better: one of the two has neither identifier nor address.
    by_title_alone = (draft.external_id or draft.url) is None, (article.external_id or article.url) is None
    return any(by_title_alone) or _completes(draft, article)


def _completes(draft: Draft, article: StoredArticle) -> bool:
    """Whether a draft of the same source and title is the full article of a headline, by their common time.

    Lists of headlines often link to another address than the article's own.
    """
    one_identifier_at_most = draft.external_id is None or article.external_id is None
    dated = parse_timestamp(draft.published_raw or "", UTC) is not None
    return bool(draft.text) and not article.has_body and one_identifier_at_most and dated


def _notice(keys: tuple[Key, ...], article: StoredArticle | None, known: _Known) -> str | None:
    by_kind = {key.kind: known.at(key.digest) for key in keys}
    at_url = by_kind.get(KeyKind.URL)
    if KeyKind.EXTERNAL not in by_kind or at_url is None:
        return None
    return None if article is not None and at_url.id == article.id else ELSEWHERE


def _revise(
    article: StoredArticle, draft: Draft, free: tuple[Key, ...], known: _Known, notice: str | None
) -> Update | Unchanged:
    external_id = article.external_id or draft.external_id
    moved = _moves(article, draft, known)
    if article.has_body and not draft.text:
        # A headline never replaces a body, nor the address that readers follow.
        url = article.url or (draft.url if moved else None)
        return Unchanged(article.id, free, external_id, url, notice)
    digest = content_hash(draft)
    if digest == article.content_hash and not moved:
        return Unchanged(article.id, free, external_id, article.url, notice)
    url = draft.url if moved else article.url
    return Update(article.id, draft, article.version + 1, free, digest, url, external_id, notice)


def _moves(article: StoredArticle, draft: Draft, known: _Known) -> bool:
    """Whether the draft brings an address that is really another one and belongs to no other article."""
    if draft.url is None:
        return False
    digest = url_digest(draft.url)
    if article.url is not None and url_digest(article.url) == digest:
        return False
    owner = known.at(digest)
    return owner is None or owner.id == article.id


def _digest(kind: KeyKind, *parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(), digest_size=DIGEST_BYTES, person=kind.encode()).digest()


def all_digests(drafts: Sequence[tuple[Draft, tuple[Key, ...]]]) -> Iterator[bytes]:
    """Every key digest of a request: what to look up before `decide`."""
    for _, keys in drafts:
        yield from (key.digest for key in keys)
