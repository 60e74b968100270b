"""Which stored article a draft is: decided for a whole request at once, without looking anything up.

The caller collects the keys of all drafts, loads the articles that own them, and applies the decisions in one
transaction. A key belongs to the article that claimed it first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from themeline.ingest.core.canonical import url_digest
from themeline.ingest.core.decisions import (
    Cause,
    Create,
    Decision,
    Provisional,
    Refused,
    StoredArticle,
    Unchanged,
    Update,
)
from themeline.ingest.core.drafts import Draft, Rejection, content_hash
from themeline.ingest.core.keys import Key, KeyKind
from themeline.shared.core.timestamps import parse_timestamp
from themeline.shared.core.urls import DIGEST_BYTES

ELSEWHERE = "The identifier and the address belong to different articles: the identifier decides."
# After the bytes of a content hash: the text is a teaser. A later text then completes the article.
TEASER_MARK = b"\x01"
WITHDRAWN = Rejection(
    "withdrawn",
    "The article is withdrawn",
    "This article has been withdrawn. Restore it (POST /v1/articles/{id}/restore) before sending it again.",
)


def fingerprint(draft: Draft) -> bytes:
    """The hash of what a draft says, and whether its text is a teaser."""
    return content_hash(draft) + (TEASER_MARK if draft.text and draft.is_teaser else b"")


def decide(
    drafts: Sequence[tuple[Draft, tuple[Key, ...]]],
    stored: Mapping[bytes, StoredArticle],
    *,
    feed_id: int | None = None,
    is_read: bool = False,
) -> list[Decision]:
    """What to do with each draft of a request, in its order.

    Later drafts see what earlier ones do: two items on one article are one article.

    Args:
        drafts: each with its `keys_of`.
        stored: key digest → the article that owns it, for every key of the drafts that has an owner.
        feed_id: the feed that brought them.
        is_read: they were read in a feed or at its links, as those with a `feed_id` always are. What is read may
            link to anybody: it changes the articles of its own source alone.

    Returns:
        One decision a draft, in order, to be applied in order.
    """
    known = _Known(stored, feed_id, is_read=is_read or feed_id is not None)
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
    """The articles that own keys, as they are after the decisions so far, and how the drafts came."""

    def __init__(self, stored: Mapping[bytes, StoredArticle], feed_id: int | None, *, is_read: bool) -> None:
        self.feed_id = feed_id
        self.is_read = is_read
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
    if known.is_read and article.source_key != draft.source_key:
        return Unchanged(article.id, (), article.external_id, article.url, foreign=True)
    decision = _revise(article, draft, _claims(article, draft, known.free(keys)), known, notice)
    after = replace(article, external_id=decision.external_id, url=decision.url)
    if isinstance(decision, Update):
        after = replace(
            after,
            version=decision.version,
            content_hash=decision.content_hash,
            has_body=bool(draft.text),
            feed_id=known.feed_id,
        )
    known.put(after, decision.keys)
    return decision


def _create(item: int, draft: Draft, keys: tuple[Key, ...], known: _Known, notice: str | None) -> Create:
    digest = fingerprint(draft)
    created = StoredArticle(
        id=Provisional(item),
        source_key=draft.source_key,
        external_id=draft.external_id,
        url=draft.url,
        version=1,
        content_hash=digest,
        has_body=bool(draft.text),
        withdrawn=False,
        feed_id=known.feed_id,
    )
    known.put(created, keys)
    return Create(draft, keys, digest, notice)


def _same(draft: Draft, keys: tuple[Key, ...], known: _Known) -> StoredArticle | None:
    """The article that a draft is, by its strongest key that fits; a withdrawn one is found by any of its keys."""
    for key in keys:
        article = known.at(key.digest)
        if article is not None and (_fits(key.kind, draft, article) or _returns(key.kind, draft, article)):
            return article
    return _renamed(keys, known)


def _renamed(keys: tuple[Key, ...], known: _Known) -> StoredArticle | None:
    """The article that its own feed lists under another identifier now: some make new ones at each poll.

    Address, title and time are all the same: the briefings of two days may share address and title.
    """
    by_kind = {key.kind: known.at(key.digest) for key in keys}
    at_url, titled = by_kind.get(KeyKind.URL), by_kind[KeyKind.TITLE]
    if at_url is None or titled is None or known.feed_id is None:
        return None
    return at_url if at_url.id == titled.id and at_url.feed_id == known.feed_id else None


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


def _returns(kind: KeyKind, draft: Draft, article: StoredArticle) -> bool:
    """Whether a draft is a withdrawn article that comes back under another identifier or address.

    A title without a time is no name: tomorrow's briefing is not yesterday's.
    """
    return article.withdrawn and (kind is not KeyKind.TITLE or _is_dated(draft))


def _completes(draft: Draft, article: StoredArticle) -> bool:
    """Whether a draft of the same source and title is the full article of a headline, by their common time.

    Lists of headlines often link to another address than the article's own.
    """
    one_identifier_at_most = draft.external_id is None or article.external_id is None
    return bool(draft.text) and not article.has_body and one_identifier_at_most and _is_dated(draft)


def _is_dated(draft: Draft) -> bool:
    return parse_timestamp(draft.published_raw or "", UTC) is not None


def _notice(keys: tuple[Key, ...], article: StoredArticle | None, known: _Known) -> str | None:
    by_kind = {key.kind: known.at(key.digest) for key in keys}
    at_url = by_kind.get(KeyKind.URL)
    if KeyKind.EXTERNAL not in by_kind or at_url is None:
        return None
    return None if article is not None and at_url.id == article.id else ELSEWHERE


def _claims(article: StoredArticle, draft: Draft, free: tuple[Key, ...]) -> tuple[Key, ...]:
    """The keys to know the article by from now on: not a second identifier, which is another at the next poll."""
    renamed = article.external_id is not None and article.external_id != draft.external_id
    return tuple(key for key in free if not (renamed and key.kind is KeyKind.EXTERNAL))


def _revise(
    article: StoredArticle, draft: Draft, free: tuple[Key, ...], known: _Known, notice: str | None
) -> Update | Unchanged:
    external_id = article.external_id or draft.external_id
    moved = _moves(article, draft, known)
    if not _may_replace(article, draft, known.feed_id):
        # What has less to say leaves the address alone that readers follow.
        url = article.url or (draft.url if moved else None)
        return Unchanged(article.id, free, external_id, url, notice)
    digest = fingerprint(draft)
    if digest[:DIGEST_BYTES] == article.content_hash[:DIGEST_BYTES] and not moved:
        return Unchanged(article.id, free, external_id, article.url, notice)
    url = draft.url if moved else article.url
    cause = _cause(article, draft)
    return Update(article.id, draft, article.version + 1, cause, free, digest, url, external_id, notice)


def _may_replace(article: StoredArticle, draft: Draft, feed_id: int | None) -> bool:
    """A headline never replaces a body, and a teaser only what the same feed said before."""
    if not article.has_body:
        return True
    if not draft.text:
        return False
    return not draft.is_teaser or (article.is_teaser and article.feed_id == feed_id)


def _cause(article: StoredArticle, draft: Draft) -> Cause:
    gains_text = bool(draft.text) and not article.has_body
    return "completed" if gains_text or (article.is_teaser and not draft.is_teaser) else "changed"


def _moves(article: StoredArticle, draft: Draft, known: _Known) -> bool:
    """Whether the draft brings an address that is really another one and belongs to no other article."""
    if draft.url is None:
        return False
    digest = url_digest(draft.url)
    if article.url is not None and url_digest(article.url) == digest:
        return False
    owner = known.at(digest)
    return owner is None or owner.id == article.id
