"""A feed as it is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from themeline.ingest.core.forms import Answer
from themeline.ingest.core.health import Health, State


class SourceName(Answer):
    """A publisher."""

    key: str
    name: str


class HubView(Answer):
    """The hub that tells of news, and where the subscription stands (WebSub)."""

    hub: str
    state: Literal["requested", "active", "lapsed", "denied"]
    lease_until: datetime | None
    error: str | None


class FeedView(Answer):
    """A feed: what it is, how it is, and when it is read."""

    id: UUID
    url: str = Field(description="Where it is read; redirects that are permanent change it.")
    added_as: str = Field(description="The address that was given, which may be a site's.")
    source: SourceName
    title: str | None
    site_url: str | None
    format: str | None
    state: State
    reason: str | None = Field(description="Why it is retired.")
    health: Health = Field(description="`failing`: the last poll failed; it is tried again with growing intervals.")
    interval_seconds: int
    fixed_interval_seconds: int | None
    next_poll_at: datetime | None = Field(description="None while it is not polled.")
    polled_at: datetime | None
    succeeded_at: datetime | None
    changed_at: datetime | None = Field(description="When it last brought an entry that was new.")
    last_status: int | None
    last_error: str | None
    failures: int = Field(description="Polls that failed since the last that did not.")
    polls: int
    entries: int = Field(description="In the feed when it was last read.")
    notices: Sequence[str] = Field(description="What was left out of it when it was last read, or mended in it.")
    articles: int = Field(description="Created from it so far.")
    rejected: int = Field(description="Entries that were not accepted so far.")
    websub: HubView | None
    created_at: datetime


class FeedPage(Answer):
    """One page of the feeds, the latest added first."""

    items: Sequence[FeedView]
    next: str | None


class FeedProblem(Answer):
    """Why one line of a list was not taken (RFC 9457)."""

    type: str
    title: str
    detail: str


class ImportedFeed(Answer):
    """What became of one line of a list."""

    status: Literal["added", "existing", "rejected"]
    url: str | None
    id: UUID | None = None
    title: str | None = None
    problem: FeedProblem | None = None


class ImportAnswer(Answer):
    """Results in the order of the list, what could not be read last."""

    added: int
    existing: int
    rejected: int
    results: Sequence[ImportedFeed]
