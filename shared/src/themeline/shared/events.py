"""Events: facts that happened, named in the past participle, carrying ids only; and the queues they travel on.

The name of an event is the name of the Celery task that handles it, so that a
publisher imports nothing of its consumers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class QueueName(StrEnum):
    """Every queue once; a worker's strict priority is the order given here."""

    FRESH = "related.fresh"
    BACKFILL = "related.backfill"
    REINDEX = "related.reindex"
    FEEDS = "ingest.feeds"
    PAGES = "ingest.pages"


# The queues that each kind of worker consumes.
RELATED_QUEUES = (QueueName.FRESH, QueueName.BACKFILL, QueueName.REINDEX)
FETCHER_QUEUES = (QueueName.FEEDS, QueueName.PAGES)


@dataclass(frozen=True, kw_only=True)
class ArticlePublished:
    """Articles have been stored, in a version that is to be related to the others.

    It carries ids alone: a consumer reads the article itself, so a redelivered
    or late message can never bring back an old text.
    """

    name: ClassVar[str] = "article.published"

    article_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class VectorsWanted:
    """Something is left to do with the vectors of an encoder, after the article that the cursor names.

    A message whose cursor is not the stored one is of the past: of two of a kind, one ends.
    """

    name: ClassVar[str] = "vectors.wanted"

    encoder: str
    cursor: int


@dataclass(frozen=True, kw_only=True)
class FeedDue:
    """The time has come to poll a feed."""

    name: ClassVar[str] = "feed.due"

    feed_id: int


@dataclass(frozen=True, kw_only=True)
class PageWanted:
    """The time has come to read a page for its text."""

    name: ClassVar[str] = "page.wanted"

    page_id: int
