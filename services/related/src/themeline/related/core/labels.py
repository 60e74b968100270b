"""What stories and themes are called, from their own headlines and names."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from themeline.related.core.text import normalise, tokens

MAX_MEMBERS = 50
"""A label looks at no more members than this: give the latest."""

MAX_LABEL = 120
"""Characters of a label; a longer headline is cut at a word."""

SHARED_BY = 0.4
"""Share of a theme's articles that must have a name or word for it to stand in the label."""

LABEL_PARTS = 3
"""Names and words in a theme's label."""

ENOUGH = 3
"""Members from which shared names say more than one member's headline."""

_PREFIX = re.compile(r"^(?:(?:update|correct(?:ed|ion)|rpt|refile|wrapup|live|breaking|exclusive|video|watch|photos?)"
                     r"\s?\d*\s?[-:|–—]\s*)+", re.IGNORECASE)  # fmt: skip
_SUFFIX = re.compile(r"\s+(?:[|–—]|-)\s+[^|–—]{2,30}$|\s*\.{2,}\s*$|\s*…\s*$")


@dataclass(frozen=True, slots=True)
class Member:
    """An article as its story's label sees it."""

    title: str
    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def story_label(members: Sequence[Member]) -> str:
    """The headline that says best what the members have in common, tidied; "" without members."""
    titles = [tidy(member.title) for member in members[:MAX_MEMBERS]]
    words = [frozenset(token.form for token in tokens(normalise(title))) for title in titles]
    common = Counter(word for title in words for word in title)
    best = max(range(len(titles)), key=lambda at: (_centrality(words[at], common), -at), default=None)
    return "" if best is None else titles[best]


def theme_label(members: Sequence[Member]) -> str:
    """Up to three names or words that many members share ("Kyiv · air defence · Rubio"), else a headline."""
    seen = members[:MAX_MEMBERS]
    if len(seen) < ENOUGH:
        return story_label(seen)
    parts = _shared(seen)
    return " · ".join(parts) if len(parts) > 1 else story_label(seen)


def tidy(title: str) -> str:
    """A headline without agency prefixes, trailing dots and the publisher's name, at most `MAX_LABEL` long."""
    plain = title.replace("**", "").strip()
    bare = _SUFFIX.sub("", _PREFIX.sub("", plain)).strip() or plain
    if len(bare) <= MAX_LABEL:
        return bare
    return bare[: MAX_LABEL - 1].rsplit(" ", 1)[0] + "…"


def _centrality(words: frozenset[str], common: Counter[str]) -> float:
    """Mean commonness of a headline's words, with a little for length: one word alone is no headline."""
    total: float = sum(common[word] - 1 for word in words)
    return total / (len(words) + 4)


def _shared(members: Sequence[Member]) -> list[str]:
    """Names first, then words, each shared by enough members, none repeating a word of another."""
    parts: list[str] = []
    for kind in ([member.names for member in members], [member.terms for member in members]):
        for part, count in _counted(kind):
            known = {word for chosen in parts for word in chosen.casefold().split()}
            if count >= SHARED_BY * len(members) and not known & set(part.casefold().split()):
                parts.append(part)
    return parts[:LABEL_PARTS]


def _counted(lists: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    """Each distinct form (first seen) with the number of lists holding it, most common first; no bare numbers."""
    shown: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for words in lists:
        forms = {word.casefold(): word for word in reversed(words) if not word[:1].isdigit()}
        counts.update(dict.fromkeys(reversed(forms), 1))
        for form in reversed(forms):
            shown.setdefault(form, forms[form])
    return [(shown[form], count) for form, count in counts.most_common()]
