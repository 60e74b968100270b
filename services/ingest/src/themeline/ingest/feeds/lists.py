"""Lists of feeds, as other readers write and take them (OPML)."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.orm import Session

from themeline.ingest.core.feedforms import FeedForm
from themeline.ingest.core.feeds.opml import Opml, OpmlFeed, render_opml
from themeline.ingest.core.feedviews import FeedProblem, ImportAnswer, ImportedFeed
from themeline.ingest.core.forms import MAX_TEXT
from themeline.ingest.feeds.managing import add
from themeline.ingest.store import feeds as store
from themeline.shared.problems import TYPE_PREFIX

TITLE = "Feeds of Themeline"
# The form of most that stands in foreign lists is longer than any name.
MAX_SHOWN = 200


def take_list(session: Session, opml: Opml, *, now: datetime) -> ImportAnswer:
    """Add the feeds of a list; what is wrong with one spoils no other.

    Folders are the reader's own order, not publishers: they are not kept. A feed's source is the host of its address.

    Raises:
        AddressTakenError: somebody else added one of them in this moment; nothing is stored.
    """
    read = [_form(feed) for feed in opml.feeds]
    added = iter(add(session, [form for form in read if isinstance(form, FeedForm)], now=now))
    results = []
    for form in read:
        if isinstance(form, FeedForm):
            one = next(added)
            results.append(ImportedFeed(status=one.status, url=one.url, id=one.public_id, title=form.title))
        else:
            results.append(form)
    results += [_rejected(None, outline.text, outline.reason) for outline in opml.bad]
    counts = {status: sum(one.status == status for one in results) for status in ("added", "existing", "rejected")}
    return ImportAnswer(results=results, **counts)


def give_list(session: Session, *, now: datetime) -> bytes:
    """Write every feed that is not retired, in a folder for each source."""
    return render_opml(_outlines(session), title=TITLE, now=now)


def _outlines(session: Session) -> Iterator[OpmlFeed]:
    for listed in store.not_retired(session):
        feed = listed.feed
        yield OpmlFeed(feed.url, feed.title, feed.site_url, folder=listed.source_name)


def _form(feed: OpmlFeed) -> FeedForm | ImportedFeed:
    try:
        return FeedForm(url=feed.url, title=feed.title or None)
    except ValidationError as error:
        reasons = {str(one["loc"][0]): str(one["msg"]).removeprefix("Value error, ") for one in error.errors()}
    if "url" in reasons:
        return _rejected(feed.url, feed.title, reasons["url"], field="url")
    # A title that cannot be used is no reason to leave the feed out.
    return FeedForm(url=feed.url)


def _rejected(url: str | None, title: str | None, reason: str, field: str | None = None) -> ImportedFeed:
    problem = FeedProblem(
        type=f"{TYPE_PREFIX}invalid-feed", title="The feed cannot be read", detail=reason, field=field
    )
    shown = url[:MAX_TEXT] if url else None
    return ImportedFeed(status="rejected", url=shown, title=title[:MAX_SHOWN] if title else None, problem=problem)
