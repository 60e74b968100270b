"""Articles as clients see them."""

from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, bindparam, case, func, select, union
from sqlalchemy.orm import Session, aliased

from themeline.api import errors, schemas
from themeline.api.parameters import State
from themeline.api.queries.rows import AnyRow, AnySelect
from themeline.api.queries.visibility import disclosed, visible
from themeline.shared.core.urls import UnusableUrlError, canonical_url, url_digest
from themeline.shared.models import Article, ArticleKey, ArticleVersion, Attempt, Placement, Source, Story, Theme

_Original = aliased(Article, name="original")


def attempt_of_this_version() -> ColumnElement[bool]:
    return and_(Attempt.article_id == Article.id, Attempt.version == Article.version)


# The raw time is the one that the placement was read from: while a newer version waits, the one before it.
_PLACED_RAW = case((Placement.version < Article.version, ArticleVersion.published_raw), else_=Article.published_raw)

# Most articles have one version, and nothing is looked up for them.
_CHANGED = (ArticleVersion.article_id == Article.id, ArticleVersion.cause == "changed")
_CORRECTIONS = case(
    (Article.version == 1, 0),
    else_=case((Article.cause == "changed", 1), else_=0)
    + select(func.count()).select_from(ArticleVersion).where(*_CHANGED).correlate(Article).scalar_subquery(),
)
_CORRECTED_AT = case(
    (Article.version == 1, None),
    (Article.cause == "changed", Article.changed_at),
    else_=select(func.max(ArticleVersion.changed_at)).where(*_CHANGED).correlate(Article).scalar_subquery(),
)

_SHOWN = (
    Article.id,
    Article.public_id,
    Article.url,
    Article.title,
    Source.name.label("source"),
    func.coalesce(Placement.language, Article.language).label("language"),
    Article.image,
    Article.ingested_at,
    Article.version,
    _CORRECTIONS.label("corrections"),
    _CORRECTED_AT.label("corrected_at"),
    Article.withdrawn_at,
    _PLACED_RAW.label("published_raw"),
    Attempt.quarantined_at,
    Placement.version.label("placed_version"),
    Placement.published_at,
    Placement.precision,
    Placement.zone_assumed,
    Placement.evidence,
    Placement.time_flags,
    Placement.sort_at,
    Placement.event_dates,
    Placement.related_at,
    _Original.public_id.label("duplicate_of"),
    Story.public_id.label("story_id"),
    Story.label.label("story_label"),
    Theme.public_id.label("theme_id"),
    Theme.label.label("theme_label"),
)


def article_columns(chosen: Subquery) -> AnySelect:
    """Select everything that the answers of the articles in `chosen.c.id` show, but those under embargo.

    While a newer version waits, the last placement stays, with the raw time that it was read from. `chosen`
    comes first: with so many tables the planner keeps to the order written.
    """
    return (
        select(*_SHOWN)
        .select_from(chosen)
        .join(Article, Article.id == chosen.c.id)
        .join(Source, Source.id == Article.source_id)
        .outerjoin(Placement, Placement.article_id == Article.id)
        .outerjoin(Attempt, attempt_of_this_version())
        .outerjoin(
            ArticleVersion,
            and_(ArticleVersion.article_id == Article.id, ArticleVersion.version == Placement.version),
        )
        .outerjoin(Story, Story.id == Placement.story_id)
        .outerjoin(Theme, Theme.id == Story.theme_id)
        .outerjoin(_Original, and_(_Original.id == Placement.duplicate_of, visible(_Original)))
        .where(disclosed())
    )


# One article also carries what its box is computed from.
_ONE = article_columns(
    select(Article.id).where(Article.public_id == bindparam("public_id")).subquery("chosen")
).add_columns(
    Placement.names,
    Placement.terms,
    Placement.story_id.label("story_key"),
    func.coalesce(Placement.duplicate_of, Article.id).label("text_key"),
)

# An address is recognised in any spelling by its key, which one article holds; where an id told two articles
# of one address apart, the other has it in its row alone.
_BY_URL = (
    select(Article.public_id)
    .where(
        disclosed(),
        Article.id.in_(
            union(
                select(ArticleKey.article_id).where(ArticleKey.digest == bindparam("digest")),
                select(Article.id).where(Article.url == bindparam("url")),
            )
        ),
    )
    .order_by(Article.withdrawn_at.is_not(None), Article.ingested_at.desc(), Article.id.desc())
    .limit(1)
)


def to_article(row: AnyRow) -> schemas.Article:
    return schemas.Article(
        id=row.public_id,
        url=row.url,
        title=row.title,
        source=row.source,
        language=row.language,
        image=row.image,
        published=_published(row),
        undated=row.placed_version is not None and row.published_at is None,
        published_raw=row.published_raw,
        ingested_at=row.ingested_at,
        related_at=row.related_at,
        version=row.version,
        corrections=row.corrections,
        corrected_at=row.corrected_at,
        state=_state(row),
        duplicate_of=row.duplicate_of,
        event_dates=row.event_dates or [],
        story=_ref(row.story_id, row.story_label),
        theme=_ref(row.theme_id, row.theme_label),
    )


def find(session: Session, public_id: UUID) -> AnyRow:
    """Return the row of a visible article.

    Raises:
        Problem: 404 where there is none, 410 where it was withdrawn.
    """
    row = session.execute(_ONE, {"public_id": public_id}).one_or_none()
    if row is None:
        raise errors.unknown("article", str(public_id))
    if row.withdrawn_at is not None:
        raise errors.withdrawn(str(public_id))
    return row


def find_by_url(session: Session, url: str) -> AnyRow:
    """Return the row of the visible article with this address, the latest where several have it.

    Raises:
        Problem: 404 where there is none, 410 where it was withdrawn.
    """
    try:
        canonical = canonical_url(url)
    except UnusableUrlError:
        raise errors.unknown("article", url) from None
    public_id = session.scalar(_BY_URL, {"url": canonical, "digest": url_digest(canonical)})
    if public_id is None:
        raise errors.unknown("article", url)
    return find(session, public_id)


def _state(row: AnyRow) -> State:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.quarantined_at is not None:
        return "quarantined"
    return "ready" if row.placed_version == row.version else "pending"


def _published(row: AnyRow) -> schemas.Published | None:
    if row.published_at is None:
        return None
    return schemas.Published(
        utc=row.published_at,
        http=schemas.http_date(row.published_at),
        raw=row.published_raw,
        precision=row.precision,
        zone_assumed=row.zone_assumed,
        evidence=row.evidence,
        flags=row.time_flags,
    )


def _ref(public_id: UUID | None, label: str | None) -> schemas.Ref | None:
    return None if public_id is None or label is None else schemas.Ref(id=public_id, label=label)
