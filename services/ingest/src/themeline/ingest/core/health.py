"""How a feed is, in one word."""

from typing import Literal

State = Literal["active", "paused", "retired"]
Health = Literal["new", "healthy", "failing", "paused", "retired"]


def feed_health(state: str, polls: int, failures: int) -> Health:
    """Tell how a feed is.

    Args:
        state: `active`, `paused` or `retired`.
        polls: made so far, whatever came of them.
        failures: polls that failed since the last that did not. One is enough: a feed that is `failing` recovers
            by itself, and the number says how long it has not.
    """
    if state == "paused":
        return "paused"
    if state == "retired":
        return "retired"
    if failures:
        return "failing"
    return "healthy" if polls else "new"
