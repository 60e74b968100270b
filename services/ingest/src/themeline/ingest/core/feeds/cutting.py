"""Feeds of more entries than are kept, cut before they are parsed: feedparser takes a millisecond for each."""

import re

# Ends of entries as they stand in the markup; in CDATA and in comments they are text of an entry.
_ENDS = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|(?P<end></(?:(?:rss|atom):)?(?:item|entry)\s*>)",
    re.DOTALL | re.IGNORECASE,
)


def shortened(text: str, *, kept: int) -> tuple[str, int]:
    """The document with its first entries only, and how many it had; whole when there are no more of them.

    What stands behind the last entry stays: it closes the document. Entries that hold entries are not told apart; in
    such a feed the cut may fall into the middle of one.
    """
    number, cut, last = 0, 0, 0
    for match in _ENDS.finditer(text):
        if match["end"] is not None:
            number, last = number + 1, match.end()
            if number == kept:
                cut = last
    return (text[:cut] + text[last:], number) if number > kept else (text, number)


def left_out(total: int, kept: int) -> str:
    """What is said of a feed that was cut."""
    return f"It has {total:,} entries; the newest {kept:,} were read."
