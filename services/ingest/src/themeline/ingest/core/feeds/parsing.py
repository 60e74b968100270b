"""Bytes to feeds, whatever their format."""

from dataclasses import replace

from themeline.ingest.core.feeds.cutting import left_out
from themeline.ingest.core.feeds.decoding import decoded, unpacked
from themeline.ingest.core.feeds.jsonfeeds import parse_json_feed
from themeline.ingest.core.feeds.markup import root_name, without_junk
from themeline.ingest.core.feeds.model import NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.sitemaps import ROOTS, parse_sitemap
from themeline.ingest.core.feeds.syndicated import parse_syndicated

MAX_ENTRIES = 1_000  # as many as Google takes from a news sitemap; feeds have 10 to 100
MAX_CHILDREN = 1_000  # of an index: the newest, since the others do not change


def parse_feed(body: bytes, *, content_type: str | None, url: str) -> ParsedFeed:
    """Read a feed of any format that is known.

    Args:
        body: as received, content-encoding removed; a gzipped sitemap may still be gzipped.
        content_type: of the answer; its charset counts where the bytes do not say theirs.
        url: where the bytes came from; relative addresses are resolved against it.

    Raises:
        NotAFeedError: whatever else the bytes are. Nothing else is raised.
    """
    try:
        return _limited(_parsed(body, content_type, url))
    except NotAFeedError:
        raise
    except Exception as error:  # whatever breaks on a stranger's bytes, they are no feed to us
        raise NotAFeedError("damaged", f"it cannot be read ({type(error).__name__})") from error


def _parsed(body: bytes, content_type: str | None, url: str) -> ParsedFeed:
    text = without_junk(decoded(unpacked(body), content_type))
    if not text:
        raise NotAFeedError("empty", "it is empty")
    if text[0] in "{[":
        return parse_json_feed(text, url=url)
    root = root_name(text)
    if root in ROOTS:
        return parse_sitemap(text, root=root, url=url)
    if root == "html" or text[:14].lower() == "<!doctype html":
        raise NotAFeedError("html-page", "it is a page, not a feed")
    if not root:
        raise NotAFeedError("not-a-feed", "it is neither XML nor JSON")
    return parse_syndicated(text, url=url, kept=MAX_ENTRIES)


def _limited(feed: ParsedFeed) -> ParsedFeed:
    """The feed with no more than can be worked on at once: feeds stand newest first, sitemaps in any order."""
    entries, children, notices = feed.entries, feed.children, list(feed.notices)
    if len(entries) > MAX_ENTRIES:
        notices.append(left_out(len(entries), MAX_ENTRIES))
        if feed.format in ("sitemap", "news-sitemap"):
            entries = tuple(sorted(entries, key=lambda entry: entry.published or entry.updated or "", reverse=True))
    if len(children) > MAX_CHILDREN:
        notices.append(f"It lists {len(children):,} sitemaps; the newest {MAX_CHILDREN:,} were read.")
        children = tuple(sorted(children, key=lambda child: child.modified or "", reverse=True))
    return replace(feed, entries=entries[:MAX_ENTRIES], children=children[:MAX_CHILDREN], notices=tuple(notices))
