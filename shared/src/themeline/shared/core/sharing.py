"""What two articles share, in words: their names and terms compared as a reader would."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_SHARED = 8
"""Longest list of shared names or words shown with a reason; more no longer reads as a reason."""

SAME_STEM = 0.7
"""Share of the longer word that two words have in common from their beginning to be forms of one word: `resigns` and
`resigned` have .75, `Austria` and `Australia` .56."""

SHORTEST_STEM = 4
"""Letters that they have in common at least, which tells `Iran` from `Iraq`."""

ACRONYM = range(2, 7)
"""Letters of an acronym that stands for the initials of a name."""

REMEMBERED = 4_096
"""Articles whose names are kept ready for comparing, a few kB each: the boxes of an hour name the same ones."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an article shows of itself. names, terms: as written, the most telling first."""

    names: Sequence[str] = ()
    terms: Sequence[str] = ()
    title: str = ""


def shared_names(left: Shown, right: Shown) -> tuple[str, ...]:
    """Names of both, best first, as the shorter of the two writes them.

    The end of a longer name is that name (`Rubio`, `Marco Rubio`), and so are its initials (`EU`, `European Union`),
    where neither article has another name that could be meant. Without any such name, words that both have in names.
    """
    one, other = _names(tuple(left.names)), _names(tuple(right.names))
    found: dict[str, tuple[int, str]] = {}
    for at, place in sorted(_same_names(one, other).items()):
        shown = min(one.written[at], other.written[place], key=len)
        found.setdefault(shown.casefold(), (at + place, shown))
    return _without_parts(_best(found.values())) or _shared_parts(left, right)


def shared_terms(left: Shown, right: Shown, besides: Sequence[str] = ()) -> tuple[str, ...]:
    """Telling words of both in any of their forms, best first; but those that `besides` says, unless it says all."""
    words, others = _words(tuple(left.terms)), _words(tuple(right.terms))
    found: dict[str, tuple[int, str]] = {}
    for at, (word, folded) in enumerate(zip(words.written, words.folded, strict=True)):
        if (place := others.place_of(folded)) is not None:
            found.setdefault(folded, (at + place, _quieter(word, right.terms[place])))
    said = {word for name in besides for word in name.casefold().split()}
    return _best([each for folded, each in found.items() if folded not in said] or found.values())


def shared_title(left: Shown, right: Shown) -> tuple[str, ...]:
    """Words and phrases of both titles, in the order of the left one, that either article counts as telling."""
    telling = _telling(left, right)
    words, others = _words(_title_words(left.title)), _words(_title_words(right.title))
    phrases: list[str] = []
    after = -1
    for word, folded in zip(words.written, words.folded, strict=True):
        place = others.place_of(folded, after + 1) if folded in telling else None
        if place is None:
            after = -1
            continue
        shown = _quieter(word, others.written[place])
        if phrases and after >= 0 and place == after + 1:
            phrases[-1] += f" {shown}"
        else:
            phrases.append(shown)
        after = place
    return tuple({phrase.casefold(): phrase for phrase in reversed(phrases)}.values())[::-1][:MAX_SHARED]


def same_word(one: str, other: str) -> bool:
    """Whether two casefolded words are forms of one, as far as their letters tell. Numbers must be equal."""
    if one == other:
        return True
    if one[:1].isdigit() or other[:1].isdigit():
        return False
    shorter, longer = sorted((one, other), key=len)
    differs = (at for at, letter in enumerate(shorter) if letter != longer[at])
    common = next(differs, len(shorter))
    return common >= SHORTEST_STEM and common >= SAME_STEM * len(longer)


@dataclass(frozen=True, slots=True)
class _Words:
    """Words ready for comparing. known: all of them, casefolded. beginnings: places of those that begin alike."""

    written: tuple[str, ...]
    folded: tuple[str, ...]
    known: frozenset[str]
    beginnings: dict[str, list[int]]

    def place_of(self, word: str, wanted: int = -1) -> int | None:
        """Where a form of a casefolded word stands: at `wanted` if it does, else first."""
        near = self.beginnings.get(word[:SHORTEST_STEM])
        if near is None:
            return None
        if wanted in near and same_word(word, self.folded[wanted]):
            return wanted
        return next((place for place in near if same_word(word, self.folded[place])), None)


