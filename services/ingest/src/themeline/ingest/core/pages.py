"""A saved news page as plain text: its main article, and the entries of its "More on theme" box.

headline, page time, headline again, deck, lead, pull quote, body, MORE ON THEME, then for
each entry its time, its title and the same time again, then the page's footer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from themeline.ingest.core.titles import clean_title, normalised_title
from themeline.shared.core.timestamps import Precision, parse_timestamp

# The page time stands under the headline; a time further down belongs to the text.
HEADER_LINES = 6
# A page is one article: more lines than this are a log or a table.
MAX_LINES = 20_000

_MARKER = re.compile(r"[\W_]*more on (?:this )?theme[\W_]*", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:\d{4}\s*(?:[-\u2013]\s*\d{4})?)?,?\s*(?P<name>[^.|·]+)", re.IGNORECASE
)
_FOLLOW_US = re.compile(r"follow us\W*", re.IGNORECASE)
_COMPANY = re.compile(r"[\s,]+(?:ltd|limited|inc|llc|plc|gmbh|ag|s\.?a|corp|co)\.?$", re.IGNORECASE)


class NotANewsPageError(ValueError):
    """A text that is not laid out as a news page. The message says what is missing."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    is_time: bool


def parse_page(text: str, *, source: str | None = None) -> list[dict[str, Any]]:
    """The articles of a saved page, as items to push.

    Args:
        text: the page; any line ends, with or without byte-order mark.
        source: the publisher; without it the name in the footer's copyright line, if there is one.

    Returns:
        The main article with its body first, then every listed entry as a headline with its own time. None has
        an address. `published` is as written.

    Raises:
        NotANewsPageError: no headline, or neither a page time nor a list of entries.
    """
    lines = list(_lines(text))
    marker = next((at for at, line in enumerate(lines) if _MARKER.fullmatch(line.text)), None)
    listed = lines[marker + 1 :] if marker is not None else []
    main = _main_article(lines[:marker])
    if main is None or (marker is None and "published" not in main):
        raise NotANewsPageError(
            "no headline followed by a page time, and no MORE ON THEME list: this is not a saved news page"
        )
    items = [main, *_entries(listed)]
    publisher = source or _publisher(lines)
    return [{**item, "source": publisher} for item in items] if publisher else items


def _lines(text: str) -> Iterator[_Line]:
    rows = [row.strip() for row in text.removeprefix("\ufeff").splitlines()]
    if len(rows) > MAX_LINES:
        raise NotANewsPageError(f"it has more than {MAX_LINES:,} lines: this is not a saved news page")
    for row in rows:
        if row:
            yield _Line(row, _is_time(row))


def _is_time(row: str) -> bool:
    time = parse_timestamp(row)
    return time is not None and time.precision is not Precision.DAY


def _main_article(lines: Sequence[_Line]) -> dict[str, Any] | None:
    header = lines[:HEADER_LINES]
    time_at = next((at for at, line in enumerate(header) if line.is_time), None)
    title = next((line.text for line in header if not line.is_time and clean_title(line.text)), None)
    if title is None:
        return None
    body_at = 1 if time_at is None else time_at + 1
    same = normalised_title(clean_title(title))
    body = _without_footer([line.text for line in lines[body_at:]])
    if body and normalised_title(clean_title(body[0])) == same:
        del body[0]
    item: dict[str, Any] = {"title": clean_title(title), "text": "\n\n".join(body)}
    if time_at is not None:
        item["published"] = header[time_at].text
    return item


def _without_footer(body: list[str]) -> list[str]:
    """Drop the page's last lines, which stand under the body where there is no list."""
    end = len(body)
    while end and (_COPYRIGHT.match(body[end - 1]) or _FOLLOW_US.fullmatch(body[end - 1])):
        end -= 1
    return body[:end]


def _entries(lines: Sequence[_Line]) -> Iterator[dict[str, Any]]:
    """Each time with the title after it; the repeated time closes an entry and may be missing."""
    at = 0
    while at < len(lines):
        if not lines[at].is_time:
            at += 1
            continue
        time = lines[at].text
        after = next((i for i in range(at + 1, len(lines)) if lines[i].is_time), len(lines))
        closed = after < len(lines) and lines[after].text == time
        # A title may run over several lines only when the closing time shows where it ends.
        title = clean_title(
            " ".join(line.text for line in lines[at + 1 : after if closed else at + 2] if not line.is_time)
        )
        if title:
            yield {"title": title, "published": time}
        at = after + 1 if closed and title else max(after, at + 1)


def _publisher(lines: Sequence[_Line]) -> str | None:
    for line in reversed(lines):
        match = _COPYRIGHT.search(line.text)
        if match is not None:
            name = clean_title(re.sub(r"\ball rights reserved\b.*", "", match["name"], flags=re.IGNORECASE))
            return _COMPANY.sub("", name).strip(" ,") or None
    return None
