"""Compares `parse_feed` with plain feedparser over feedparser's own test documents.

    python tests/feed_suite.py FOLDER [--differences]

FOLDER is the `tests` folder of an unpacked source distribution of feedparser. For each field of a feed and its entries,
"worse" is a value that feedparser gives and we do not, or another one; "more" is one that only we give.
Both start from bytes without HTTP headers; sanitising and resolving inside text are off, since ours come later.
"""

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]

from themeline.ingest.core.feeds.model import FeedEntry, NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.parsing import parse_feed

URL = "http://127.0.0.1:8097/tests/document.xml"
FEED_FIELDS = ("title", "site_url", "language", "self_url")
FIELDS = ("title", "url", "guid", "published", "updated", "source")


def theirs(body: bytes) -> tuple[dict[str, str | None], list[dict[str, str | None]]]:
    """What feedparser says of the feed and of each entry."""
    parsed = feedparser.parse(
        BytesIO(body), response_headers={"content-location": URL}, sanitize_html=False, resolve_relative_uris=False
    )
    feed = parsed.feed
    selves = (link.get("href") for link in feed.get("links", ()) if link.get("rel") == "self")
    head = {"title": feed.get("title"), "site_url": feed.get("link"), "language": feed.get("language")}
    return head | {"self_url": next(selves, None)}, [_their_fields(entry) for entry in parsed.entries]


def _their_fields(entry: Any) -> dict[str, str | None]:
    return {
        "title": entry.get("title"),
        "url": entry.get("link"),
        "guid": entry.get("id"),
        "published": entry.get("published") or entry.get("created"),
        "updated": dict.get(entry, "updated"),
        "source": entry.get("source", {}).get("title"),
    }


def ours(body: bytes) -> ParsedFeed | NotAFeedError:
    """What we say."""
    try:
        return parse_feed(body, content_type=None, url=URL)
    except NotAFeedError as error:
        return error


def compared(body: bytes) -> Iterator[tuple[str, str, str]]:
    """Field, verdict, and the two values of everything that either finds."""
    (head, entries), found = theirs(body), ours(body)
    if isinstance(found, NotAFeedError):
        if entries:
            yield "document", "worse", f"{len(entries)} entries; {found.type}"
        return
    yield from _fields("feed", FEED_FIELDS, head, found)
    verdict = (
        "equal" if len(found.entries) == len(entries) else "more" if len(found.entries) > len(entries) else "worse"
    )
    yield "entries", verdict, f"{len(entries)}; {len(found.entries)}"
    for their, our in zip(entries, found.entries, strict=False):
        yield from _fields("entry", FIELDS, their, our)


def _fields(
    what: str, names: tuple[str, ...], their: dict[str, str | None], our: ParsedFeed | FeedEntry
) -> Iterator[tuple[str, str, str]]:
    for name in names:
        wanted, given = their[name] or None, getattr(our, name) or None
        if wanted is not None or given is not None:
            verdict = "equal" if wanted == given else "more" if wanted is None else "worse"
            yield f"{what} {name}", verdict, f"{wanted!r}; {given!r}"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--differences", action="store_true", help="print each difference")
    options = arguments.parse_args()
    warnings.simplefilter("ignore")
    documents = sorted(options.folder.rglob("*.xml"))
    counts: Counter[tuple[str, str]] = Counter()
    for path in documents:
        for field, verdict, values in compared(path.read_bytes()):
            counts[field, verdict] += 1
            if options.differences and verdict != "equal":
                print(f"{verdict:6} {field:15} {path.relative_to(options.folder)}: {values}")  # noqa: T201
    print(f"{len(documents):,} documents")  # noqa: T201
    for (field, verdict), count in sorted(counts.items()):
        print(f"{field:15} {verdict:6} {count:6,}")  # noqa: T201
    return 0 if documents else 1


if __name__ == "__main__":
    sys.exit(main())
