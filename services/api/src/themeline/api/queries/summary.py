"""Where an article is, in one line of plain words."""

from themeline.api.queries.durations import lasting, times
from themeline.api.queries.history import Facts, state_of
from themeline.api.queries.rows import AnyRow
from themeline.api.queries.steps import page_detail


def summary(facts: Facts) -> str:
    """Say where the subject of these facts is, and what to do where something is to be done."""
    if facts.article is None:
        return "; ".join([*_of_pages(facts), *_rejections(facts, facts.rejected)])
    said = {"withdrawn": _withdrawn, "quarantined": _quarantined, "ready": _ready, "pending": _pending}[state_of(facts)]
    since = [row for row in facts.rejected if row.last_at > facts.article.changed_at]
    return "; ".join([said(facts, facts.article), *_of_pages(facts), *_rejections(facts, since)])


def _withdrawn(facts: Facts, article: AnyRow) -> str:
    return f"withdrawn {lasting(facts.now - article.withdrawn_at)} ago, and refused wherever it comes in again"


def _quarantined(_facts: Facts, article: AnyRow) -> str:
    attempts = "1 attempt" if article.attempts == 1 else f"{article.attempts} attempts"
    error = (article.last_error or "no error is known").rstrip(".")
    return f"quarantined after {attempts}: {error}; ./themeline quarantine retry {article.public_id}"


def _ready(facts: Facts, article: AnyRow) -> str:
    decided = facts.outcome(article.version)
    parts = []
    if decided is not None:
        when = lasting(decided.decided_at - article.changed_at)
        parts.append(f"{_version(article, 'related')} {when} after it was {_came(article)}")
    if facts.placement is not None:
        parts.append(f"in the story “{facts.placement.story_label}”")
        if facts.placement.duplicate_of:
            parts.append(f"a copy of {facts.placement.duplicate_of}")
    return "; ".join(parts)


def _pending(facts: Facts, article: AnyRow) -> str:
    came = f"{_version(article, _came(article))} {lasting(facts.now - article.changed_at)} ago"
    readers = "" if facts.placement is None else f"; readers see version {facts.placement.version}"
    return f"{came}, {_waits_for(facts, article)}{readers}"


def _waits_for(facts: Facts, article: AnyRow) -> str:
    if any(row.version == article.version for row in facts.waiting):
        return "and waits in the outbox for the relay"
    if article.attempts:
        error = f": {article.last_error}" if article.last_error else ""
        return f"tried {times(article.attempts)}, last {lasting(facts.now - article.last_attempt_at)} ago{error}"
    if facts.sent is not None and facts.sent.version == article.version:
        return f"sent to the queue {lasting(facts.now - facts.sent.dispatched_at)} ago, and waits for a worker"
    return "and was not sent to the queue: the sweep will send it"


def _version(article: AnyRow, word: str) -> str:
    return word if article.version == 1 else f"version {article.version} {word}"


def _came(article: AnyRow) -> str:
    return "received" if article.cause in ("published", "completed", "changed") else str(article.cause)


def _of_pages(facts: Facts) -> list[str]:
    """A page that was read has given its text: there is nothing to say of it."""
    page = next((page for page in facts.pages if page.state != "read"), None)
    if page is None:
        return []
    why = page_detail(page)
    if page.state == "waiting":
        return ["its page waits to be read" + (f" ({why})" if why else "")]
    ended = "was refused" if page.state == "refused" else "could not be read"
    return [f"its page {ended}" + (f": {why}" if why else "")]


def _rejections(facts: Facts, rejected: list[AnyRow]) -> list[str]:
    if not rejected:
        return []
    last = rejected[0]
    number = times(sum(row.times for row in rejected))
    again = "" if facts.article is None else "since then "
    return [f"{again}rejected {number}, last {lasting(facts.now - last.last_at)} ago: {last.detail.rstrip('.')}"]
