"""From what was pushed to a draft, or to the reason why it cannot be one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, StrictStr, ValidationError

from themeline.ingest.core import fields
from themeline.ingest.core.canonical import host_of
from themeline.ingest.core.fields import (
    MAX_EXTERNAL_ID,
    MAX_HTML,
    MAX_LIST,
    MAX_LIST_ENTRY,
    MAX_SECTION,
    MAX_SOURCE,
    MAX_TEXT,
    MAX_TITLE,
    RejectedError,
    Rejection,
    normalised_language,
)
from themeline.ingest.core.html import html_to_text, is_whole_page
from themeline.ingest.core.htmlpages import PageArticle, read_page
from themeline.ingest.core.publishers import without_publisher
from themeline.ingest.core.titles import clean_text, clean_title

__all__ = [
    "MAX_EXTERNAL_ID", "MAX_HTML", "MAX_LIST", "MAX_LIST_ENTRY", "MAX_SECTION", "MAX_SOURCE", "MAX_TEXT", "MAX_TITLE",
    "Draft", "Item", "Priority", "RejectedError", "Rejection", "content_hash", "normalised_language",
    "parse_draft", "source_key",
]  # fmt: skip

UNKNOWN_SOURCE = "unknown"

Priority = Literal["fresh", "backfill"]


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as pushed, cleaned, not yet stored.

    Attributes:
        url: canonical, or None.
        text: plain, empty for a headline-only item.
        published_raw: as the source wrote it; a number as its digits.
        source_key: what the source is recognised by; `source_name` is its name as first written.
        language: a BCP 47 tag in its usual case, or None when it is to be detected.
        is_teaser: the text is known to be only the beginning of the body: it never replaces a body.
        paywalled: whether readers have to pay, where the page says so.
        notices: what was left out and why; the item is accepted all the same.
    """

    title: str
    text: str
    source_key: str
    source_name: str
    url: str | None = None
    external_id: str | None = None
    published_raw: str | None = None
    updated_raw: str | None = None
    language: str | None = None
    image: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    priority: Priority = "fresh"
    is_teaser: bool = False
    paywalled: bool | None = None
    notices: tuple[str, ...] = ()


class Item(BaseModel):
    """One pushed article as JSON has it. Unknown fields are ignored, wrong types are not converted."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    title: StrictStr
    url: StrictStr | None = None
    external_id: StrictStr | None = None
    text: StrictStr | None = None
    html: StrictStr | None = None
    # Any JSON: a date that cannot be used is no reason to reject an article.
    published: Any = None
    updated: Any = None
    source: StrictStr | None = None
    language: StrictStr | None = None
    image: StrictStr | None = None
    section: StrictStr | None = None
    tags: list[StrictStr] | None = None
    authors: list[StrictStr] | None = None
    priority: Priority | None = None
    # True or false; content systems use these names for other things, which are as good as absent.
    teaser: Any = None
    paywalled: Any = None


def parse_draft(item: object, *, default_source: str | None = None, reads_pages: bool = True) -> Draft | Rejection:
    """Check and clean one item.

    Args:
        item: decoded JSON, any of it.
        default_source: the source of items that name none; without it their address's host, else `unknown`.
        reads_pages: `html` that is a whole document is read as a page, which takes seconds for a large one; else it is
            a fragment like any other.

    Returns:
        The draft, or why the item is rejected. Never raises.
    """
    try:
        return _draft(_validated(item), default_source, reads_pages=reads_pages)
    except RejectedError as error:
        return error.rejection


def source_key(name: str) -> str:
    """What a source's name is recognised by: its letters and digits in lower case, joined by hyphens."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return "-".join(words) or UNKNOWN_SOURCE


def content_hash(draft: Draft) -> bytes:
    """Sixteen bytes that differ when a draft says something new: the test for a new version.

    Title, text, publication time as written, language, image, section, tags and authors count. The address
    does not (it may be written in several ways), nor does `updated` (often renewed without a change).
    """
    parts = (
        draft.title, draft.text, draft.published_raw, draft.language, draft.image, draft.section, draft.tags,
        draft.authors,
    )  # fmt: skip
    return blake2b(json.dumps(parts, ensure_ascii=True).encode(), digest_size=16).digest()


def _validated(item: object) -> Item:
    if not isinstance(item, Mapping):
        raise RejectedError(Rejection("invalid-item", "Not an article", "An article is a JSON object."))
    # A body of the wrong size is refused before anything reads it.
    fields.check_length("text", item.get("text"), MAX_TEXT)
    fields.check_length("html", item.get("html"), MAX_HTML)
    try:
        return Item.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        if first["type"] == "missing":
            raise fields.rejected("missing-field", "A field is missing", f"`{field}` is required.", field) from error
        detail = f"`{field}`: {first['msg'][0].lower()}{first['msg'][1:]}."
        raise fields.rejected("invalid-field", "A field has the wrong type or value", detail, field) from error


def _draft(item: Item, default_source: str | None, *, reads_pages: bool) -> Draft:
    notices: list[str] = []
    whole_title, own_url = _title(item.title), fields.url(item.url)
    text = clean_text(item.text or "")
    html = "" if text else item.html or ""
    # What a whole page says of itself fills what the item does not say.
    page = read_page(html, url=own_url) if reads_pages and is_whole_page(html) else PageArticle()
    url = own_url or page.url
    name = _source_name(item.source, url, default_source)
    named = "" if name == UNKNOWN_SOURCE else name
    names = [known for known in (named, page.site_name, host_of(url) if url else None) if known]
    return Draft(
        title=without_publisher(whole_title, names),
        text=text or page.text or html_to_text(html),
        source_key=source_key(name),
        source_name=name,
        url=url,
        external_id=fields.external_id(item.external_id),
        published_raw=fields.raw_time(item.published) or fields.raw_time(page.published),
        updated_raw=fields.raw_time(item.updated) or fields.raw_time(page.updated),
        language=normalised_language(item.language) or normalised_language(page.language),
        image=fields.image(item.image, notices) or page.image,
        section=fields.line("section", item.section, MAX_SECTION) or page.section,
        tags=fields.lines("tags", item.tags) or page.tags,
        authors=fields.lines("authors", item.authors) or page.authors,
        priority=item.priority or "fresh",
        is_teaser=item.teaser is True,
        paywalled=item.paywalled if isinstance(item.paywalled, bool) else page.paywalled,
        notices=tuple(notices),
    )


def _title(raw: str) -> str:
    title = clean_title(fields.limited("title", raw, MAX_TEXT))
    if not title:
        raise fields.rejected("missing-field", "A field is missing", "`title` has no readable text.", "title")
    fields.check_length("title", title, MAX_TITLE)
    return title


def _source_name(source: str | None, url: str | None, default: str | None) -> str:
    named = fields.line("source", source, MAX_SOURCE)
    return named or default or (host_of(url) if url else "") or UNKNOWN_SOURCE
