"""What `themeline doctor` finds: one line a check, and what to do about a fault."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of one check; `remedy` is empty where all is well."""

    subject: str
    text: str
    remedy: str = ""

    @property
    def is_fault(self) -> bool:
        return bool(self.remedy)

    def lines(self) -> Iterator[str]:
        yield f"{'FAULT' if self.is_fault else 'ok   '}  {self.subject}: {self.text}"
        if self.remedy:
            yield f"       → {self.remedy}"
