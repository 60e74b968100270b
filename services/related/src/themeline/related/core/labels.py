"""What stories and themes are called, from their own headlines and names."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """An article as its story's label sees it."""

    title: str
    names: tuple[str, ...]
    terms: tuple[str, ...]


MAX_MEMBERS = 50
"""A label looks at no more members than this: give the latest."""


def story_label(members: Sequence[Member]) -> str:
    """The headline that says best what the members have in common, tidied."""
    raise NotImplementedError


def theme_label(members: Sequence[Member]) -> str:
    """A short label: up to three names or words the members share, else a representative headline."""
    raise NotImplementedError
