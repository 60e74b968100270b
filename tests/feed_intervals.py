"""Simulates how often feeds of different rhythms would be polled, and how late their entries would be seen.

    python tests/feed_intervals.py

Entries come at random times, in six quiet hours of each day a tenth as often; a feed shows its latest 30.
"""

import random
import sys
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

from themeline.ingest.core.feeds.policy import DEFAULT_INTERVAL, PollOutcome, PollState, next_poll

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
LENGTH = timedelta(days=28)
WINDOW = 30
QUIET_HOURS, QUIET_SHARE = 6, 0.1
RATES = (0.5, 2, 15, 70, 400)
SEED = 17


def entries(a_day: float, dice: random.Random) -> Iterator[datetime]:
    at = BEGIN
    while (at := at + timedelta(days=dice.expovariate(a_day))) < BEGIN + LENGTH:
        if at.hour >= QUIET_HOURS or dice.random() < QUIET_SHARE:
            yield at


def simulate(published: list[datetime], fixed: timedelta | None, dice: random.Random) -> tuple[int, list[float], int]:
    """Polls, minutes by which each entry was late, and entries that had left the feed before it was read."""
    state = PollState(DEFAULT_INTERVAL, first=True, fixed_interval=fixed)
    now, seen, polls, missed = BEGIN, 0, 0, 0
    late: list[float] = []
    while now < BEGIN + LENGTH:
        known = bisect_right(published, now)
        shown, new = published[max(0, known - WINDOW) : known], known - seen
        late += [(now - at).total_seconds() / 60 for at in published[max(seen, known - WINDOW) : known]]
        missed += max(0, new - WINDOW)
        outcome = PollOutcome(200, entries=len(shown), new_entries=min(new, WINDOW), published=tuple(shown))
        plan = next_poll(state, outcome if new or state.first else PollOutcome(304), now, jitter=dice.random())
        state = PollState(plan.interval, fixed_interval=fixed)
        now, seen, polls = plan.at or BEGIN + LENGTH, known, polls + 1
    return polls, late, missed


def main() -> int:
    print("entries a day | interval | polls a day | late by, median | 95 % | missed")  # noqa: T201
    for rate in sorted(RATES, reverse=True):
        for name, fixed in (("adapted", None), ("15 min", timedelta(minutes=15))):
            dice = random.Random(SEED)
            published = list(entries(rate, dice))
            polls, late, missed = simulate(published, fixed, dice)
            usual, worst = median(late), sorted(late)[int(len(late) * 0.95)]
            daily = f"{len(published) / LENGTH.days:.1f} | {name} | {polls / LENGTH.days:.0f}"
            print(f"{daily} | {usual:.0f} min | {worst:.0f} min | {missed}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
