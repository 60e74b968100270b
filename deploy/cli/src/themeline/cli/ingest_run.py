"""A run of `themeline ingest`: reads, sends, counts, keeps what was rejected, and remembers how far it came."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from typing import Any

from themeline.cli.ingest_ahead import ReadAhead
from themeline.cli.ingest_bookmark import Bookmark, BookmarkFile
from themeline.cli.ingest_progress import Shown
from themeline.cli.ingest_rejected import RejectedFile
from themeline.cli.pushing import Batch, Line, batched
from themeline.cli.sources import (
    AS_IT_IS,
    FROM_START,
    Entry,
    Found,
    Note,
    PassedOver,
    Place,
    Reading,
    Unreadable,
    read_all,
)
from themeline.cli.tally import READABLE, Tally

# Batches that are ready when the service has answered one. Each is at most 8 MB.
AHEAD = 2

Push = Callable[[Sequence[Line]], Iterable[tuple[Line, dict[str, Any]]]]


class ForgottenError(Exception):
    """The system does not hold what the bookmark says that it accepted: it is another one, or was emptied."""


@dataclass
class Run:
    """One reading of the sources, from the bookmark of an earlier run if there is one."""

    push: Push
    tally: Tally
    shown: Shown
    rejected: RejectedFile = field(default_factory=lambda: RejectedFile(None))
    bookmarks: BookmarkFile = field(default_factory=lambda: BookmarkFile(None, ""))
    earlier: Bookmark | None = None

    def __post_init__(self) -> None:
        self.reached = self.earlier
        if self.earlier is not None:
            self.tally.take_over(self.earlier.counts)

    def send(self, sources: Iterable[str], how: Reading = AS_IT_IS) -> None:
        """Send everything that the sources hold.

        Raises:
            ForgottenError: before anything but the first batch was sent; begin without a bookmark.
            CommandError: the service refused, or was away for too long.
        """
        with ReadAhead(batched(read_all(sources, how, self._after())), AHEAD) as batches:
            for batch in batches:
                self._send(batch)
        self.bookmarks.remove()

    def _after(self) -> Place:
        """The line before the article that was accepted last: it is sent again."""
        if self.earlier is None:
            return FROM_START
        accepted = self.earlier.accepted
        return Place(accepted.origin, max(accepted.line - 1, 0))

    def _send(self, batch: Batch) -> None:
        before = self.tally.sent
        answers = self.push(batch.lines) if batch.lines else ()
        accepted: Place | None = None
        for found, result in merge(answers, ((one, {}) for one in batch.others), key=_place):
            if isinstance(found, Line):
                accepted = self._count(found.entry, result) or accepted
            else:
                self._keep(found)
        self._remember(batch, accepted)
        read = max((line.entry.read for line in batch.lines), default=0)
        self.shown.advance(self.tally.sent - before, read)

    def _count(self, entry: Entry, result: dict[str, Any]) -> Place | None:
        """Count an article that was answered; return its place if it was accepted."""
        if self._is_again(entry.place):
            self._compare(entry.place, result)
            return None
        self.tally.add(entry.where, result)
        if result.get("status") == "rejected":
            self.rejected.add(entry, result.get("problem") or {})
            return None
        return entry.place

    def _keep(self, found: Found) -> None:
        if isinstance(found, Unreadable) and (found.whole or not self._is_again(found.place)):
            self.tally.add_unreadable(found)
            if not found.whole:  # that a source failed is said; there is no article to mend
                self.rejected.add_unreadable(found)
        elif isinstance(found, PassedOver) and not self._is_again(found.place):
            self.tally.add_passed_over(found)
        elif isinstance(found, Note):
            self.shown.note(f"{found.where}: {found.text}")

    def _is_again(self, place: Place) -> bool:
        return self.earlier is not None and place <= self.earlier.answered

    def _compare(self, place: Place, result: dict[str, Any]) -> None:
        if self.earlier is not None and place == self.earlier.accepted and result.get("status") == "created":
            raise ForgottenError

    def _remember(self, batch: Batch, accepted: Place | None) -> None:
        last = max((*batch.others, *(line.entry for line in batch.lines)), key=lambda found: found.place)
        self.reached = Bookmark(
            answered=last.place,
            accepted=accepted or (self.reached.accepted if self.reached else last.place),
            where=last.where,
            counts=dict(self.tally.counts),
        )
        self.bookmarks.save(self.reached)


def _place(answered: tuple[Line | Found, object]) -> Place:
    found = answered[0]
    return found.entry.place if isinstance(found, Line) else found.place


def unsent(batch: Sequence[Line]) -> Iterator[tuple[Line, dict[str, Any]]]:
    """What `--dry-run` does instead of sending: checks each article as the service would, as far as it can alone."""
    from themeline.ingest.core.drafts import Rejection, parse_draft
    from themeline.shared.problems import TYPE_PREFIX

    for line in batch:
        read = parse_draft(line.entry.fields)
        if isinstance(read, Rejection):
            problem = {"type": TYPE_PREFIX + read.type, "title": read.title, "detail": read.detail, "field": read.field}
            yield line, {"status": "rejected", "problem": problem}
        else:
            yield line, {"status": READABLE}
