"""Lists of feeds, as other readers write and take them (OPML)."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.orm import Session

from themeline.ingest.core.feedforms import FeedForm
from themeline.ingest.core.feeds.opml import BadOutline, Opml, OpmlFeed, render_opml
from themeline.ingest.core.feedviews import FeedProblem, ImportAnswer, ImportedFeed
from themeline.ingest.feeds.managing import add
from themeline.ingest.store import feeds as store
from themeline.shared.problems import TYPE_PREFIX

TITLE = "Feeds of Themeline"
# How much of a line that is no feed is repeated.
MAX_SHOWN = 200


def take_list(session: Session, opml: Opml, *, now: datetime) -> ImportAnswer:
    """Add the feeds of a list; what is wrong with one spoils no other.

    Folders are the reader's own order, not publishers: they are not kept. A feed's source is the one that a list of
    our own names, else the host of its address.

    Raises:
        AddressTakenError: somebody else added one of them in this moment; nothing is stored.
    """
    forms = [_form(feed) for feed in opml.feeds]
    results = [
        ImportedFeed(status=one.status, url=one.url, id=one.public_id, title=form.title)
        for form, one in zip(forms, add(session, forms, now=now), strict=True)
    ]
    results += [_rejected(outline) for outline in opml.bad]
    counts = {status: sum(one.status == status for one in results) for status in ("added", "existing", "rejected")}
    return ImportAnswer(results=results, **counts)


def give_list(session: Session, *, now: datetime) -> bytes:
    """Write every feed that is not retired, in a folder for each source."""
    return render_opml(_outlines(session), title=TITLE, now=now)


def _outlines(session: Session) -> Iterator[OpmlFeed]:
    for listed in store.not_retired(session):
        feed = listed.feed
        yield OpmlFeed(feed.url, feed.title, feed.site_url, folder=listed.source_name, source=listed.source_name)


def _form(feed: OpmlFeed) -> FeedForm:
    # Readers write the address where they know no title: so the feed's own title still has its chance.
    given = {"url": feed.url, "title": None if feed.title == feed.url else feed.title, "source": feed.source}
    try:
        return FeedForm.model_validate(given)
    except ValidationError as error:
        # A name that cannot be used is no reason to leave the feed out.
        unusable = {one["loc"][0] for one in error.errors()} - {"url"}
        return FeedForm.model_validate({name: value for name, value in given.items() if name not in unusable})


def _rejected(outline: BadOutline) -> ImportedFeed:
    problem = FeedProblem(
        type=f"{TYPE_PREFIX}invalid-feed",
        title="The feed cannot be read",
        detail=f"The line cannot be taken: {outline.reason}.",
    )
    return ImportedFeed(status="rejected", url=None, title=outline.text[:MAX_SHOWN] or None, problem=problem)
