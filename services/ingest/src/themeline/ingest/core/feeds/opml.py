"""Lists of feeds as OPML 2.0."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url
from themeline.ingest.core.feeds.decoding import decoded
from themeline.ingest.core.feeds.markup import declares_entities, mended, root_name, without_junk

MAX_OPML = 10 * 1024 * 1024  # 50,000 feeds; larger lists are none

FOLDER_SEPARATOR = " / "
# Every feed repeats the names of its folders: of a list that nests folders, or gives them texts for names, so much.
MAX_FOLDERS = 16
MAX_FOLDER = 100

SOURCE = "source"  # OPML 2.0 allows attributes of one's own

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed(?=://)", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotOpmlError(ValueError):
    """Bytes that are no list of feeds. The message says why, as a clause."""


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of a list.

    Attributes:
        folder: the names of its outlines from the outside in, joined by ` / `.
        source: the publisher; only lists of our own name it.
    """

    url: str
    title: str | None = None
    site_url: str | None = None
    folder: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class BadOutline:
    """An outline that names no usable feed."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Opml:
    """What a list holds: its feeds, each once, and the outlines that could not be read."""

    feeds: tuple[OpmlFeed, ...]
    bad: tuple[BadOutline, ...]


def parse_opml(body: bytes) -> Opml:
    """The feeds of a list, each once.

    Raises:
        NotOpmlError: nothing else is raised.
    """
    feeds: dict[str, OpmlFeed] = {}
    bad: list[BadOutline] = []
    for found in _outlines(_tree(body)):
        if isinstance(found, BadOutline):
            bad.append(found)
        else:
            feeds[found.url] = _merged(feeds.get(found.url, found), found)
    return Opml(tuple(feeds.values()), tuple(bad))


def _tree(body: bytes) -> Any:
    if len(body) > MAX_OPML:
        raise NotOpmlError(f"it is larger than {MAX_OPML:,} bytes")
    text = without_junk(decoded(body, None))
    if root_name(text) != "opml":
        raise NotOpmlError("it is not OPML")
    if declares_entities(text):
        raise NotOpmlError("it declares entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, encoding="utf-8"
    )
    try:
        tree = etree.fromstring(_DECLARATION.sub("", mended(text), count=1).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise NotOpmlError("its XML cannot be read") from error
    if tree is None:
        raise NotOpmlError("its XML cannot be read")
    return tree


def _outlines(tree: Any) -> Iterator[OpmlFeed | BadOutline]:
    for outline in tree.iter("{*}outline"):
        attributes = {str(name).lower(): " ".join(str(value).split()) for name, value in outline.attrib.items()}
        address = attributes.get("xmlurl") or (attributes.get("url") if attributes.get("type") == "rss" else None)
        if address:
            yield _feed(address, attributes, _folder(outline))
        elif len(outline) == 0 and not _is_folder(attributes):
            yield BadOutline(_title(attributes) or "", "it names no feed (`xmlUrl`)")


def _is_folder(attributes: dict[str, str]) -> bool:
    """Whether an outline with nothing in it is an empty folder, rather than a feed that lacks its address."""
    return attributes.get("type", "folder").lower() == "folder" and not {"url", "htmlurl"} & attributes.keys()


def _feed(address: str, attributes: dict[str, str], folder: str | None) -> OpmlFeed | BadOutline:
    written = _FEED_SCHEME.sub(lambda m: "" if m[0].endswith((":", "/")) else "http", address, count=1)
    title = _title(attributes)
    if _has_credentials(written):
        return BadOutline(title or "", "its address holds a user name or password, which would not be sent")
    try:
        url = canonical_url(written)
    except UnusableUrlError as error:
        return BadOutline(title or address, f"its address cannot be used: {error}")
    return OpmlFeed(url, title, attributes.get("htmlurl") or None, folder, attributes.get(SOURCE) or None)


def _has_credentials(address: str) -> bool:
    try:
        return "@" in urlsplit(address).netloc
    except ValueError:
        return False


def _title(attributes: dict[str, str]) -> str | None:
    return attributes.get("title") or attributes.get("text") or None


def _folder(outline: Any) -> str | None:
    above = (one.get("text") or one.get("title") or "" for one in islice(outline.iterancestors(), MAX_FOLDERS))
    names = [" ".join(name[:MAX_FOLDER].split()) for name in above]
    return FOLDER_SEPARATOR.join(name for name in reversed(names) if name) or None


def _merged(first: OpmlFeed, again: OpmlFeed) -> OpmlFeed:
    return replace(
        first,
        title=first.title or again.title,
        site_url=first.site_url or again.site_url,
        folder=first.folder or again.folder,
        source=first.source or again.source,
    )


def render_opml(feeds: Iterable[OpmlFeed], *, title: str, now: datetime) -> bytes:
    """The list as a file that other feed readers take."""
    root = etree.Element("opml", version="2.0")
    head, body = etree.SubElement(root, "head"), etree.SubElement(root, "body")
    etree.SubElement(head, "title").text = _printable(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    folders: dict[str, Any] = {"": body}
    for feed in feeds:
        etree.SubElement(_outline(folders, feed.folder or ""), "outline", _attributes(feed))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _outline(folders: dict[str, Any], folder: str) -> Any:
    """The outline of a folder, made with those around it when it is first asked for."""
    if folder not in folders:
        above, _, name = folder.rpartition(FOLDER_SEPARATOR)
        folders[folder] = etree.SubElement(_outline(folders, above), "outline", {"text": _printable(name)})
    return folders[folder]


def _attributes(feed: OpmlFeed) -> dict[str, str]:
    title = feed.title or feed.url
    fields = {"type": "rss", "text": title, "title": title, "xmlUrl": feed.url, "htmlUrl": feed.site_url}
    fields[SOURCE] = feed.source
    return {name: _printable(value) for name, value in fields.items() if value is not None}


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
