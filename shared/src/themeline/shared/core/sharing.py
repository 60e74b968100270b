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
    for at, name in enumerate(one.written):
        place = other.places.get(name.casefold())
        if place is None:
            place = _only(_shortens(name, other) or _shortened_in(one, at, other))
        if place is not None:
            shown = min(name, other.written[place], key=len)
            found.setdefault(shown.casefold(), (at + place, shown))
    return _without_parts(_best(found.values())) or _shared_parts(left, right)


def shared_terms(left: Shown, right: Shown, besides: Sequence[str] = ()) -> tuple[str, ...]:
    """Telling words of both in any of their forms, best first; but those that `besides` says, unless it says all."""
    others = _by_beginning(right.terms)
    found: dict[str, tuple[int, str]] = {}
    for at, word in enumerate(left.terms):
        folded = word.casefold()
        near = others.get(folded[:SHORTEST_STEM], ())
        place = next((place for place, other in near if same_word(folded, other)), None)
        if place is not None:
            found.setdefault(folded, (at + place, _quieter(word, right.terms[place])))
    said = {word for name in besides for word in name.casefold().split()}
    return _best([each for folded, each in found.items() if folded not in said] or found.values())


def shared_title(left: Shown, right: Shown) -> tuple[str, ...]:
    """Words and phrases of both titles, in the order of the left one, that either article counts as telling."""
    telling = {word.casefold() for shown in (left, right) for word in shown.terms}
    words, others = (_title_words(shown.title) for shown in (left, right))
    phrases: list[str] = []
    after = -1
    for word in words:
        place = _place_of(word, others, after + 1) if word.casefold() in telling else None
        if place is None:
            after = -1
            continue
        shown = _quieter(word, others[place])
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
class _Names:
    """An article's names, ready for comparing.

    places: where a name stands, by its keys. shortened: where the names stand that a shorter one may stand for.
    """

    written: tuple[str, ...]
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
    return _Names(written, places, dict(shortened))


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


def _shortens(name: str, other: _Names) -> list[int]:
    """Places of the names of the other article that this one may stand for."""
    return [place for key in _keys(name) for place in other.shortened.get(key, ())]


def _shortened_in(own: _Names, at: int, other: _Names) -> list[int]:
    """Places in the other article of what stands for the name at `at`, and for no other one of its article."""
    return [
        other.places[short]
        for short in _short_forms(own.written[at])
        if short in other.places and own.shortened[short] == [at]
    ][:1]


def _only(places: Sequence[int]) -> int | None:
    return places[0] if len(places) == 1 else None


def _by_beginning(words: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, word in enumerate(words):
        found[word.casefold()[:SHORTEST_STEM]].append((place, word.casefold()))
    return found


def _place_of(word: str, others: Sequence[str], wanted: int) -> int | None:
    """Where a form of the word stands: at `wanted` if it does, else first."""
    folded = word.casefold()
    if wanted < len(others) and same_word(folded, others[wanted].casefold()):
        return wanted
    return next((place for place, other in enumerate(others) if same_word(folded, other.casefold())), None)


def _shared_parts(left: Shown, right: Shown) -> tuple[str, ...]:
    telling = {word.casefold() for shown in (left, right) for word in shown.terms}
    others = {word.casefold() for name in right.names for word in name.split()} & telling
    words = (word for name in left.names for word in name.split() if word.casefold() in others)
    return tuple({word.casefold(): word for word in words}.values())[:MAX_SHARED]


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
