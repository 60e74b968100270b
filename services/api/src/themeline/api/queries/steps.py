"""The steps of an article's way, from the rows that tell of them."""

from collections.abc import Iterator

from themeline.api.queries.durations import times
from themeline.api.queries.history import Facts, Step
from themeline.api.queries.rows import AnyRow

# Causes that brought content; the others were asked for.
CONTENT = frozenset({"published", "completed", "changed"})


def steps(facts: Facts) -> list[Step]:
    """Return every step, the earliest first; of one instant, in the order of the way."""
    found = [*_ingested(facts), *_related(facts), *_elsewhere(facts)]
    return sorted(found, key=lambda step: step.at)


def _ingested(facts: Facts) -> Iterator[Step]:
    article = facts.article
    if article is None:
        return
    current = _Versions(article, facts)
    yield from current.steps()
    if article.embargo_until is not None:
        yield Step(at=article.embargo_until, step="disclosed", outcome="visible", detail="the embargo ended")
    for row in facts.waiting:
        detail = "in the outbox, for the relay"
        yield Step(
            at=row.created_at, step="waiting", outcome="waiting", detail=detail, version=row.version,
            correlation_id=row.correlation_id,
        )  # fmt: skip
    if facts.sent is not None:
        yield Step(at=facts.sent.dispatched_at, step="sent", outcome="queued", version=facts.sent.version)


class _Versions:
    """The versions as steps; how content came in is known of the latest that brought any."""

    def __init__(self, article: AnyRow, facts: Facts) -> None:
        self._article = article
        self._rows = [article, *facts.versions]
        self._page_read = any(page.state == "read" for page in facts.pages)
        self._told = next((row.version for row in self._rows if row.cause in CONTENT), None)

    def steps(self) -> Iterator[Step]:
        for row in reversed(self._rows):
            yield Step(
                at=row.changed_at,
                step="received" if row.cause in CONTENT else "asked",
                outcome=row.cause,
                detail=self._way(row) if row.version == self._told else None,
                version=row.version,
                correlation_id=self._article.correlation_id if row is self._article else None,
            )

    def _way(self, row: AnyRow) -> str:
        if self._article.origin == "push":
            return "pushed"
        if row.cause == "completed" and self._page_read:
            return "with the text of its page"
        return f"from the feed {self._article.feed}" if self._article.feed else "from a feed that was removed"


def _related(facts: Facts) -> Iterator[Step]:
    article = facts.article
    if article is None:
        return
    yield from _attempts(article)
    for row in facts.outcomes:
        yield Step(at=row.decided_at, step="decided", outcome=row.outcome, version=row.version)
    # Labels are made of headlines.
    if article.withdrawn_at is None and facts.placement is not None:
        yield _placed(facts.placement, facts.relations)
        for row in facts.joined:
            detail = f"the story {row.public_id} became part of its story"
            yield Step(at=row.updated_at, step="merged", outcome="story", detail=detail)


def _attempts(article: AnyRow) -> Iterator[Step]:
    if article.resent_at is not None:
        yield Step(
            at=article.resent_at, step="sent", outcome="queued", detail="again, by the sweep", version=article.version
        )
    if article.last_attempt_at is None:
        return
    # An error may quote the text that it is about.
    error = article.last_error if article.withdrawn_at is None else None
    alone = f", {article.solo_attempts} of them alone" if article.solo_attempts else ""
    detail = times(article.attempts) + alone + (f": {error}" if error else "")
    outcome = "failed" if article.last_error else "begun"
    yield Step(at=article.last_attempt_at, step="tried", outcome=outcome, detail=detail, version=article.version)


def _placed(placement: AnyRow, relations: int) -> Step:
    parts = [
        f"{relations:,} relations",
        f"story {placement.story} “{placement.story_label}”",
        f"theme {placement.theme} “{placement.theme_label}”",
        *([f"a copy of {placement.duplicate_of}"] if placement.duplicate_of else []),
    ]
    outcome = "copy" if placement.duplicate_of else "in a story"
    return Step(
        at=placement.related_at, step="placed", outcome=outcome, detail="; ".join(parts), version=placement.version
    )


def _elsewhere(facts: Facts) -> Iterator[Step]:
    for row in facts.seen:
        yield Step(at=row.seen_at, step="seen", outcome="in a feed", detail=f"last in {row.url}")
    for row in facts.pages:
        yield Step(at=row.ended_at or row.created_at, step="page", outcome=row.state, detail=page_detail(row))
    for row in facts.rejected:
        detail = f"{times(row.times)}, by {row.way}: {row.detail}"
        yield Step(at=row.last_at, step="rejected", outcome=row.type, detail=detail)


def page_detail(page: AnyRow) -> str | None:
    """Why a page is as it is."""
    parts = [f"tried {times(page.attempts)}"] if page.attempts else []
    answered = f"it answered {page.status}" if page.status else ""
    # A reason may say that itself, with more words.
    if answered and answered not in (page.reason or ""):
        parts.append(answered)
    if page.reason:
        parts.append(page.reason)
    return "; ".join(parts) or None
