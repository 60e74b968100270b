"""Functions for the sandbox: another process, from which exceptions come back without their attributes."""

from themeline.ingest.core.feeds.model import NotAFeedError, ParsedFeed
from themeline.ingest.core.feeds.parsing import parse_feed


def parsed_or_problem(body: bytes, content_type: str | None, url: str) -> ParsedFeed | tuple[str, str]:
    """Parse a feed; return the type and the reason where it is none."""
    try:
        return parse_feed(body, content_type=content_type, url=url)
    except NotAFeedError as error:
        return error.type, error.reason
