"""Which article, address or identifier is asked after, also where nothing was ever accepted under it."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from themeline.api import errors
from themeline.api.parameters import Named
from themeline.api.queries.listing import source_key
from themeline.api.queries.visibility import disclosed
from themeline.shared.core.urls import UnusableUrlError, canonical_url, url_digest
from themeline.shared.models import Article, ArticleKey, Source

ID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked after: an article, if there is one, and the names by which it may have been rejected.

    Attributes:
        name: as it was asked.
        digests: of its addresses.
        unusable_url: an address that cannot be one, as it was asked.
        source: key of the source that `external_id` belongs to.
    """

    name: str
    article_id: int | None = None
    digests: list[bytes] = field(default_factory=list)
    unusable_url: str | None = None
    external_id: str | None = None
    source: str | None = None


def find_subject(session: Session, wanted: Named) -> Subject:
    """Return what is asked after; whether anything is known of it remains to be seen.

    Raises:
        Problem: 400 where it is not named in exactly one way, 404 where it is an unknown id or under embargo.
    """
    given = [name for name in ("id", "url", "external_id") if getattr(wanted, name) is not None]
    if len(given) != 1:
        raise errors.bad_parameter("id", wanted.id or "", "one of id, url, and external_id with source is needed")
    if (wanted.external_id is None) != (wanted.source is None):
        raise errors.bad_parameter("source", wanted.source or "", "goes with external_id, and only with it")
    if wanted.id is not None:
        return subject_of_id(session, wanted.id)
    if wanted.url is not None:
        return _of_url(session, wanted.url)
    return _of_external_id(session, wanted.external_id or "", wanted.source or "")


def subject_of_id(session: Session, text: str) -> Subject:
    """Return the article with this id.

    Raises:
        Problem: 404 where there is none.
    """
    try:
        public_id = UUID(text) if len(text) == ID_LENGTH else None
    except ValueError:
        public_id = None
    found = _article(session, select(Article.id).where(Article.public_id == public_id), text)
    if found is None:
        raise errors.unknown("article", text)
    return _with_names(session, found, text)


def _of_url(session: Session, url: str) -> Subject:
    try:
        canonical = canonical_url(url)
    except UnusableUrlError:
        return Subject(url, unusable_url=url.strip())
    digest = url_digest(canonical)
    candidates = union(
        select(ArticleKey.article_id.label("id")).where(ArticleKey.digest == digest),
        select(Article.id).where(Article.url == canonical),
    )
    found = _article(session, select(candidates.subquery().c.id), url)
    return Subject(url, digests=[digest]) if found is None else _with_names(session, found, url, digest)


def _of_external_id(session: Session, external_id: str, name: str) -> Subject:
    keys = {source_key(name), name}
    sources = select(Source.id).where(Source.key.in_(keys))
    chosen = select(Article.id).where(Article.external_id == external_id, Article.source_id.in_(sources))
    found = _article(session, chosen, external_id)
    if found is None:
        return Subject(external_id, external_id=external_id, source=source_key(name) or name)
    return _with_names(session, found, external_id)


def _article(session: Session, chosen: Select[int], name: str) -> int | None:
    """The article that is meant: a live one before a withdrawn one, the latest of several.

    Raises:
        Problem: 404 where every one is under embargo: nothing is told of what was sent to their addresses either.
    """
    rows = session.execute(
        select(Article.id, disclosed())
        .where(Article.id.in_(chosen))
        .order_by(Article.withdrawn_at.is_not(None), Article.ingested_at.desc(), Article.id.desc())
    ).all()
    if not rows:
        return None
    shown = next((id_ for id_, is_disclosed in rows if is_disclosed), None)
    if shown is None:
        raise errors.unknown("article", name)
    return shown


def _with_names(session: Session, article_id: int, name: str, *digests: bytes) -> Subject:
    names = select(Article.external_id, Source.key).join(Source, Source.id == Article.source_id)
    external_id, source = session.execute(names.where(Article.id == article_id)).one()
    addresses = select(ArticleKey.digest).where(ArticleKey.article_id == article_id, ArticleKey.kind == "url")
    known = {*digests, *session.scalars(addresses)}
    return Subject(name, article_id, sorted(known), external_id=external_id, source=source)