@lru_cache(maxsize=REMEMBERED)
def _words(written: tuple[str, ...]) -> _Words:
    folded = tuple(word.casefold() for word in written)
    beginnings: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(folded):
        beginnings[word[:SHORTEST_STEM]].append(place)
    return _Words(written, folded, frozenset(folded), dict(beginnings))


@dataclass(frozen=True, slots=True)
class _Names:
    """An article's names, ready for comparing.

    places: where a name stands, by its keys. shortened: where the names stand that a shorter one may stand for.
    words: of all names, as written by their casefolded form.
    """

    written: tuple[str, ...]
    words: dict[str, str]
    places: dict[str, int]
    shortened: dict[str, list[int]]


@lru_cache(maxsize=REMEMBERED)
def _names(written: tuple[str, ...]) -> _Names:
    places: dict[str, int] = {}
    shortened: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(written):
        for key in _keys(name):
            places.setdefault(key, at)
        for short in _short_forms(name):
            shortened[short].append(at)
    words = {word.casefold(): word for name in reversed(written) for word in reversed(name.split())}
    return _Names(written, dict(reversed(words.items())), places, dict(shortened))


def _same_names(one: _Names, other: _Names) -> dict[int, int]:
    """Places in one article and in the other of names that are one: the same, else one short for the other."""
    found = {one.places[key]: other.places[key] for key in sorted(one.places.keys() & other.places.keys())}
    for key in sorted(one.places.keys() & other.shortened.keys()):
        if one.places[key] not in found and len(other.shortened[key]) == 1:
            found[one.places[key]] = other.shortened[key][0]
    for key in sorted(one.shortened.keys() & other.places.keys(), key=lambda key: (-len(key), key)):
        if len(one.shortened[key]) == 1:
            found.setdefault(one.shortened[key][0], other.places[key])
    return found


def _keys(name: str) -> Iterable[str]:
    """A name casefolded; and an acronym in capitals without its dots, which no casefolded word is."""
    yield name.casefold()
    letters = name.replace(".", "")
    if letters.isupper() and len(letters) in ACRONYM:
        yield letters


def _short_forms(name: str) -> Iterable[str]:
    """The keys of what may stand for a name of several words: its ends, and its initials."""
    words = name.split()
    if len(words) > 1:
        yield from (" ".join(words[at:]).casefold() for at in range(1, len(words)))
        initials = "".join(word[0] for word in words if word[0].isupper())
        if len(initials) in ACRONYM:
            yield initials


def _shared_parts(left: Shown, right: Shown) -> tuple[str, ...]:
    one, other = _names(tuple(left.names)), _names(tuple(right.names))
    shared = one.words.keys() & other.words.keys() & _telling(left, right)
    return tuple(written for word, written in one.words.items() if word in shared)[:MAX_SHARED]


def _telling(left: Shown, right: Shown) -> frozenset[str]:
    """The words that either article counts as telling, casefolded."""
    return _words(tuple(left.terms)).known | _words(tuple(right.terms)).known


def _without_parts(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names that say more than the longer ones do: `Viacom` beside `Viacom International` does not, nor does `IE`."""
    padded = [f" {name.casefold()} " for name in names]
    initials = {short for name in names for short in _short_forms(name)}
    return tuple(
        name
        for name, own in zip(names, padded, strict=True)
        if not any(own in other and own != other for other in padded) and initials.isdisjoint(_keys(name))
    )


def _best(found: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(word for _, word in sorted(found, key=lambda each: each[0]))[:MAX_SHARED]


def _quieter(one: str, other: str) -> str:
    """The one that shouts less, of two forms: headlines may be in capitals."""
    return other if one.isupper() and one.casefold() == other.casefold() else one


@lru_cache(maxsize=REMEMBERED)
def _title_words(title: str) -> tuple[str, ...]:
    """The words of a title without possessive endings."""
    found = _WORD.findall(title)
    return tuple(word[:-2] if word[-2:].casefold() in {"'s", "’s"} else word for word in found)
