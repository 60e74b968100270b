"""Bytes to feeds, whatever their format."""

from themeline.ingest.core.feeds.model import ParsedFeed


def parse_feed(body: bytes, *, content_type: str | None, url: str) -> ParsedFeed:
    """Read a feed of any format that is known.

    Args:
        body: as received, content-encoding removed; a gzipped sitemap may still be gzipped.
        content_type: of the answer; its charset counts where the bytes do not say theirs.
        url: where the bytes came from; relative addresses are resolved against it.

    Raises:
        NotAFeedError: whatever else the bytes are. Nothing else is raised.
    """
    raise NotImplementedError
