"""Where an article is: what every table knows of its way, as steps in the order of their times."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from themeline.api import errors
from themeline.api.parameters import State
from themeline.api.queries.articles import attempt_of_this_version
from themeline.api.queries.history import Facts, Step, state_of
from themeline.api.queries.rows import AnyRow, AnySelect
from themeline.api.queries.steps import steps
from themeline.api.queries.summary import summary
from themeline.api.queries.visibility import visible
from themeline.api.queries.whereabouts import Subject
from themeline.api.schemas import Answer
from themeline.shared.models import (
    Article,
    ArticleVersion,
    Attempt,
    Dispatch,
    Feed,
    FeedEntry,
    OutboxEntry,
    Outcome,
    Page,
    Placement,
    RejectedItem,
    Relation,
    Story,
    Theme,
)

# The latest of each kind of step that can be many: a trace is read by a person.
MOST_VERSIONS = 100
MOST_OF_A_KIND = 20

_Original = aliased(Article, name="original")


class Trace(Answer):
    """What became of an article, or of what was never accepted as one."""

    id: UUID | None = Field(description="`null` where no article was ever accepted under this name.")
    url: str | None
    state: State | None
    summary: str = Field(description="Where it is, in one line.")
    steps: list[Step] = Field(description="What happened, the earliest first.")


def trace(session: Session, subject: Subject) -> Trace:
    """Return everything that is known of a subject.

    Raises:
        Problem: 404 where nothing is.
    """
    facts = _facts(session, subject)
    if facts.article is None and not facts.pages and not facts.rejected:
        raise errors.unknown("article", subject.name)
    article = facts.article
    return Trace(
        id=article and article.public_id,
        # Of a withdrawn article nothing is told but that it was one.
        url=article.url if article and article.withdrawn_at is None else None,
        state=article and state_of(facts),
        summary=summary(facts),
        steps=steps(facts),
    )


def _facts(session: Session, subject: Subject) -> Facts:
    now = session.scalars(select(func.now())).one()
    pages = list(session.execute(_pages(subject)))
    rejected = list(session.execute(_rejected(subject)))
    id_ = subject.article_id
    if id_ is None:
        return Facts(now=now, pages=pages, rejected=rejected)
    article = session.execute(_article(id_)).one()
    placement = session.execute(_placement(id_)).one_or_none()
    return Facts(
        now=now,
        article=article,
        versions=list(session.execute(_versions(id_))),
        outcomes=list(session.execute(_outcomes(id_, article.version))),
        waiting=list(session.execute(_waiting(id_))),
        sent=session.execute(_sent(id_)).one_or_none(),
        placement=placement,
        relations=_relations(session, id_),
        joined=[] if placement is None else list(session.execute(_joined(placement, article.ingested_at))),
        seen=list(session.execute(_seen(id_))),
        pages=pages,
        rejected=rejected,
    )


def _article(id_: int) -> AnySelect:
    return (
        select(
            Article.public_id,
            Article.url,
            Article.version,
            Article.cause,
            Article.ingested_at,
            Article.changed_at,
            Article.withdrawn_at,
            Article.embargo_until,
            Article.origin,
            Article.correlation_id,
            Feed.url.label("feed"),
            Attempt.attempts,
            Attempt.solo_attempts,
            Attempt.last_error,
            Attempt.last_attempt_at,
            Attempt.resent_at,
            Attempt.quarantined_at,
        )
        .outerjoin(Feed, Feed.id == Article.feed_id)
        .outerjoin(Attempt, attempt_of_this_version())
        .where(Article.id == id_)
    )


def _versions(id_: int) -> AnySelect:
    return (
        select(ArticleVersion.version, ArticleVersion.cause, ArticleVersion.changed_at)
        .where(ArticleVersion.article_id == id_)
        .order_by(ArticleVersion.version.desc())
        .limit(MOST_VERSIONS)
    )


def _outcomes(id_: int, version: int) -> AnySelect:
    return select(Outcome.version, Outcome.outcome, Outcome.decided_at).where(
        Outcome.article_id == id_, Outcome.version >= version - MOST_VERSIONS
    )


def _waiting(id_: int) -> AnySelect:
    columns = OutboxEntry.version, OutboxEntry.created_at, OutboxEntry.correlation_id
    return select(*columns).where(OutboxEntry.article_id == id_).order_by(OutboxEntry.id).limit(MOST_OF_A_KIND)


def _sent(id_: int) -> AnySelect:
    return select(Dispatch.version, Dispatch.dispatched_at).where(Dispatch.article_id == id_)


def _placement(id_: int) -> AnySelect:
    return (
        select(
            Placement.version,
            Placement.related_at,
            Placement.story_id,
            Story.public_id.label("story"),
            Story.label.label("story_label"),
            Theme.public_id.label("theme"),
            Theme.label.label("theme_label"),
            Theme.id.label("theme_id"),
            _Original.public_id.label("duplicate_of"),
        )
        .join(Story, Story.id == Placement.story_id)
        .join(Theme, Theme.id == Story.theme_id)
        .outerjoin(_Original, and_(_Original.id == Placement.duplicate_of, visible(_Original)))
        .where(Placement.article_id == id_)
    )


def _relations(session: Session, id_: int) -> int:
    """Two counts, each by its own index."""
    sides = (select(func.count()).where(side == id_).scalar_subquery() for side in (Relation.high, Relation.low))
    as_high, as_low = session.execute(select(*sides)).one()
    return int(as_high) + int(as_low)


def _joined(placement: AnyRow, since: datetime) -> AnySelect:
    """The stories that became part of the article's since it is there."""
    return (
        select(Story.public_id, Story.updated_at)
        .where(Story.merged_into == placement.story_id, Story.updated_at >= since)
        .order_by(Story.updated_at.desc())
        .limit(MOST_OF_A_KIND)
    )


def _seen(id_: int) -> AnySelect:
    return (
        select(Feed.url, FeedEntry.seen_at)
        .join(Feed, Feed.id == FeedEntry.feed_id)
        .where(FeedEntry.article_id == id_)
        .order_by(FeedEntry.seen_at.desc())
        .limit(MOST_OF_A_KIND)
    )


def _pages(subject: Subject) -> AnySelect:
    columns = Page.state, Page.attempts, Page.status, Page.reason, Page.created_at, Page.ended_at, Page.next_try_at
    return (
        select(*columns)
        .where(or_(_is(Page.article_id, subject.article_id), Page.url_digest.in_(subject.digests)))
        .order_by(Page.created_at.desc())
        .limit(MOST_OF_A_KIND)
    )


def _rejected(subject: Subject) -> AnySelect:
    by_name = and_(_is(RejectedItem.external_id, subject.external_id), _is(RejectedItem.source, subject.source))
    by_address = or_(RejectedItem.url_digest.in_(subject.digests), _is(RejectedItem.url, subject.unusable_url))
    columns = (
        RejectedItem.way,
        RejectedItem.type,
        RejectedItem.detail,
        RejectedItem.times,
        RejectedItem.first_at,
        RejectedItem.last_at,
    )
    return select(*columns).where(or_(by_name, by_address)).order_by(RejectedItem.last_at.desc()).limit(MOST_OF_A_KIND)


def _is(column: InstrumentedAttribute[Any], value: object) -> ColumnElement[bool]:
    """A name that the subject does not have is nobody's."""
    return false() if value is None else column == value
