"""The tables. Each docstring names the one service that writes it; `deploy/postgres/roles.sql` enforces it.

Inside the system an article, story or theme is a `bigint`; outside it is a `public_id`.
"""

from themeline.shared.models.base import EMBEDDING_DIMENSIONS, Base
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
    Epoch,
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

INGEST_TABLES = (Source, Article, ArticleKey, ArticleVersion, OutboxEntry, Dispatch)
RELATED_TABLES = (
    Attempt,
    Outcome,
    FeatureRow,
    Vector,
    Posting,
    Placement,
    Relation,
    Story,
    Theme,
    Epoch,
    Uncounted,
)

__all__ = [
    "EMBEDDING_DIMENSIONS",
    "INGEST_TABLES",
    "RELATED_TABLES",
    "Article",
    "ArticleKey",
    "ArticleVersion",
    "Attempt",
    "Base",
    "Dispatch",
    "Epoch",
    "FeatureRow",
    "OutboxEntry",
    "Outcome",
    "Placement",
    "Posting",
    "Relation",
    "Source",
    "Story",
    "Theme",
    "Uncounted",
    "Vector",
]
