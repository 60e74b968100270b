"""A box More on theme as text, laid out as on a news page."""

from collections.abc import Iterator, Mapping
from typing import Any

HEADING = "MORE ON THEME"
UNDATED = "Undated"


def box_lines(box: Mapping[str, Any]) -> Iterator[str]:
    """The article's time and title, then each entry's, newest first as the API orders them."""
    yield from _entry(box["article"])
    yield ""
    yield HEADING
    yield ""
    if not box["items"]:
        yield str(box.get("notice") or "No other article on this theme.")
    for item in box["items"]:
        yield from _entry(item)
        yield ""


def _entry(item: Mapping[str, Any]) -> Iterator[str]:
    published = item.get("published")
    yield str(published["http"]) if published else UNDATED
    yield str(item["title"])
