"""The versions of an article: when each came, why, and what it changed."""

from collections.abc import Iterator
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from themeline.api import errors, pagination
from themeline.api.pagination import Place
from themeline.api.parameters import VersionPaging
from themeline.api.queries import articles
from themeline.api.queries.differences import Operation, text_changes
from themeline.api.queries.rows import AnyRow, AnySelect
from themeline.api.schemas import Answer, Instant
from themeline.shared.models import Article, ArticleVersion

Cause = Literal["published", "completed", "changed", "withdrawn", "restored", "retried"]


class FromTo(Answer):
    """Two sides whose names in JSON are words of Python."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)


class Passage(FromTo):
    """Sentences that came, went, or took the place of others."""

    op: Operation
    before: str | None = Field(
        validation_alias="from",
        serialization_alias="from",
        description="Cut to 1,000 characters; `null` for `insert`.",
    )
    after: str | None = Field(
        validation_alias="to", serialization_alias="to", description="Cut to 1,000 characters; `null` for `delete`."
    )


class Change(FromTo):
    """A value of one line, before and after."""

    before: str | None = Field(validation_alias="from", serialization_alias="from")
    after: str | None = Field(validation_alias="to", serialization_alias="to")


class Changes(Answer):
    """What a version says otherwise than the one before it."""

    title: Change | None
    published: Change | None = Field(description="The time as the source wrote it.")
    text: list[Passage] = Field(description="The first 50 changes of the text.")
    more: int = Field(description="Changes of the text beyond those.")


class Version(Answer):
    version: int
    at: Instant
    cause: Cause = Field(
        description="`published`: the first. `completed`: a headline or teaser got its text. `changed`: it says"
        " something else. `withdrawn`, `restored`, `retried`: asked for, with the content as it was."
    )
    title: str
    published_raw: str | None
    words: int
    changes: Changes | None = Field(description="`null` for the first version.")


class VersionList(Answer):
    id: UUID
    corrections: int = Field(description="Versions whose cause is `changed`.")
    corrected_at: Instant | None = Field(description="When the last of them came.")
    items: list[Version] = Field(description="The current version first.")
    next: str | None = Field(description="Cursor of the next page; `null` on the last.")


_COLUMNS = ("version", "title", "text", "published_raw", "cause", "changed_at")


def versions(session: Session, public_id: UUID, wanted: VersionPaging) -> VersionList:
    """Return one page of the versions of a visible article.

    Raises:
        Problem: 404 where there is none, 410 where it was withdrawn.
    """
    article = articles.find(session, public_id)
    scope = f"versions of {public_id}"
    top = article.version if wanted.cursor is None else errors.read_cursor(wanted.cursor, scope).id - 1
    # One more than is shown: the last is compared with the one before it. A text is held no longer than its turn.
    statement = _rows(article.id, top).limit(wanted.limit + 1).execution_options(yield_per=1)
    with session.execute(statement) as rows:
        items = list(_items(iter(rows), wanted.limit))
    last = items[-1] if items else None
    following = last and last.version > 1 and pagination.encode(Place(last.at, last.version), scope)
    return VersionList(
        id=public_id,
        corrections=article.corrections,
        corrected_at=article.corrected_at,
        items=items,
        next=following or None,
    )


def _rows(article_id: int, top: int) -> AnySelect:
    before = select(*(getattr(ArticleVersion, name) for name in _COLUMNS)).where(
        ArticleVersion.article_id == article_id
    )
    current = select(*(getattr(Article, name) for name in _COLUMNS)).where(Article.id == article_id)
    all_of_them = union_all(before, current).subquery()
    return select(all_of_them).where(all_of_them.c.version <= top).order_by(all_of_them.c.version.desc())


def _items(rows: Iterator[AnyRow], limit: int) -> Iterator[Version]:
    row = next(rows, None)
    for _ in range(limit):
        if row is None:
            return
        before = next(rows, None)
        yield _version(row, before)
        row = before


def _version(row: AnyRow, before: AnyRow | None) -> Version:
    return Version(
        version=row.version,
        at=row.changed_at,
        cause=row.cause,
        title=row.title,
        published_raw=row.published_raw,
        words=len(row.text.split()),
        changes=None if before is None else _changes(before, row),
    )


def _changes(before: AnyRow, after: AnyRow) -> Changes:
    passages, more = text_changes(before.text, after.text)
    return Changes(
        title=_change(before.title, after.title),
        published=_change(before.published_raw, after.published_raw),
        text=[Passage(op=one.op, before=one.before, after=one.after) for one in passages],
        more=more,
    )


def _change(before: str | None, after: str | None) -> Change | None:
    return None if before == after else Change(before=before, after=after)
