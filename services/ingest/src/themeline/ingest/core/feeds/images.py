"""The picture of an entry, among all that feeds attach."""

import re
from collections.abc import Iterable
from typing import Any

from themeline.ingest.core.feeds.addresses import absolute

_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)", re.IGNORECASE)


def of_entry(entry: Any, base: str) -> str | None:
    """The largest of `media:content`, else of `media:thumbnail`, else an enclosure, else the podcast's cover."""
    media = [item for item in dict.get(entry, "media_content") or () if _is_picture(item)]
    thumbnails = [item for item in dict.get(entry, "media_thumbnail") or () if isinstance(item, dict)]
    links = [link for link in dict.get(entry, "links") or () if dict.get(link, "rel") == "enclosure"]
    cover = dict.get(entry, "image")
    offered = (
        *sorted(media, key=_width, reverse=True),
        *sorted(thumbnails, key=_width, reverse=True),
        *filter(_is_picture, links),
        *([cover] if isinstance(cover, dict) else []),
    )
    return _first(offered, base)


def of_feed(feed: Any, base: str) -> str | None:
    """The feed's own mark: Atom's icon or logo, RSS's image."""
    named = ({"href": dict.get(feed, key)} for key in ("icon", "logo"))
    image = dict.get(feed, "image")
    return _first((*named, *([image] if isinstance(image, dict) else [])), base)


def _first(offered: Iterable[Any], base: str) -> str | None:
    addresses = (absolute(base, dict.get(item, "url") or dict.get(item, "href")) for item in offered)
    return next((address for address in addresses if address is not None), None)


def _is_picture(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    medium, type_ = str(dict.get(item, "medium") or "").lower(), str(dict.get(item, "type") or "").lower()
    if medium or (type_ and "/" in type_):
        return medium == "image" or type_.startswith("image/")
    return _PICTURE.search(str(dict.get(item, "url") or dict.get(item, "href") or "")) is not None


def _width(item: Any) -> int:
    text = str(dict.get(item, "width") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004 - no picture is wider
