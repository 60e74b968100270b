"""What is said of a source when it is created or changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from themeline.ingest.core.drafts import normalised_language
from themeline.ingest.core.forms import Answer, Form, Name, Required
from themeline.shared.core.zones import iana_zone

# Longer than any Crawl-delay that is meant: one request an hour.
MAX_CRAWL_DELAY_S = 3_600
# Each pattern is compared with each item of the source.
MAX_PATTERNS = 200
MAX_PATTERN = 500
MAX_ZONE = 64  # the longest name of the tz database has 32 characters
MAX_LANGUAGE = 35  # RFC 5646, section 4.4.1: what implementations have to take


def _zone(name: str) -> str:
    key: str | None = getattr(iana_zone(name.strip()), "key", None)
    if key is None:
        raise ValueError("is no name of the tz database such as Europe/Kyiv")
    return key


def _language(tag: str) -> str:
    language = normalised_language(tag)
    if language is None:
        raise ValueError("is no language tag such as en or pt-BR (BCP 47)")
    return language


def _pattern(text: str) -> str:
    pattern = text.strip()
    if not pattern or not pattern.isprintable():
        raise ValueError("is empty or has control characters")
    return pattern


def _each_once(patterns: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(patterns))


Pattern = Annotated[str, Field(max_length=MAX_PATTERN), AfterValidator(_pattern)]


class SourceView(Answer):
    """A source: how it is treated, and what came from it."""

    key: str = Field(description="What it is recognised by: the letters and digits of its first name.")
    name: str
    owner: str | None
    default_zone: str
    day_first: bool | None
    language: str | None
    crawl_delay_seconds: float | None
    full_text: bool
    blocked: Sequence[str]
    articles: int = Field(description="Stored, withdrawn ones included.")
    feeds: int = Field(description="Not retired.")
    last_article_at: datetime | None = Field(description="When its last article arrived.")
    created_at: datetime


class SourcePage(Answer):
    """One page of the sources, by key."""

    items: Sequence[SourceView]
    next: str | None


class SourceForm(Form):
    """How a source is treated. To a PATCH what is absent stays; to a PUT it is the default."""

    name: Annotated[Name | None, Required] = Field(None, description="What readers see; the key stays what it is.")
    owner: Name | None = Field(None, description="Group that it belongs to; its publishers are no competitors.")
    default_zone: Annotated[str, Field(max_length=MAX_ZONE), AfterValidator(_zone)] = Field(
        "UTC", description="Zone of its times that name none (IANA). Counts for articles stored from now on."
    )
    day_first: bool | None = Field(
        None,
        description="Order in dates such as 03/04/2026: true 3 April, false March 4; null: such dates are not read. "
        "Counts for articles stored from now on.",
    )
    language: Annotated[str, Field(max_length=MAX_LANGUAGE), AfterValidator(_language)] | None = Field(
        None, description="Language of items that name none (BCP 47); null: detected."
    )
    crawl_delay_seconds: float | None = Field(
        None,
        ge=0,
        le=MAX_CRAWL_DELAY_S,
        allow_inf_nan=False,
        description="Least time between two requests to a host of its; robots.txt may ask for more.",
    )
    full_text: bool = Field(
        default=True, description="Whether linked pages may be read for their text, where robots.txt allows it."
    )
    blocked: Annotated[list[Pattern], AfterValidator(_each_once)] = Field(
        [],
        max_length=MAX_PATTERNS,
        description="Patterns of addresses (without scheme) and titles that are not accepted: `*` stands for any "
        "characters, `?` for one.",
    )
