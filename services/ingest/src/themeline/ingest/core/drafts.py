"""From what was pushed to a draft, or to the reason why it cannot be one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, StrictBool, StrictStr, ValidationError

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url, host_of
from themeline.ingest.core.html import html_to_text
from themeline.ingest.core.titles import clean_text, clean_title

# Limits that say "this is a mistake" rather than "this is long": the longest of 19,043 agency reports has
# 12 thousand characters, the longest of 990 saved pages 60 thousand. Nothing is cut silently.
MAX_TITLE = 1_000
MAX_TEXT = 1_000_000
MAX_HTML = 2_000_000  # markup is about half of a page
MAX_EXTERNAL_ID = 500  # longer than any GUID or permalink used as one
MAX_SOURCE = 200
MAX_SECTION = 200
MAX_LIST = 50  # tags, authors
MAX_LIST_ENTRY = 200
MAX_RAW_TIME = 500  # a longer one is no time; its beginning is kept so that the mistake can be seen

UNKNOWN_SOURCE = "unknown"

Priority = Literal["fresh", "backfill"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NUL_OR_SURROGATE = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8})*)", re.ASCII)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})  # BCP 47: undetermined, several, none, uncoded


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


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one item is not accepted: the members of a problem (RFC 9457), `type` as its short stable name."""

    type: str
    title: str
    detail: str
    field: str | None = None


class RejectedError(Exception):
    """Carries a rejection out of the parsing of one item."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.detail)
        self.rejection = rejection


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


class OwnItem(Item):
    """An item that this system made itself, from a feed or a page: it knows more than a publisher may say."""

    teaser: StrictBool = False
    paywalled: StrictBool | None = None


def parse_draft(item: object, *, default_source: str | None = None, trusted: bool = False) -> Draft | Rejection:
    """Check and clean one item.

    Args:
        item: decoded JSON, any of it.
        default_source: the source of items that name none; without it their address's host, else `unknown`.
        trusted: made by this system: the fields of `OwnItem` count. In what others push they are ignored.

    Returns:
        The draft, or why the item is rejected. Never raises.
    """
    try:
        return _draft(_validated(item, OwnItem if trusted else Item), default_source)
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


def _validated(item: object, model: type[Item]) -> Item:
    if not isinstance(item, Mapping):
        raise RejectedError(Rejection("invalid-item", "Not an article", "An article is a JSON object."))
    # A body of the wrong size is refused before anything reads it.
    _check_length("text", item.get("text"), MAX_TEXT)
    _check_length("html", item.get("html"), MAX_HTML)
    try:
        return model.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        if first["type"] == "missing":
            raise _rejected("missing-field", "A field is missing", f"`{field}` is required.", field) from error
        detail = f"`{field}`: {first['msg'][0].lower()}{first['msg'][1:]}."
        raise _rejected("invalid-field", "A field has the wrong type or value", detail, field) from error


def _draft(item: Item, default_source: str | None) -> Draft:
    notices: list[str] = []
    url = _url(item.url)
    title = clean_title(_limited("title", item.title, MAX_TEXT))
    if not title:
        raise _rejected("missing-field", "A field is missing", "`title` has no readable text.", "title")
    _check_length("title", title, MAX_TITLE)
    name = _source_name(item.source, url, default_source)
    return Draft(
        title=title,
        text=clean_text(item.text or "") or html_to_text(item.html or ""),
        source_key=source_key(name),
        source_name=name,
        url=url,
        external_id=_external_id(item.external_id),
        published_raw=_raw_time(item.published),
        updated_raw=_raw_time(item.updated),
        language=normalised_language(item.language),
        image=_image(item.image, notices),
        section=_line("section", item.section, MAX_SECTION) or None,
        tags=_lines("tags", item.tags),
        authors=_lines("authors", item.authors),
        priority=item.priority or "fresh",
        is_teaser=isinstance(item, OwnItem) and item.teaser,
        paywalled=item.paywalled if isinstance(item, OwnItem) else None,
        notices=tuple(notices),
    )


def normalised_language(tag: str | None) -> str | None:
    """A language tag in its usual case (`pt-BR`, `zh-Hant`); None when it is absent or no BCP 47 tag."""
    match = _LANGUAGE.fullmatch((tag or "").strip().replace("_", "-"))
    if match is None or match[1].lower() in _NO_LANGUAGE:
        return None
    subtags = [_subtag(part) for part in match[2].split("-")[1:]]
    return "-".join([match[1].lower(), *subtags])


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():  # noqa: PLR2004 - scripts have four letters (RFC 5646)
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()  # noqa: PLR2004 - countries have two


def _url(url: str | None) -> str | None:
    if url is None or not url.strip():
        return None
    try:
        return canonical_url(url)
    except UnusableUrlError as error:
        detail = f"`url` cannot be used: {error}."
        raise _rejected("invalid-field", "The address cannot be used", detail, "url") from error


def _image(image: str | None, notices: list[str]) -> str | None:
    if image is None or not image.strip():
        return None
    try:
        return canonical_url(image)
    except UnusableUrlError as error:
        notices.append(f"`image` was left out: {error}.")
        return None


def _external_id(external_id: str | None) -> str | None:
    text = (external_id or "").strip()
    _check_length("external_id", text, MAX_EXTERNAL_ID)
    if _CONTROL.search(text):
        detail = "`external_id` contains control characters or lone surrogates."
        raise _rejected("invalid-field", "The identifier cannot be used", detail, "external_id")
    return text or None


def _source_name(source: str | None, url: str | None, default: str | None) -> str:
    named = _line("source", source, MAX_SOURCE)
    return named or default or (host_of(url) if url else "") or UNKNOWN_SOURCE


def _raw_time(value: object) -> str | None:
    if value is None or value == "":
        return None
    try:
        raw = value if isinstance(value, str) else json.dumps(value, default=str)
    except RecursionError:  # nested as deeply as JSON can be read: certainly no time
        return None
    return _NUL_OR_SURROGATE.sub("\ufffd", raw[:MAX_RAW_TIME])


def _line(field: str, value: str | None, limit: int) -> str:
    return _limited(field, clean_title(_limited(field, value or "", MAX_TITLE)), limit)


def _lines(field: str, values: list[str] | None) -> tuple[str, ...]:
    if values is not None and len(values) > MAX_LIST:
        detail = f"`{field}` has {len(values):,} entries; the limit is {MAX_LIST}."
        raise _rejected("too-large", "A field is too large", detail, field)
    cleaned = (_line(field, value, MAX_LIST_ENTRY) for value in values or ())
    return tuple(dict.fromkeys(line for line in cleaned if line))


def _limited(field: str, value: str, limit: int) -> str:
    _check_length(field, value, limit)
    return value


def _check_length(field: str, value: object, limit: int) -> None:
    if isinstance(value, str) and len(value) > limit:
        detail = f"`{field}` has {len(value):,} characters; the limit is {limit:,}."
        raise _rejected("too-large", "A field is too large", detail, field)


def _rejected(type_: str, title: str, detail: str, field: str | None) -> RejectedError:
    return RejectedError(Rejection(type_, title, detail, field))
