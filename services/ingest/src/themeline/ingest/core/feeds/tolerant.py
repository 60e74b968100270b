"""feedparser without its fetcher, its guesses at encodings, its sanitizer and its opinion on identifiers.

Its own `parse` opens what it is given as a file or an address, resolves identifiers as if they were links, decodes a
whole feed as Windows-1252 for one stray byte, and keeps only the last of the hours to skip. The parsers underneath
are what is used, with defusedxml's reader.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.handler import feature_namespaces
from xml.sax.xmlreader import InputSource

import feedparser.api  # type: ignore[import-untyped]
from defusedxml.sax import make_parser  # type: ignore[import-untyped]
from feedparser.sanitizer import replace_doctype  # type: ignore[import-untyped]

from themeline.ingest.core.feeds.markup import mended, printable

MAX_ENTITY = 64  # characters of a declared entity: a letter or a name, not the charge of a bomb

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")


@dataclass(frozen=True, slots=True)
class Read:
    """What feedparser understood, in its own words. Its dictionaries warn when read with `get`: use `dict.get`."""

    version: str
    feed: Any
    entries: list[Any]
    well_formed: bool


class _Ours:
    """What feedparser's parsers do differently here."""

    can_be_relative_uri = feedparser.api.StrictFeedParser.can_be_relative_uri - {"id"}
    resolve_relative_uris = False
    sanitize_html = False
    feeddata: Any
    push: Any
    pop: Any

    def _start_hour(self, _attributes: dict[str, str]) -> None:
        self.push("hour", 0)

    def _end_hour(self) -> None:
        self._collect("hour", "skip_hours")

    def _start_day(self, _attributes: dict[str, str]) -> None:
        self.push("day", 0)

    def _end_day(self) -> None:
        self._collect("day", "skip_days")

    # feedparser takes the caption of a picture for the summary, or for the text.
    def _start_media_description(self, _attributes: dict[str, str]) -> None:
        self.push("media_description", 1)

    def _end_media_description(self) -> None:
        self.pop("media_description")

    def _collect(self, element: str, key: str) -> None:
        self.feeddata.setdefault(key, []).append(self.pop(element))


class _Strict(_Ours, feedparser.api.StrictFeedParser):  # type: ignore[misc]
    pass


class _Loose(_Ours, feedparser.api.LooseFeedParser):  # type: ignore[misc]
    pass


def read(text: str) -> Read:
    """Read RSS, RDF or Atom: as XML, or as far as it can be made out when it is none.

    Addresses stay relative to the feed's own, except where the feed says `xml:base`.

    Raises:
        Exception: feedparser breaks on some garbage, in many ways.
    """
    version, document, _ = _prepared(mended(text))
    parser = _Strict("", None, "utf-8")
    well_formed = _parse_strictly(parser, document)
    if not well_formed:
        version, document, entities = _prepared(printable(text))
        parser = _Loose("", None, "utf-8", {k: v for k, v in entities.items() if len(v) <= MAX_ENTITY})
        parser.feed(document.decode())
    return Read(version or parser.version, parser.feeddata, parser.entries, well_formed)


def _prepared(text: str) -> tuple[str | None, bytes, dict[str, str]]:
    """The version that the document type names, the document without it, and the entities that it declares."""
    prepared: tuple[str | None, bytes, dict[str, str]] = replace_doctype(
        _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    )
    return prepared


def _parse_strictly(parser: Any, document: bytes) -> bool:
    source = InputSource()
    source.setEncoding("utf-8")
    source.setByteStream(BytesIO(document))
    reader = make_parser()
    reader.setFeature(feature_namespaces, 1)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    try:
        reader.parse(source)
    except Exception:  # noqa: BLE001 - not only XML's errors: what breaks a handler here may pass the other parser
        return False
    return True
