"""Articles, their keys and versions, and the outbox, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    any_,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from themeline.ingest.core.decisions import StoredArticle
from themeline.ingest.core.drafts import Draft
from themeline.ingest.core.embargo import embargo_until
from themeline.ingest.core.keys import Key
from themeline.ingest.core.ways import Way
from themeline.ingest.store.sources import SourceRow
from themeline.shared.core.timestamps import parse_timestamp
from themeline.shared.models import Article, ArticleKey, ArticleVersion, Attempt, OutboxEntry, Source

# The columns of one article.
Row = dict[str, object]
# The publisher's identifier of an article, and its address.
Identity = tuple[str | None, str | None]
# What is asked of an article without new content.
Status = Literal["withdrawn", "restored", "retried"]


@dataclass(frozen=True)
class Announcement:
    """An article version that the relay is to send."""

    article_id: int
    version: int
    urgency: int


def load_owners(session: Session, digests: Collection[bytes]) -> dict[bytes, StoredArticle]:
    """Return the articles that own these keys, locked in id order until the transaction ends.

    The lock leaves the keys of articles alone, so that the relay, which refers to them, never waits for it.
    """
    rows = session.execute(
        select(
            ArticleKey.digest,
            Article.id,
            Source.key,
            Article.external_id,
            Article.url,
            Article.version,
            Article.content_hash,
            Article.text != "",
            Article.withdrawn_at.is_not(None),
            Article.feed_id,
        )
        .join(Article, Article.id == ArticleKey.article_id)
        .join(Source, Source.id == Article.source_id)
        .where(ArticleKey.digest == any_(_array(LargeBinary, digests)))
        .order_by(Article.id)
        .with_for_update(of=Article, key_share=True)
    )
    return {digest: StoredArticle(*columns) for digest, *columns in rows}


def article_row(
    draft: Draft, source: SourceRow, way: Way, *, content_hash: bytes, url: str | None, now: datetime
) -> Row:
    """Return the columns of an article as it came in."""
    published = parse_timestamp(draft.published_raw or "", source.zone, day_first=source.day_first)
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
        "origin": way.origin,
        "feed_id": way.feed_id,
        "paywalled": draft.paywalled,
        "embargo_until": embargo_until(published.at if published and way.origin == "push" else None, now),
    }


def insert_articles(session: Session, rows: Sequence[Row]) -> list[tuple[int, str]]:
    """Store new articles; return their ids and public ids, in order."""
    if not rows:
        return []
    returning = insert(Article).returning(Article.id, Article.public_id, sort_by_parameter_order=True)
    # The connection knows no ORM, whose bookkeeping of each row costs more than storing it.
    return [(id_, str(public_id)) for id_, public_id in session.connection().execute(returning, list(rows))]


def insert_keys(session: Session, keys: Sequence[tuple[Key, int]]) -> None:
    """Claim keys, all in one order, so that two requests wait for each other and never in a circle."""
    if not keys:
        return
    ordered = sorted(keys, key=lambda item: item[0].digest)
    rows = (
        func.unnest(
            _array(LargeBinary, [key.digest for key, _ in ordered]),
            _array(Text, [key.kind.value for key, _ in ordered]),
            _array(BigInteger, [id_ for _, id_ in ordered]),
        )
        .table_valued("digest", "kind", "article_id")
        .render_derived()
    )
    session.execute(insert(ArticleKey).from_select(["digest", "kind", "article_id"], select(rows)))


def adopt(session: Session, identities: Mapping[int, Identity]) -> None:
    """Give articles the identifier or the address that they lacked."""
    if identities:
        rows = [{"of": id_, "external_id": external_id, "url": url} for id_, (external_id, url) in identities.items()]
        session.connection().execute(update(Article).where(Article.id == bindparam("of")), rows)


def new_versions(session: Session, rows: Mapping[int, Row]) -> None:
    """Replace the content of articles, keeping the versions before it. Each keeps its first source."""
    keep_versions(session, list(rows))
    session.connection().execute(
        update(Article).where(Article.id == bindparam("of")).values(changed_at=func.now()),
        [{"of": id_} | {key: value for key, value in row.items() if key != "source_id"} for id_, row in rows.items()],
    )


def keep_versions(session: Session, ids: Collection[int]) -> None:
    """Keep the current versions of articles, which are about to be replaced."""
    columns = ("version", "title", "text", "published_raw", "updated_raw", "cause", "changed_at")
    current = select(Article.id, *(getattr(Article, name) for name in columns)).where(
        Article.id == any_(_array(BigInteger, ids))
    )
    session.execute(insert(ArticleVersion).from_select(["article_id", *columns], current))


def insert_outbox(session: Session, announcements: Sequence[Announcement], correlation_id: str) -> None:
    rows = (
        func.unnest(
            _array(BigInteger, [announcement.article_id for announcement in announcements]),
            _array(Integer, [announcement.version for announcement in announcements]),
            _array(SmallInteger, [announcement.urgency for announcement in announcements]),
        )
        .table_valued("article_id", "version", "urgency")
        .render_derived()
    )
    session.execute(
        insert(OutboxEntry).from_select(
            ["article_id", "version", "urgency", "correlation_id"], select(rows, literal(correlation_id))
        )
    )


def public_ids(session: Session, ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(Article.id, Article.public_id).where(Article.id == any_(_array(BigInteger, ids))))
    return {id_: str(public_id) for id_, public_id in rows}


def lock_article(session: Session, public_id: UUID) -> Article | None:
    """Return an article, locked until the transaction ends."""
    return session.scalar(select(Article).where(Article.public_id == public_id).with_for_update(key_share=True))


def is_quarantined(session: Session, article: Article) -> bool:
    """Whether the current version was set aside after its attempts."""
    attempt = select(Attempt.quarantined_at).where(Attempt.article_id == article.id, Attempt.version == article.version)
    return article.withdrawn_at is None and session.scalar(attempt) is not None


def touch(session: Session, id_: int, *, cause: Status, correlation_id: str) -> int:
    """Give an article a new version without new content; return its number, by which related hears of it."""
    keep_versions(session, [id_])
    withdrawn_at = {"withdrawn": func.now(), "restored": None, "retried": Article.withdrawn_at}[cause]
    return session.execute(
        update(Article)
        .where(Article.id == id_)
        .values(
            version=Article.version + 1,
            cause=cause,
            correlation_id=correlation_id,
            changed_at=func.now(),
            withdrawn_at=withdrawn_at,
        )
        .returning(Article.version)
    ).scalar_one()


def _array(kind: type[TypeEngine[Any]], values: Collection[Any]) -> BindParameter[Any]:
    """Many values as one parameter: the statement, and the plan kept for it, stay the same."""
    return literal(list(values), ARRAY(kind))
