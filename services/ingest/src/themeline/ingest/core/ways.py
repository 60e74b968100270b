"""The ways by which items come in."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Way:
    """How items came in.

    Attributes:
        origin: `push` or `feed`: whether a future time is an embargo or a mistake, and who speaks for the time.
        name: what it is called where an item is asked after: `push`, `feed`, `page` or `archive`.
        feed_id: the feed that brought them.
    """

    origin: Literal["push", "feed"]
    name: Literal["push", "feed", "page", "archive"]
    feed_id: int | None = None


PUSH = Way("push", "push")
