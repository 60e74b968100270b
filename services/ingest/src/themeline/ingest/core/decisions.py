"""What a draft can be: a new article, a new version of one, nothing new, or refused."""

from dataclasses import dataclass
from typing import Literal

from themeline.ingest.core.drafts import Draft, Rejection
from themeline.ingest.core.keys import Key
from themeline.shared.core.urls import DIGEST_BYTES

# Why a draft makes a new version: it brings the text that a headline or a teaser lacked, or says something else.
Cause = Literal["completed", "changed"]


@dataclass(frozen=True, slots=True)
class Provisional:
    """The article that item `item` of this request creates."""

    item: int


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What a decision needs to know of an article that owns one of the keys.

    Attributes:
        content_hash: the `fingerprint` of its current content.
        feed_id: the feed that brought it.
    """

    id: int | Provisional
    source_key: str
    external_id: str | None
    url: str | None
    version: int
    content_hash: bytes
    has_body: bool
    withdrawn: bool
    feed_id: int | None = None

    @property
    def is_teaser(self) -> bool:
        return len(self.content_hash) > DIGEST_BYTES


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
        cause: why there is one.
        url: the article's address from now on; the draft's, or the old one where the draft has none or
            another article owns it.
        external_id: likewise.
        keys: those to add.
    """

    target: int | Provisional
    draft: Draft
    version: int
    cause: Cause
    keys: tuple[Key, ...]
    content_hash: bytes
    url: str | None
    external_id: str | None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing new, but perhaps keys (and an identifier) by which to recognise it next time.

    Attributes:
        foreign: a feed met the article of another source: nothing of it may change.
    """

    target: int | Provisional
    keys: tuple[Key, ...]
    external_id: str | None
    url: str | None
    notice: str | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The article is withdrawn."""

    target: int | Provisional
    rejection: Rejection


Decision = Create | Update | Unchanged | Refused
