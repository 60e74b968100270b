"""What to do with each article of a message, from what is known of its version before any work."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """An article that a message asks to relate, and the attempts already made at its current version.

    `decided`: this version has its terminal outcome. `attempts` counts every attempt at this version
    that was begun, `solo_attempts` those at it alone.
    """

    article_id: int
    version: int
    withdrawn: bool
    decided: bool
    attempts: int
    solo_attempts: int


@dataclass(frozen=True, slots=True)
class Triage:
    """Article ids by what happens to them; each id of the message is in at most one.

    `alone` are sent again as messages of their own: an attempt in a batch did not end, so one of that
    batch may be poison, and only an article tried alone can be blamed.
    """

    run: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()
    quarantine: tuple[int, ...] = ()
    withdraw: tuple[int, ...] = ()


def triage(claims: Sequence[Claim], *, solo: bool, max_solo_attempts: int) -> Triage:
    """Sort the articles of one message; `solo` says that the message carried one article."""
    todo = [claim for claim in claims if not claim.decided]
    withdrawn = [claim for claim in todo if claim.withdrawn]
    live = [claim for claim in todo if not claim.withdrawn]
    hopeless = [claim for claim in live if claim.solo_attempts >= max_solo_attempts]
    hopeful = [claim for claim in live if claim.solo_attempts < max_solo_attempts]
    suspects = [] if solo else [claim for claim in hopeful if claim.attempts > 0]
    return Triage(
        run=_ids([claim for claim in hopeful if claim not in suspects]),
        alone=_ids(suspects),
        quarantine=_ids(hopeless),
        withdraw=_ids(withdrawn),
    )


def _ids(claims: Sequence[Claim]) -> tuple[int, ...]:
    return tuple(claim.article_id for claim in claims)
