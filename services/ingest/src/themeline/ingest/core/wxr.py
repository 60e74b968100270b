"""WordPress exports (WXR): the published posts of a site, read as they stream."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from lxml import etree

from themeline.ingest.core.archives import FileItem, NotAnArchiveError, Read, Skipped
from themeline.ingest.core.drafts import MAX_LIST

# One post with its comments is in memory at a time. The longest seen with all its comments has a few MB.
MAX_ITEM = 64 * 1024 * 1024
# Names that are kept of a site's authors; a larger site is shown with logins for the rest.
MAX_AUTHORS = 10_000

_WORDPRESS = "http://wordpress.org/export/"
_SPACES = {"http://purl.org/rss/1.0/modules/content/": "content", "http://purl.org/dc/elements/1.1/": "creator"}
_NO_TIME = "0000-00-00"
# Shortcodes stand for what is no text; what they enclose (a caption) is.
_SHORTCODE = re.compile(r"\[/?(?:caption|wp_caption|gallery|embed|audio|video|playlist)\b[^\]]{0,1000}\]")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_UNPUBLISHED = "not published"


def is_wxr(start: bytes) -> bool:
    """Whether an XML file that begins so is a WordPress export."""
    return _WORDPRESS.encode() in start


def wxr_items(stream: io.BufferedReader, after: int = 0) -> Read:
    """The published posts of an export; pages, attachments and drafts are told as skipped.

    `line` counts the entries of the export. Entities are not expanded, nothing is loaded from elsewhere.

    Raises:
        NotAnArchiveError: the file is no XML, breaks off, or an entry is larger than MAX_ITEM.
    """
    metered = _Metered(stream)
    site: dict[str, str] = {}
    authors: dict[str, str] = {}
    number = 0
    for element in _children(metered):
        name = etree.QName(element).localname
        if name == "item":
            number += 1
            if number > after:
                yield _post(number, element, site, authors)
        elif name == "author" and len(authors) < MAX_AUTHORS:
            told = _told(element)
            authors[told.get("wp:author_login", "")] = told.get("wp:author_display_name", "")
        elif name in ("title", "language") and element.text:
            site.setdefault(name, element.text.strip())


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Metered:
    """A stream that refuses to go on when what is being read gets too large to be kept."""

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._since += len(piece)
        if self._since > MAX_ITEM:
            raise NotAnArchiveError(f"one entry of the export is larger than {MAX_ITEM // 1024**2} MB")
        # Posts pasted from word processors hold them, WordPress exports them, and XML forbids them.
        return piece.translate(None, _CONTROLS)

    def reset(self) -> None:
        self._since = 0


def _children(stream: _Metered) -> Iterator[Any]:
    """The elements of the channel, each complete, and forgotten once the next one is asked for."""
    depth = 0
    try:
        for event, element in etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        ):
            if depth == 0 and element.getroottree().docinfo.internalDTD is not None:
                raise NotAnArchiveError("it declares a document type, which no export of WordPress does")
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 2:  # noqa: PLR2004 - rss, channel
                yield element
                _forget(element)
                stream.reset()
    except etree.XMLSyntaxError as error:
        raise NotAnArchiveError(f"the export is damaged or ends early: {error.msg}") from None


def _forget(element: Any) -> None:
    # The element itself may not be taken out while it is being reported; those before it may.
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _post(number: int, element: Any, site: Mapping[str, str], authors: Mapping[str, str]) -> FileItem | Skipped:
    told = _told(element)
    kind = told.get("wp:post_type", "post")
    if kind != "post":
        return Skipped(number, f"WordPress {kind}")
    if told.get("wp:status", "publish") != "publish" or told.get("wp:post_password"):
        return Skipped(number, _UNPUBLISHED)
    section, tags = _categories(element)
    login = told.get("creator", "")
    author = authors.get(login) or login
    item: dict[str, Any] = {
        "title": told.get("title"),
        "html": _SHORTCODE.sub("", told.get("content") or told.get("excerpt") or ""),
        "url": told.get("link"),
        "external_id": told.get("guid"),
        "published": _time(told, "wp:post_date_gmt") or told.get("pubDate") or _time(told, "wp:post_date", zone=""),
        "updated": _time(told, "wp:post_modified_gmt"),
        "source": site.get("title"),
        "language": site.get("language"),
        "section": section,
        "tags": tags[:MAX_LIST],
        "authors": [author] if author else None,
    }
    return FileItem(number, {field: value for field, value in item.items() if value})


def _told(element: Any) -> dict[str, str]:
    """What the children of an element say, by their names; those of WordPress begin with `wp:`."""
    told: dict[str, str] = {}
    for child in element:
        name = _name(child)
        if name and child.text:
            told.setdefault(name, child.text.strip())
    return told


def _name(element: Any) -> str:
    if not isinstance(element.tag, str):  # a comment, an entity
        return ""
    tag = etree.QName(element)
    space = tag.namespace or ""
    if space.startswith(_WORDPRESS):
        return "excerpt" if space.endswith("/excerpt/") else f"wp:{tag.localname}"
    if space in _SPACES:
        return _SPACES[space]
    return "" if space else tag.localname


def _categories(element: Any) -> tuple[str | None, list[str]]:
    """The first category, and the tags with the other categories."""
    found: dict[str, list[str]] = {"category": [], "post_tag": []}
    for child in element.iterfind("category"):
        name = (child.text or "").strip()
        if name and child.get("domain") in found:
            found[child.get("domain")].append(name)
    section = next(iter(found["category"]), None)
    return section, list(dict.fromkeys([*found["post_tag"], *found["category"][1:]]))


def _time(told: Mapping[str, str], name: str, *, zone: str = "Z") -> str | None:
    """A time of WordPress (`2011-03-02 14:05:00`) as RFC 3339 has it; None for its zeros."""
    written = told.get(name, "")
    return f"{written.replace(' ', 'T')}{zone}" if written and not written.startswith(_NO_TIME) else None
