"""What stories and themes are called, from their own headlines and names.

A story has the headline that says best what its members have in common. A theme has up to three names or phrases
that many of its members share, those of headlines first; where they share too little, a headline as well.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from themeline.related.core.text import Token, normalise, tokens

MAX_MEMBERS = 50
"""A label looks at no more members than this: give the latest."""

MAX_LABEL = 120
"""Characters of a label; a longer headline is cut at a word."""

SHARED_BY = 0.4
"""Share of a theme's articles that must have a name or phrase for it to stand in the label."""

LABEL_PARTS = 3
"""Names and phrases in a theme's label."""

ENOUGH = 3
"""Members from which shared names say more than one member's headline."""

STAY = 0.75
"""Share of the best label's score from which the one that stands is kept: a better one must be clearly better."""

PHRASE_WORDS = 3
"""Longest phrase of a headline that stands in a label."""

PHRASE_SHARE = 0.6
"""A phrase stands for a word of it where it has the word in so many of its headlines: "Efron" is "Zac Efron"."""

IN_TITLE = 2.0
"""What a name in a headline counts, against one in the text: headlines say what an article is about."""

IN_TEXT = 0.5
"""What a word of the text counts, against a name in it: names tell one theme from another."""

SEPARATOR = " · "

LONG_TITLE = 90
"""Characters from which a headline is rather a sentence of the text; agencies keep theirs below."""

SHORT_TITLE = 3
"""Words below which a headline is rather a column's name."""

BLEMISHES = (
    (re.compile(r"[?¿？؟]"), 0.6),
    (re.compile(r"(?:…|\.\.\.)\s*$"), 0.6),
    (re.compile(r"^\W*(?:why|how|what|when|who|this|these|here|\d+ (?:things|reasons|ways))\b", re.IGNORECASE), 0.6),
    (re.compile(r"https?:|www\.|[<>{}\[\]|]|:\s*$"), 0.5),
)
"""What makes a headline a poor label, and what is left of its score: questions, cut ends, baits, remains of pages."""

SHOUTED = 0.5
"""What is left of the score of a headline in capitals."""

_PREFIX = re.compile(r"^(?:(?:update|correct(?:ed|ion)|rpt|refile|wrapup|live|breaking|exclusive|video|watch|photos?)"
                     r"\s?\d*\s?[-:|–—]\s*)+", re.IGNORECASE)  # fmt: skip
_SUFFIX = re.compile(r"\s+[|–—-]\s+[^|–—-]{2,30}$")
_END = re.compile(r"\s*(?:\.{2,}|…)\s*$|\s*[\[(][^\])]*$")
_BREAKS = re.compile(r"\s[|–—-]\s")


@dataclass(frozen=True, slots=True)
class Member:
    """An article as its story's label sees it."""

    title: str
    names: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def story_label(members: Sequence[Member], current: str = "") -> str:
    """The headline that says best what the members have in common, tidied; "" without members.

    current: the label that stands; it stays while it is one of the headlines, and hardly worse than the best.
    """
    seen = members[:MAX_MEMBERS]
    titles = [tidy(member.title) for member in seen]
    words = [frozenset(token.form for token in tokens(normalise(title))) for title in titles]
    common = Counter(word for title in words for word in title)
    scores = [_centrality(own, common) * _cleanness(member.title, title) for own, member, title in
              zip(words, seen, titles, strict=True)]  # fmt: skip
    best = max(range(len(titles)), key=lambda at: (scores[at], -at), default=None)
    if best is None:
        return ""
    standing = max((scores[at] for at, title in enumerate(titles) if title == current), default=-1.0)
    return current if standing >= STAY * scores[best] else titles[best]


def theme_label(members: Sequence[Member], current: str = "") -> str:
    """Up to three names or phrases that many members share ("Kyiv · air defence · Rubio"), else a headline.

    current: as for a story; names and phrases must all still be shared.
    """
    seen = members[:MAX_MEMBERS]
    titles = [tokens(normalise(tidy(member.title))) for member in seen]
    if len(seen) < ENOUGH or _is_unspaced(titles):
        return story_label(seen, current)
    scores = _shared(seen, titles)
    parts = _chosen(scores)
    if len(parts) < 2:  # noqa: PLR2004  one word is no theme
        return story_label(seen, current)
    standing = [part.casefold() for part in current.split(SEPARATOR)]
    known = {part.casefold(): score for part, score in scores.items()}
    kept = sum(known.get(part, -len(seen)) for part in standing)
    return current if kept >= STAY * sum(scores[part] for part in parts) else SEPARATOR.join(parts)


