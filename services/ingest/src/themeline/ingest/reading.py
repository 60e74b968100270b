"""Reading one feed: asked for, parsed in a sandbox, and looked for where the address is a site's."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from themeline.ingest.core.feeds.discovery import Candidate, find_feeds, well_known
from themeline.ingest.core.feeds.model import ParsedFeed
from themeline.ingest.core.sandboxed import parsed_or_problem
from themeline.ingest.fetch import Answer, Fetcher, FetchError
from themeline.ingest.sandbox import Sandbox, SandboxError
from themeline.ingest.store.polls import PolledFeed
from themeline.ingest.turns import LONG_PATIENCE, NotNowError, Turns

ACCEPT = (
    "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml;q=0.9,"
    "application/xml;q=0.8,text/xml;q=0.8,application/json;q=0.7,*/*;q=0.5"
)
OK, NOT_MODIFIED = 200, 304
# The addresses that a site usually keeps its feeds at are tried one after the other, each in its turn.
MOST_GUESSES = 8
# Of the feeds that a page names, so many are tried.
MOST_NAMED = 8
# Of a sitemap index, so many of the sitemaps that changed last are read in one poll.
MOST_CHILDREN = 3
# Of the pause that a source wants between two requests, so much is waited for.
LONGEST_DELAY = timedelta(seconds=30)
# No further address is asked for after this: one that is may take 75 s (its turn 35, the answer 30, parsing 10), and
# the lease on the feed lasts 150.
FURTHER_SECONDS = 60.0


class UnreadableError(Exception):
    """What a feed's address gives is no feed: `type` is stable and short, the text one clause."""

    def __init__(self, type_: str, reason: str, *, is_page: bool = False) -> None:
        super().__init__(reason)
        self.type = type_
        self.reason = reason
        self.is_page = is_page


@dataclass(frozen=True)
class Reading:
    """What asking for a feed gave.

    Attributes:
        answer: the last answer, of the feed's address.
        digest: of the body; None where it is not renewed (304), and where the next answer must be read although it is
            the same: of a sitemap index that does not tell, or of which a sitemap could not be read.
        feeds: the feed, or of a sitemap index the sitemaps that changed last; empty where nothing changed.
        found: another address, where the feed of this site is.
    """

    answer: Answer
    digest: bytes | None = None
    feeds: tuple[ParsedFeed, ...] = ()
    found: str | None = None


class Reader:
    """Reads feeds. Raises FetchError, SandboxError and UnreadableError, each with `type` and `reason`."""

    def __init__(
        self, fetcher: Fetcher, sandbox: Sandbox, turns: Turns, *, further_seconds: float = FURTHER_SECONDS
    ) -> None:
        self._further_seconds = further_seconds
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._turns = turns

    def read(self, feed: PolledFeed) -> Reading:
        """Ask for a feed whose turn has come; ask for no more than has changed."""
        row, deadline = feed.row, time.monotonic() + self._further_seconds
        answer = self._fetcher.get(row.url, etag=row.etag, last_modified=row.last_modified, accept=ACCEPT)
        if answer.status != OK:
            return Reading(answer)
        digest = _digest(answer)
        if digest == row.body_digest:
            return Reading(answer, digest)
        try:
            parsed = self._parsed(answer)
        except UnreadableError as error:
            # An address that was a feed before and is a page now is broken, not a site.
            if not error.is_page or row.succeeded_at is not None:
                raise
            return Reading(answer, found=self._found(feed, answer, deadline))
        return (
            self._from_index(feed, answer, parsed, deadline) if parsed.children else Reading(answer, digest, (parsed,))
        )

    def _parsed(self, answer: Answer) -> ParsedFeed:
        content_type = f"{answer.content_type}; charset={answer.charset}" if answer.charset else answer.content_type
        parsed = self._sandbox.run(parsed_or_problem, answer.body, content_type or None, answer.url)
        if isinstance(parsed, ParsedFeed):
            return parsed
        raise UnreadableError(*parsed, is_page=parsed[0] == "html-page")

    def _from_index(self, feed: PolledFeed, answer: Answer, index: ParsedFeed, deadline: float) -> Reading:
        newest = sorted(index.children, key=lambda child: child.modified or "", reverse=True)[:MOST_CHILDREN]
        read: list[ParsedFeed] = []
        failed: Exception | None = None
        for child in newest:
            try:
                read.append(self._further(child.url, feed.crawl_delay, deadline))
            except (FetchError, SandboxError, UnreadableError, NotNowError) as error:
                failed = error
        if not read and failed is not None:
            raise UnreadableError("no-sitemap", f"none of its sitemaps could be read: {failed}") from failed
        # An index without times, or with days alone, is the same when its sitemaps are not.
        tells = all("T" in (child.modified or "") for child in newest)
        return Reading(answer, _digest(answer) if tells and failed is None else None, tuple(read))

    def _found(self, feed: PolledFeed, answer: Answer, deadline: float) -> str:
        """Return the address of the site's feed: what its page names, else what most sites use."""
        named = self._sandbox.run(find_feeds, answer.body, answer.url)[:MOST_NAMED]
        guesses = well_known(answer.url)[:MOST_GUESSES]
        for candidate in _distinct([*named, *guesses]):
            if self._is_feed(candidate.url, feed.crawl_delay, deadline):
                return candidate.url
        raise UnreadableError("no-feed-found", "it is a page that names no feed, and none is where feeds usually are")

    def _is_feed(self, url: str, delay: timedelta, deadline: float) -> bool:
        try:
            self._further(url, delay, deadline)
        except (FetchError, SandboxError, UnreadableError, NotNowError):
            return False
        return True

    def _further(self, url: str, delay: timedelta, deadline: float) -> ParsedFeed:
        """Read another address in its turn, unless there is no time left for it."""
        if time.monotonic() >= deadline:
            raise UnreadableError("too-slow", "what was read before took too long")
        # The request before it may have been made just now, to the same host.
        self._turns.wait(url, delay=delay, patience=min(delay, LONGEST_DELAY) + LONG_PATIENCE)
        answer = self._fetcher.get(url, accept=ACCEPT)
        if answer.status != OK:
            raise UnreadableError("http-status", f"it answered {answer.status}")
        return self._parsed(answer)


def _digest(answer: Answer) -> bytes:
    return blake2b(answer.body, digest_size=16).digest()


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    return list({candidate.url: candidate for candidate in reversed(candidates)}.values())[::-1]
