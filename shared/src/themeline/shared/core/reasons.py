"""Why two articles are related: the stored form of a pair's signals, and its reading.

`related` writes the bytes when it saves a relation, `api` reads them when it shows a box. Both forms live here.
"""

import array
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from themeline.shared.core.sharing import Shown, shared_names, shared_terms, shared_title

SCALE = 16
"""Stored units per unit of log-odds: int8 then spans about ±8, far beyond any single signal's share."""

WEIGHT_STEPS = 100
"""A reason's weight is a whole percentage, and those of a relation add up to 100 %."""


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
    COMPANY = 8


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal that speaks for a relation, its share (0, 1] of all that does, and what both articles share."""

    signal: str
    weight: float
    shared: tuple[str, ...] = ()


def decode_reasons(signals: bytes, left: Shown, right: Shown) -> list[Reason]:
    """Read a relation's stored signals as reasons, the strongest first; their weights add up to 1.

    `signals` is `relations.signals`; `left` and `right` are what the two articles show. Only what speaks for the
    pair is a reason; an empty or foreign value gives no reasons.
    """
    contributions = array.array("b", signals[: len(Signal)]) if signals else array.array("b")
    speaking = {Signal(at): share for at, share in enumerate(contributions) if share > 0}
    shared = shared_by_signal(left, right) if speaking else {}
    weights = percentages(speaking)
    ordered = sorted((signal for signal in speaking if weights[signal]), key=lambda signal: (-weights[signal], signal))
    return [Reason(signal.name.lower(), weights[signal] / WEIGHT_STEPS, shared.get(signal, ())) for signal in ordered]


def percentages(shares: Mapping[Signal, float]) -> dict[Signal, int]:
    """Positive shares as whole percentages that add up to 100: what rounding leaves goes to the largest remainders."""
    total = sum(shares.values())
    exact = {signal: share / total * WEIGHT_STEPS for signal, share in shares.items()}
    whole = {signal: int(part) for signal, part in exact.items()}
    missing = WEIGHT_STEPS - sum(whole.values()) if whole else 0
    for signal in sorted(exact, key=lambda signal: whole[signal] - exact[signal])[:missing]:
        whole[signal] += 1
    return whole


def shared_by_signal(left: Shown, right: Shown) -> dict[Signal, tuple[str, ...]]:
    """What two articles share, as a reader would write it, by the signal that it explains; each word once."""
    names = shared_names(left, right)
    return {
        Signal.NAMES: names,
        Signal.LEXICAL: shared_terms(left, right, besides=names),
        Signal.TITLE: shared_title(left, right),
    }
