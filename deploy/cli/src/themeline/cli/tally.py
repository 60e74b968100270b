"""What became of the articles that were sent, and how it is told."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from themeline.cli.sources import PassedOver, Unreadable

STATUSES = ("created", "updated", "unchanged", "rejected")
# What `--dry-run` gives an article that would be sent.
READABLE = "readable"
# Reasons beyond these are counted together: a summary is read, not searched.
MOST_REASONS = 20
# Reasons are told apart up to here; a million lines must not give a million reasons.
MOST_KINDS = 1_000
OTHER = "other reasons"
EARLIER = "rejected before the interruption"


@dataclass
class Tally:
    """Counts by status, and for each reason of a rejection how often and where first."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first_at: dict[str, str] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)
    failed_sources: list[Unreadable] = field(default_factory=list)
    earlier: int = 0

    def take_over(self, counts: Mapping[str, int]) -> None:
        """Begin with what an earlier run counted that this one continues."""
        self.counts.update(counts)
        self.earlier = self.sent
        if counts.get("rejected"):
            self._add_reason(EARLIER, "see the file of rejected ones", counts["rejected"])

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

    def add_passed_over(self, found: PassedOver) -> None:
        """Count what is no article and is not meant to be one."""
        self.passed_over[found.reason] += 1

    @property
    def sent(self) -> int:
        return sum(self.counts.values())

    @property
    def arrived(self) -> int:
        return sum(self.counts[status] for status in ("created", "updated", "unchanged", READABLE))

    @property
    def is_success(self) -> bool:
        """Whether something arrived (or was there already) and nothing failed but single articles."""
        return self.arrived > 0 and not self.failed_sources

    def lines(self) -> Iterator[str]:
        """The summary, for standard output."""
        statuses = (READABLE, "rejected") if READABLE in self.counts else STATUSES
        yield " · ".join(f"{status} {self.counts[status]:,}" for status in statuses)
        for reason, times in self.reasons.most_common(MOST_REASONS):
            yield f"  {times:,} × {reason} (first: {self.first_at[reason]})"
        if len(self.reasons) > MOST_REASONS:
            yield f"  and {len(self.reasons) - MOST_REASONS:,} other reasons"
        for reason, times in self.passed_over.most_common():
            yield f"  passed over: {times:,} × {reason}"

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

    def _add_reason(self, reason: str, where: str, times: int = 1) -> None:
        known = reason in self.reasons or len(self.reasons) < MOST_KINDS
        self.reasons[reason if known else OTHER] += times
        self.first_at.setdefault(reason if known else OTHER, where)


def _reason(problem: Mapping[str, Any]) -> str:
    """What is the same for all articles rejected alike: the problem's title, and the field."""
    title = str(problem.get("title") or problem.get("detail") or "no reason given")
    name = problem.get("field")
    return f"{name}: {title}" if name else title
