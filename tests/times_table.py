"""How well times are read: run `python tests/times_table.py` for the table of docs/times.md."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from themeline.shared.core.timestamps import parse_timestamp

FORMATS = Path(__file__).parent / "data" / "formats.tsv"
# What feeds, pages and pushes carry; the rest is what people and programs write elsewhere.
NEWS = ("rfc822", "rfc3339", "w3c", "epoch", "javascript")
DAY_FIRST = {"dmy": True, "mdy": False}


@dataclass(frozen=True)
class Row:
    """A string, who names its format, and what it means (None: no one day)."""

    family: str
    origin: str
    written: str
    meant: datetime | None
    day_first: bool | None

    def verdict(self) -> str:
        """`right`, `wrong` (another instant, or one where there is none) or `unread`."""
        read = parse_timestamp(self.written, UTC, day_first=self.day_first)
        if (read.at if read else None) == self.meant:
            return "right"
        return "unread" if read is None else "wrong"


def rows() -> Iterator[Row]:
    for line in FORMATS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            family, origin, written, meant, *order = line.split("\t")
            instant = None if meant == "-" else datetime.fromisoformat(meant).astimezone(UTC)
            yield Row(family, origin, written, instant, DAY_FIRST[order[0]] if order else None)


def table() -> dict[str, Counter[str]]:
    """Verdicts by family, in the order of the file."""
    found: dict[str, Counter[str]] = {}
    for row in rows():
        found.setdefault(row.family, Counter())[row.verdict()] += 1
    return found


def main() -> None:
    write = sys.stdout.write
    found = table()
    found["news formats"] = sum((found[family] for family in NEWS), Counter())
    write("| family | strings | right | wrong | unread |\n| --- | --- | --- | --- | --- |\n")
    for family, counts in found.items():
        numbers = " | ".join(str(counts[verdict]) for verdict in ("right", "wrong", "unread"))
        write(f"| {family} | {counts.total()} | {numbers} |\n")
    for row in rows():
        if (verdict := row.verdict()) != "right":
            write(f"{verdict}: {row.family}: {row.written}\n")


if __name__ == "__main__":
    main()
