"""Events: facts that happened, named in the past participle, carrying ids only; and the queues they travel on.

The name of an event is the name of the Celery task that handles it, so that a
publisher imports nothing of its consumers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class QueueName(StrEnum):
    """Every queue once; strict priority is the order given here."""

    FRESH = "related.fresh"
    BACKFILL = "related.backfill"


@dataclass(frozen=True, kw_only=True)
class ArticlePublished:
    """Articles have been stored, in a version that is to be related to the others.

    It carries ids alone: a consumer reads the article itself, so a redelivered
    or late message can never bring back an old text.
    """

    name: ClassVar[str] = "article.published"

    article_ids: tuple[int, ...]
