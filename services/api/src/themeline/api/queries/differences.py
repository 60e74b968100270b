"""What changed between two texts, sentence by sentence; in little time for texts of any length."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

# More differences say no more than the first of them: the text was written anew.
MAX_CHANGES = 50
# Longer than almost every sentence; the beginning shows which one it is.
MAX_SHOWN = 1_000
# Beyond what both texts begin and end with. SequenceMatcher takes time that grows with the square, and in the worst
# case with the cube, of the number of sentences; so many take at most 0.2 s, and texts that differ in more are told
# as one change.
MAX_COMPARED = 400

# Longer texts, which no newspaper prints, are compared by paragraphs: two of a million characters take 0.1 s.
MAX_SPLIT = 200_000

Operation = Literal["insert", "delete", "replace"]

# A sentence ends at a mark before a space, a paragraph at a line's end.
_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?=\s)|\n")


@dataclass(frozen=True, slots=True)
class TextChange:
    """Sentences that came, went, or took the place of others; each side cut to `MAX_SHOWN` characters."""

    op: Operation
    before: str | None
    after: str | None


def text_changes(before: str, after: str) -> tuple[list[TextChange], int]:
    """Return the first changes from one text to another in their order, and how many more there are."""
    if before == after:
        return [], 0
    split = sentences if max(len(before), len(after)) <= MAX_SPLIT else paragraphs
    changes = list(_changes(split(before), split(after)))
    return changes[:MAX_CHANGES], max(len(changes) - MAX_CHANGES, 0)


def sentences(text: str) -> list[str]:
    """Split a text into sentences; breaks between paragraphs are not told."""
    ends = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    return [sentence for start, end in pairwise(ends) if (sentence := text[start:end].strip())]


def paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[TextChange]:
    start = _common(before, after)
    old, new = before[start:], after[start:]
    end = _common(old[::-1], new[::-1])
    old, new = old[: len(old) - end], new[: len(new) - end]
    if len(old) + len(new) > MAX_COMPARED:
        yield _change(old, new)
        return
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if op != "equal":
            yield _change(old[i1:i2], new[j1:j2])


def _change(old: Sequence[str], new: Sequence[str]) -> TextChange:
    op: Operation = "replace" if old and new else "delete" if old else "insert"
    return TextChange(op, _shown(old), _shown(new))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many sentences both begin with."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _shown(sentences: Sequence[str]) -> str | None:
    if not sentences:
        return None
    text = " ".join(sentences)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
