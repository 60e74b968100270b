"""Compares `parse_feed` with plain feedparser over feedparser's own test documents.

    python tests/feed_suite.py FOLDER [--differences]

FOLDER is the `tests` folder of an unpacked source distribution of feedparser. For each document and each of title,
address, identifier and time of publication, "worse" is a value that feedparser gives and we do not, or another one.
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

from themeline.ingest.core.feeds.model import FeedEntry, NotAFeedError
from themeline.ingest.core.feeds.parsing import parse_feed

URL = "http://127.0.0.1:8097/tests/document.xml"
FIELDS = ("title", "url", "guid", "published")


def theirs(body: bytes) -> list[dict[str, str | None]]:
    """What feedparser says of each entry."""
    parsed = feedparser.parse(
        BytesIO(body), response_headers={"content-location": URL}, sanitize_html=False, resolve_relative_uris=False
    )
    return [_their_fields(entry) for entry in parsed.entries]


def _their_fields(entry: Any) -> dict[str, str | None]:
    return {
        "title": entry.get("title"),
        "url": entry.get("link"),
        "guid": entry.get("id"),
        "published": entry.get("published") or entry.get("created"),
    }


def ours(body: bytes) -> tuple[FeedEntry, ...] | NotAFeedError:
    try:
        return parse_feed(body, content_type=None, url=URL).entries
    except NotAFeedError as error:
        return error


def compared(body: bytes) -> Iterator[tuple[str, str, str]]:
    """Field, verdict, and the two values of everything that feedparser finds."""
    expected, found = theirs(body), ours(body)
    if isinstance(found, NotAFeedError):
        if expected:
            yield "document", "worse", f"{len(expected)} entries; {found.type}"
        return
    verdict = "equal" if len(found) == len(expected) else "more" if len(found) > len(expected) else "worse"
    yield "entries", verdict, f"{len(expected)}; {len(found)}"
    for their, our in zip(expected, found, strict=False):
        for field in FIELDS:
            wanted, given = their[field] or None, getattr(our, field) or None
            if wanted is not None or given is not None:
                verdict = "equal" if wanted == given else "more" if wanted is None else "worse"
                yield field, verdict, f"{wanted!r}; {given!r}"


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
                print(f"{verdict:6} {field:10} {path.relative_to(options.folder)}: {values}")  # noqa: T201
    print(f"{len(documents):,} documents")  # noqa: T201
    for (field, verdict), count in sorted(counts.items()):
        print(f"{field:10} {verdict:6} {count:6,}")  # noqa: T201
    return 0 if documents else 1


if __name__ == "__main__":
    sys.exit(main())
