"""The fields of a pushed item: checked, cleaned, or refused with the reason."""

import json
import re
from dataclasses import dataclass

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url
from themeline.ingest.core.titles import clean_title

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

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NUL_OR_SURROGATE = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8})*)", re.ASCII)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})  # BCP 47: undetermined, several, none, uncoded


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


def url(url: str | None) -> str | None:
    if url is None or not url.strip():
        return None
    try:
        return canonical_url(url)
    except UnusableUrlError as error:
        detail = f"`url` cannot be used: {error}."
        raise rejected("invalid-field", "The address cannot be used", detail, "url") from error


def image(image: str | None, notices: list[str]) -> str | None:
    if image is None or not image.strip():
        return None
    try:
        return canonical_url(image)
    except UnusableUrlError as error:
        notices.append(f"`image` was left out: {error}.")
        return None


def external_id(external_id: str | None) -> str | None:
    text = (external_id or "").strip()
    check_length("external_id", text, MAX_EXTERNAL_ID)
    if _CONTROL.search(text):
        detail = "`external_id` contains control characters or lone surrogates."
        raise rejected("invalid-field", "The identifier cannot be used", detail, "external_id")
    return text or None


def raw_time(value: object) -> str | None:
    if value is None or value == "":
        return None
    try:
        raw = value if isinstance(value, str) else json.dumps(value, default=str)
    except RecursionError:  # nested as deeply as JSON can be read: certainly no time
        return None
    return _NUL_OR_SURROGATE.sub("\ufffd", raw[:MAX_RAW_TIME])


def line(field: str, value: str | None, limit: int) -> str:
    return limited(field, clean_title(limited(field, value or "", MAX_TITLE)), limit)


def lines(field: str, values: list[str] | None) -> tuple[str, ...]:
    if values is not None and len(values) > MAX_LIST:
        detail = f"`{field}` has {len(values):,} entries; the limit is {MAX_LIST}."
        raise rejected("too-large", "A field is too large", detail, field)
    cleaned = (line(field, value, MAX_LIST_ENTRY) for value in values or ())
    return tuple(dict.fromkeys(line for line in cleaned if line))


def limited(field: str, value: str, limit: int) -> str:
    check_length(field, value, limit)
    return value


def check_length(field: str, value: object, limit: int) -> None:
    if isinstance(value, str) and len(value) > limit:
        detail = f"`{field}` has {len(value):,} characters; the limit is {limit:,}."
        raise rejected("too-large", "A field is too large", detail, field)


def rejected(type_: str, title: str, detail: str, field: str | None) -> RejectedError:
    return RejectedError(Rejection(type_, title, detail, field))