def tidy(title: str) -> str:
    """A headline without agency prefixes, trailing dots and the publisher's name, at most `MAX_LABEL` long."""
    plain = " ".join(title.replace("**", "").split())
    bare = _END.sub("", _PREFIX.sub("", plain))
    if len(_BREAKS.findall(bare)) == 1:  # "Hit - and - run" names no publisher
        bare = _SUFFIX.sub("", bare)
    bare = bare.strip() or plain
    if len(bare) <= MAX_LABEL:
        return bare
    return bare[: MAX_LABEL - 1].rsplit(" ", 1)[0] + "…"


def _centrality(words: frozenset[str], common: Counter[str]) -> float:
    """Mean commonness of a headline's words, with a little for length: one word alone is no headline."""
    total: float = sum(common[word] - 0.9 for word in words)
    return total / (len(words) + 4)


def _cleanness(title: str, tidied: str) -> float:
    """Share of its score that a headline keeps: 1 for a clean one."""
    share = 1.0
    for pattern, left in BLEMISHES:
        share *= left if pattern.search(title) else 1
    if len(tidied) > LONG_TITLE or (len(tidied.split()) < SHORT_TITLE and tidied.isascii()):
        share *= 0.6
    return share * SHOUTED if tidied.isupper() else share


def _is_unspaced(titles: Sequence[Sequence[Token]]) -> bool:
    """Whether the headlines are written without spaces: pairs of characters are no words to show."""
    kinds = [token.kind for title in titles for token in title]
    return kinds.count("bigram") * 2 > len(kinds)


def _shared(members: Sequence[Member], titles: Sequence[Sequence[Token]]) -> dict[str, float]:
    """Names and phrases that enough members have, as first written, with what they count."""
    written: dict[str, Counter[str]] = {}
    counts: Counter[str] = Counter()
    weights: dict[str, float] = defaultdict(float)
    for member, title in zip(members, titles, strict=True):
        told = {form.casefold(): form for form in _phrases(title, member)}
        named = {name.casefold(): name for name in member.names if _is_telling(name)}
        words = {term.casefold(): term for term in member.terms if _is_telling(term)}
        text = f" {' '.join(token.form for token in title)} "
        for form, own in (words | named | told).items():
            written.setdefault(form, Counter())[own] += 1
            counts[form] += 1
            weights[form] += IN_TITLE if f" {form} " in text else 1 if form in named else IN_TEXT
    enough = {form for form, count in counts.items() if count >= SHARED_BY * len(members)}
    swallowed = {
        form
        for form in enough
        for other in enough - {form}
        if f" {form} " in f" {other} " and counts[other] >= PHRASE_SHARE * counts[form]
    }
    return {_shown(written[form]): weights[form] for form in written if form in enough - swallowed}


def _shown(written: Counter[str]) -> str:
    """The form most used; one in capitals only where there is no other."""
    return min(written, key=lambda form: (form.isupper(), -written[form]))


def _phrases(title: Sequence[Token], member: Member) -> Iterator[str]:
    """Runs of up to `PHRASE_WORDS` telling words of a headline."""
    telling = {word.casefold() for word in member.terms}
    telling |= {word for name in member.names for word in name.casefold().split()}
    for start in range(len(title)):
        for end in range(start + 1, min(start + PHRASE_WORDS, len(title)) + 1):
            last = title[end - 1]
            if last.form not in telling or last.kind == "number" or (end > start + 1 and last.opens):
                break
            phrase = " ".join(token.shown for token in title[start:end])
            if _is_telling(phrase):
                yield phrase


def _is_telling(name: str) -> bool:
    """Not a bare number, initial or form of address."""
    return not name[:1].isdigit() and (len(name) > 2 or (len(name) == 2 and name.isupper()))  # noqa: PLR2004


def _chosen(scores: dict[str, float]) -> list[str]:
    """The best parts, none repeating a word of another."""
    parts: list[str] = []
    for part in sorted(scores, key=lambda part: (-scores[part], -part.count(" "))):
        known = {word for chosen in parts for word in chosen.casefold().split()}
        if not known & set(part.casefold().split()):
            parts.append(part)
    return parts[:LABEL_PARTS]
