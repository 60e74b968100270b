"""What is said of a feed when it is added, changed or asked for."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url
from themeline.ingest.core.forms import MAX_TEXT, Form, Name, Paging, Required
from themeline.ingest.core.health import Health, State
from themeline.shared.core.urls import MAX_URL

# No publisher expects to be asked more often than once a minute, and a day is the longest sensible wait for news.
MIN_INTERVAL_S = 60
MAX_INTERVAL_S = 86_400


def feed_url(text: str) -> str:
    """The canonical address of a feed or site, as people write it: also `feed:` addresses, and without a scheme.

    Raises:
        UnusableUrlError: nothing can be read there. The message says why, as a clause.
    """
    address = text.strip().removeprefix("feed:").removeprefix("//")
    if "://" not in address:
        address = f"https://{address}"
    if _has_password(address):
        raise UnusableUrlError("a user name or password in it would not be sent: give the address without them")
    return canonical_url(address)


def _has_password(address: str) -> bool:
    try:
        return "@" in urlsplit(address).netloc
    except ValueError:
        return False  # no address at all, which is said better elsewhere


Address = Annotated[str, Field(min_length=1, max_length=MAX_URL), AfterValidator(feed_url)]
Interval = Annotated[int, Field(ge=MIN_INTERVAL_S, le=MAX_INTERVAL_S)]


class FeedForm(Form):
    """A feed to be read from now on."""

    url: Address = Field(description="Address of a feed, a sitemap, or of a site whose feed is to be found.")
    source: Name | None = Field(None, description="Publisher, by name or key. Absent: the host of the address.")
    title: Name | None = Field(None, description="What the feed is called. Absent: what it says itself.")
    interval_seconds: Interval | None = Field(
        None, description="Time between two polls. Absent: adapted to how often the feed has something new."
    )
    full_text: bool | None = Field(
        None, description="Whether linked pages may be read for their text: the source's setting. Absent: as it is."
    )


class FeedChange(Form):
    """What is to change of a feed; what is absent stays."""

    url: Annotated[Address | None, Required] = Field(None, description="Where it is read from now on.")
    source: Annotated[Name | None, Required] = Field(
        None, description="Publisher of what is read from now on, by name or key."
    )
    title: Name | None = Field(None, description="What the feed is called; null: what it says itself.")
    state: Annotated[Literal["active", "paused"] | None, Required] = Field(
        None, description="`paused` is not polled. A retired feed that is made `active` is tried again."
    )
    interval_seconds: Interval | None = Field(None, description="Time between two polls; null: adapted again.")


class FeedFilter(Paging):
    """Which feeds are asked for."""

    source: str | None = Field(None, max_length=MAX_TEXT, description="Publisher, by name or key.")
    health: Health | None = Field(None, description="Only feeds that are so.")
    state: State | None = Field(None, description="Only feeds in this state.")
    url: str | None = Field(
        None, max_length=MAX_URL, description="Only the feed that is read at this address, or was added by it."
    )
