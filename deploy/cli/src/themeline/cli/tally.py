"""What became of the articles that were sent, and how it is told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from themeline.cli.sources import Unreadable

STATUSES = ("created", "updated", "unchanged", "rejected")
# Reasons beyond these are counted together: a summary is read, not searched.
MOST_REASONS = 20


@dataclass
class Tally:
    """Counts by status, and for each reason of a rejection how often and where first."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first_at: dict[str, str] = field(default_factory=dict)
    failed_sources: list[Unreadable] = field(default_factory=list)

    def add(self, where: str, result: Mapping[str, Any]) -> None:
        """Count the service's result for one article."""
        status = str(result.get("status"))
        self.counts[status] += 1
        if status == "rejected":
            self._add_reason(_reason(result.get("problem") or {}), where)

    def add_unreadable(self, found: Unreadable) -> None:
        """Count a line or a source that never became an article."""
        if found.whole:
            self.failed_sources.append(found)
            return
        self.counts["rejected"] += 1
        self._add_reason(found.reason, found.where)

    @property
    def sent(self) -> int:
        return sum(self.counts.values())

    @property
    def is_success(self) -> bool:
        """Whether something arrived (or was there already) and nothing failed but single articles."""
        arrived = self.counts["created"] + self.counts["updated"] + self.counts["unchanged"]
        return arrived > 0 and not self.failed_sources

    def lines(self) -> Iterator[str]:
        """The summary, for standard output."""
        yield " · ".join(f"{status} {self.counts[status]:,}" for status in STATUSES)
        for reason, times in self.reasons.most_common(MOST_REASONS):
            yield f"  {times:,} × {reason} (first: {self.first_at[reason]})"
        if len(self.reasons) > MOST_REASONS:
            yield f"  and {len(self.reasons) - MOST_REASONS:,} other reasons"

    def failures(self) -> Iterator[str]:
        """What made it no success, for standard error: each source that failed as a whole, or that nothing arrived."""
        for found in self.failed_sources:
            yield f"{found.where}: {found.reason}"
        if self.failed_sources or self.is_success:
            return
        if self.sent:
            yield "every article was rejected: mend what the summary names, and send them again"
        else:
            yield "the sources hold no article: name a file, a folder or an address that does"

    def _add_reason(self, reason: str, where: str) -> None:
        self.reasons[reason] += 1
        self.first_at.setdefault(reason, where)


def _reason(problem: Mapping[str, Any]) -> str:
    """What is the same for all articles rejected alike: the problem's title, and the field."""
    title = str(problem.get("title") or problem.get("detail") or "no reason given")
    name = problem.get("field")
    return f"{name}: {title}" if name else title
