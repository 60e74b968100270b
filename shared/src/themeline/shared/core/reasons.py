"""Why two articles are related: the stored form of a pair's signals, and its reading.

`related` writes the bytes when it saves a relation, `api` reads them when it shows a box. Both forms live here.
"""

import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

SCALE = 16
"""Stored units per unit of log-odds: int8 then spans about ±8, far beyond any single signal's share."""

MAX_SHARED = 8
"""Longest list of shared names or words shown with a reason; more no longer reads as a reason."""


class Signal(IntEnum):
    """The signals of a pair. The order is the storage order: append, never reorder."""

    LEXICAL = 0
    NAMES = 1
    DENSE = 2
    TITLE = 3
    COVERAGE = 4
    TIME = 5
    SOURCE = 6
    COPY = 7


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal that speaks for a relation, its share (0, 1] of all that does, and what both articles share."""

    signal: str
    weight: float
    shared: tuple[str, ...] = ()


def decode_reasons(
    signals: bytes,
    *,
    names: tuple[Sequence[str], Sequence[str]] = ((), ()),
    terms: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> list[Reason]:
    """Read a relation's stored signals as reasons, the strongest first.

    `signals` is `relations.signals`; `names` and `terms` are the display names and key terms of the two
    articles. Only what speaks for the pair is a reason; an empty or foreign value gives no reasons.
    """
    shares = array.array("b", signals[: len(Signal)]) if signals else array.array("b")
    total = sum(share for share in shares if share > 0)
    found = {
        Signal.NAMES: shared_words(*names),
        Signal.LEXICAL: shared_words(*terms),
    }
    reasons = [
        Reason(Signal(at).name.lower(), round(share / total, 2), found.get(Signal(at), ()))
        for at, share in enumerate(shares)
        if share > 0
    ]
    return sorted((reason for reason in reasons if reason.weight > 0), key=lambda reason: -reason.weight)


def shared_words(left: Sequence[str], right: Sequence[str]) -> tuple[str, ...]:
    """Words of `left`, in its order, that `right` has too, whatever their case."""
    known = {word.casefold() for word in right}
    return tuple(word for word in left if word.casefold() in known)[:MAX_SHARED]
