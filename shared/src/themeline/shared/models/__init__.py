"""The tables. Each docstring names the one service that writes it; `deploy/postgres/roles.sql` enforces it.

Inside the system an article, story or theme is a `bigint`; outside it is a `public_id`.
"""

from themeline.shared.models.base import Base
from themeline.shared.models.feeds import Feed, FeedEntry, Host, Page, RejectedItem
from themeline.shared.models.ingest import (
    Article,
    ArticleKey,
    ArticleVersion,
    Dispatch,
    OutboxEntry,
    Source,
)
from themeline.shared.models.related import (
    Attempt,
    Encoding,
    Epoch,
    Expansion,
    FeatureRow,
    Outcome,
    Placement,
    Posting,
    Relation,
    Story,
    Theme,
    Uncounted,
    Vector,
)

INGEST_TABLES = (
    Source,
    Article,
    ArticleKey,
    ArticleVersion,
    OutboxEntry,
    Dispatch,
    Feed,
    FeedEntry,
    Host,
    Page,
    RejectedItem,
)
RELATED_TABLES = (
    Attempt,
    Outcome,
    FeatureRow,
    Vector,
    Encoding,
    Expansion,
    Posting,
    Placement,
    Relation,
    Story,
    Theme,
    Epoch,
    Uncounted,
)

__all__ = [
    "INGEST_TABLES",
    "RELATED_TABLES",
    "Article",
    "ArticleKey",
    "ArticleVersion",
    "Attempt",
    "Base",
    "Dispatch",
    "Encoding",
    "Epoch",
    "Expansion",
    "FeatureRow",
    "Feed",
    "FeedEntry",
    "Host",
    "OutboxEntry",
    "Outcome",
    "Page",
    "Placement",
    "Posting",
    "RejectedItem",
    "Relation",
    "Source",
    "Story",
    "Theme",
    "Uncounted",
    "Vector",
]
