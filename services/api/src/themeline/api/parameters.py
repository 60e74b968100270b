"""The query parameters: what they are called, what they may be, and how their texts are read."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
DEFAULT_BOX_LIMIT = 20
DEFAULT_WINDOW = "7d"
# Beyond any archive of news; a longer window is `all`.
MAX_WINDOW = timedelta(days=36_525)
# Longer than any address a browser would follow.
MAX_URL = 4096
MAX_NAME = 500
MAX_CURSOR = 64
# Comparing two texts of the longest kind takes some 50 ms.
MAX_VERSIONS = 50
DEFAULT_VERSIONS = 20

State = Literal["pending", "ready", "quarantined", "withdrawn"]
Level = Literal["theme", "story"]

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WINDOW = re.compile(r"(\d{1,7})([mhdw])", re.ASCII)


def parse_window(text: str) -> timedelta | None:
    """Read `30m`, `24h`, `7d` or `2w`; `all` is None.

    Raises:
        ValueError: it is none of them, or too long.
    """
    if text == "all":
        return None
    match = _WINDOW.fullmatch(text)
    if not match or not int(match[1]):
        raise ValueError("is a number with m, h, d or w, such as 24h or 7d, or all")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > MAX_WINDOW:
        raise ValueError(f"is at most {MAX_WINDOW.days}d; use all for no bound")
    return length


def _readable_window(text: str) -> str:
    parse_window(text)
    return text


def parse_instant(value: object) -> object:
    """Read an RFC 3339 time, or a date as its midnight UTC.

    A plus sign that a client forgot to encode arrives as a space, and is taken for the plus it was.
    """
    if not isinstance(value, str):
        return value
    try:
        read = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", value))
    except ValueError:
        raise ValueError("is a time such as 2025-07-12T09:12:51Z") from None
    if read.tzinfo is None and "T" in value.upper():
        raise ValueError("needs its zone, as in 2025-07-12T09:12:51Z")
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _without_nul(value: object) -> object:
    if isinstance(value, str) and "\0" in value:
        raise ValueError("holds a NUL character")
    return value


Text = Annotated[str, BeforeValidator(_without_nul)]
Instant = Annotated[
    datetime | None,
    BeforeValidator(parse_instant),
    BeforeValidator(_without_nul),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2025-07-12T09:12:51Z"]}),
]


class Parameters(BaseModel):
    model_config = ConfigDict(frozen=True)


class Paging(Parameters):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Items on a page.")
    cursor: str | None = Field(
        None, max_length=MAX_CURSOR, description="`next` of the page before; with the same other parameters."
    )


class ArticleFilter(Paging):
    url: Text | None = Field(
        None,
        min_length=1,
        max_length=MAX_URL,
        description="The address of one article: the answer is that article, and no other filter is allowed.",
    )
    source: Text | None = Field(None, max_length=MAX_NAME, description="Key or name of a publisher.")
    state: State | None = Field(
        None, description="Only articles in this state. Withdrawn ones are listed only when asked for."
    )
    since: Instant = Field(None, description="Ingested at this time or later (RFC 3339).")
    until: Instant = Field(None, description="Ingested before this time (RFC 3339).")


class BoxParameters(Parameters):
    limit: int = Field(
        DEFAULT_BOX_LIMIT,
        ge=1,
        le=MAX_LIMIT,
        description="Most items. The best by score are chosen first, then ordered.",
    )
    order: Literal["published", "score"] = Field(
        "published", description="`published`: newest first. `score`: best first."
    )
    level: Level = Field("theme", description="Which probability is reported, ranked and held against `min_score`.")
    window: Annotated[str, AfterValidator(_readable_window)] = Field(
        DEFAULT_WINDOW,
        examples=["24h", "7d", "all"],
        description="Most time between the two articles, before and after: `30m`, `24h`, `7d`, `2w`, `all`.",
    )
    min_score: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Least score. Absent: the calibrated floor of the level. `0`: every relation stored.",
    )
    duplicates: Literal["collapse", "all"] = Field(
        "collapse",
        description="`collapse`: copies of one text are one item. `all`: every article is an item.",
    )

    @property
    def reach(self) -> timedelta | None:
        """The window as a length of time."""
        return parse_window(self.window)


class Pair(Parameters):
    a: Text = Field(min_length=1, max_length=MAX_URL, description="An article, by its id or its address.")
    b: Text = Field(min_length=1, max_length=MAX_URL, description="Another article, by its id or its address.")


class Named(Parameters):
    """An article, or what was never accepted as one, by one of its names."""

    id: Text | None = Field(None, max_length=MAX_URL, description="The id of an article.")
    url: Text | None = Field(None, min_length=1, max_length=MAX_URL, description="An address, in any spelling.")
    external_id: Text | None = Field(
        None, min_length=1, max_length=MAX_NAME, description="The publisher's own id; together with `source`."
    )
    source: Text | None = Field(None, min_length=1, max_length=MAX_NAME, description="Key or name of that publisher.")


class VersionPaging(Parameters):
    limit: int = Field(
        DEFAULT_VERSIONS, ge=1, le=MAX_VERSIONS, description="Versions on a page; each is compared with the one before."
    )
    cursor: str | None = Field(None, max_length=MAX_CURSOR, description="`next` of the page before.")


class ThemeFilter(Paging):
    min_articles: int = Field(1, ge=1, le=1_000_000, description="Only themes with at least so many articles.")


class GroupPaging(Paging):
    order: Literal["oldest", "newest"] = Field("oldest", description="Which articles come first.")
