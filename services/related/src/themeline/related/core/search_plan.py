"""How to find an article's nearest vectors in its time window: all of the window, or the index.

The vector index walks outwards from the article and drops what lies outside the window, so its cost
grows as the window's share of the collection shrinks; reading the window costs what is in it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

# Measured on a 2-core machine with 19,043 vectors of 256 halves, in microseconds: comparing one vector of
# the window, and taking one step through the index.
COMPARE_US = 0.6
STEP_US = 7.0


def window_sizes(per_day: Mapping[date, int], times: Sequence[datetime], horizon: timedelta) -> list[int]:
    """How many vectors lie within `horizon` of each time, by whole days (UTC), so never too few."""
    return [
        sum(count for day, count in per_day.items() if (at - horizon).date() <= day <= (at + horizon).date())
        for at in times
    ]


def reading_is_cheaper(window: int, stored: int, wanted: int) -> bool:
    """Whether to compare all `window` vectors rather than walk an index over `stored` to find `wanted` of them."""
    if window <= wanted:
        return True
    steps = wanted * stored / window
    return window * COMPARE_US <= steps * STEP_US
