"""What ingest reads and writes in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from themeline.ingest.core.drafts import Draft
from themeline.ingest.core.embargo import embargo_until
from themeline.ingest.core.identity import Key, StoredArticle
from themeline.shared.core.timestamps import parse_timestamp
from themeline.shared.models import Article, ArticleKey, ArticleVersion, OutboxEntry, Source


@dataclass(frozen=True)
class SourceRow:
    """A stored source: its id, and the zone of its times that name none."""

    id: int
    zone: tzinfo


@dataclass(frozen=True)
class Announcement:
    """An article version that the relay is to send."""

    article_id: int
    version: int
    urgency: int


def ensure_sources(session: Session, names: Mapping[str, str]) -> dict[str, SourceRow]:
    """Return the sources with these keys, storing those that are new under the names given."""
    rows = _sources(session, names)
    missing = sorted(set(names) - set(rows))
    if missing:
        values = [{"key": key, "name": names[key]} for key in missing]
        session.execute(upsert(Source).values(values).on_conflict_do_nothing())
        rows = _sources(session, names)
    return rows


def _sources(session: Session, keys: Collection[str]) -> dict[str, SourceRow]:
    found = session.execute(select(Source.key, Source.id, Source.default_zone).where(Source.key.in_(keys)))
    return {key: SourceRow(id_, _zone(zone)) for key, id_, zone in found}


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def load_owners(session: Session, digests: Collection[bytes]) -> dict[bytes, StoredArticle]:
    """Return the articles that own these keys, locked in id order until the transaction ends."""
    owners = dict(
        session.execute(select(ArticleKey.digest, ArticleKey.article_id).where(ArticleKey.digest.in_(digests)))
        .tuples()
        .all()
    )
    rows = session.execute(
        select(
            Article.id,
            Source.key,
            Article.external_id,
            Article.url,
            Article.version,
            Article.content_hash,
            Article.text != "",
            Article.withdrawn_at.is_not(None),
        )
        .join(Source, Source.id == Article.source_id)
        .where(Article.id.in_(set(owners.values())))
        .order_by(Article.id)
        .with_for_update(of=Article)
    )
    articles = {row[0]: StoredArticle(*row) for row in rows}
    return {digest: articles[id_] for digest, id_ in owners.items()}


def article_row(
    draft: Draft, source: SourceRow, *, content_hash: bytes, url: str | None, now: datetime
) -> dict[str, object]:
    """Return the columns of an article as pushed."""
    published = parse_timestamp(draft.published_raw or "", source.zone)
    return {
        "source_id": source.id,
        "external_id": draft.external_id,
        "url": url,
        "title": draft.title,
        "text": draft.text,
        "published_raw": draft.published_raw,
        "updated_raw": draft.updated_raw,
        "language": draft.language,
        "image": draft.image,
        "section": draft.section,
        "tags": list(draft.tags),
        "authors": list(draft.authors),
        "priority": draft.priority,
        "content_hash": content_hash,
        "embargo_until": embargo_until(published.at if published else None, now),
    }


def insert_articles(session: Session, rows: Sequence[dict[str, object]]) -> list[tuple[int, str]]:
    """Store new articles; return their ids and public ids, in order."""
    if not rows:
        return []
    returning = insert(Article).returning(Article.id, Article.public_id, sort_by_parameter_order=True)
    return [(id_, str(public_id)) for id_, public_id in session.execute(returning, list(rows))]


def insert_keys(session: Session, keys: Sequence[tuple[Key, int]]) -> None:
    """Claim keys, in one order for all, so that two requests wait for each other and never in a circle."""
    rows = [
        {"digest": key.digest, "kind": key.kind.value, "article_id": id_}
        for key, id_ in sorted(keys, key=lambda item: item[0].digest)
    ]
    if rows:
        session.execute(insert(ArticleKey), rows)


def adopt(session: Session, id_: int, external_id: str | None, url: str | None) -> None:
    """Give an article the identifier or the address that it lacked."""
    changed = (Article.external_id.is_distinct_from(external_id)) | (Article.url.is_distinct_from(url))
    session.execute(update(Article).where(Article.id == id_, changed).values(external_id=external_id, url=url))


def new_version(session: Session, id_: int, row: Mapping[str, object]) -> None:
    """Replace an article's content, keeping the version before it. It keeps its first source."""
    columns = ("version", "title", "text", "published_raw", "updated_raw", "changed_at")
    before = select(Article.id, *(getattr(Article, name) for name in columns)).where(Article.id == id_)
    session.execute(insert(ArticleVersion).from_select(["article_id", *columns], before))
    values = {key: value for key, value in row.items() if key != "source_id"}
    session.execute(update(Article).where(Article.id == id_).values(**values, changed_at=func.now()))


def insert_outbox(session: Session, announcements: Sequence[Announcement], correlation_id: str) -> None:
    session.execute(
        insert(OutboxEntry),
        [{**vars(announcement), "correlation_id": correlation_id} for announcement in announcements],
    )


def public_ids(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(Article.id, Article.public_id).where(Article.id.in_(ids)))
    return {id_: str(public_id) for id_, public_id in rows}


def lock_article(session: Session, public_id: UUID) -> Article | None:
    """Return an article, locked until the transaction ends."""
    return session.scalar(select(Article).where(Article.public_id == public_id).with_for_update())


def touch(session: Session, article: Article, *, withdrawn: bool) -> None:
    """Withdraw or restore an article: a version of its own, so that related hears of it."""
    session.execute(
        update(Article)
        .where(Article.id == article.id)
        .values(
            version=Article.version + 1,
            changed_at=func.now(),
            withdrawn_at=func.now() if withdrawn else literal(None),
        )
    )
