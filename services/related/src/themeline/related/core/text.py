"""A text as tokens: words, numbers with their units, names."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

MAX_WORDS = 1_000
"""Words of a text that matter. News says what it is about early; longer texts only cost time."""

MAX_CHARACTERS = 12 * MAX_WORDS
"""Characters looked at, before tokenising: bounds time on texts without spaces, too."""

MAX_WORD = 40
"""A longer word is cut: it is a link, a key or noise, and would only fill memory."""

MAX_NAME_WORDS = 5
"""Longest name, in words: a longer run of capitals is a heading."""

CALENDAR = frozenset(
    {
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec"),
    }
)
"""English writes these with a capital; they are no names."""

TITLE_CASE_SHARE = 0.7
"""Share of capitalised words from which a headline is in title case, where capitals mark no names."""

SHORT_WORD = 3
"""Letters of articles and prepositions, which many headlines in title case write small."""

TITLE_CASE_WORDS = 4
"""Shorter headlines are too short to tell title case from a name."""

_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
_INNER = f"(?:[^\\W_]|[{_MARKS}])"
"""What a word goes on with where vowels are marks on letters, as in Hindi, Tamil or Thai: Python's \\w has no marks."""

_UNWRITTEN = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Vowel points of Hebrew and Arabic and the stroke that only lengthens an Arabic word, which most news leaves out;
soft hyphens, joiners, marks of direction: one writer has them, and another not."""

_NUMBERS = r"""
    \d+(?:[.,]\d+)*
        (?:\s?(?:million|billion|trillion|mln|bln|mn|bn|percent|pct|per\ cent|m|b|k)|\s?%)?(?![^\W_])
"""
_SHOWN = (
    r"""
    # a space is taken along: to begin at it takes as long as at a word
    [ ]?(
    """
    + _NUMBERS
    + r"""
    | (?:[^\W\d_]\.){2,}
    | [^\W_]INNER*(?:['’][^\W\d_]+)*
    | [.!?…:;。！？|]+(?=\s|["”’»)]|$)|\n\s*\n|["“”«»(•–—]|\s-\s
    )
"""
)
"""What is written, one after the other: numbers, acronyms, words, and what ends a sentence or parts names."""

_WRITTEN = re.compile(_SHOWN.replace("INNER", r"[^\W_]"), re.VERBOSE)
_WRITTEN_WITH_MARKS = re.compile(_SHOWN.replace("INNER", _INNER), re.VERBOSE)
_ANY_MARK = re.compile(f"[{_MARKS}]")

_IS_NUMBER = re.compile(_NUMBERS, re.VERBOSE)
_NUMBER = re.compile(r"([\d.,]+)\s?(.*)")

_SCALES = {
    "k": 1e3, "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6,
    "billion": 1e9, "bln": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12,
}  # fmt: skip

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Thai, Lao, Burmese, Khmer, kana and Han: scripts that put no spaces between words."""


_SEAM = "\0"
"""Stands between words that are folded together: no word holds it."""

CAPITAL, SMALL = 1, 2


class Token(NamedTuple):
    """One word as written, its form for comparing, and whether it opens a sentence or follows a name break.

    case: of a word, `CAPITAL` where its first letter is one, `SMALL` where all of it is small, else 0.
    """

    shown: str
    form: str
    kind: str
    opens: bool
    case: int = 0


def normalise(text: str) -> str:
    """Compatibility forms unified (full-width letters, ligatures); lone surrogates and unwritten vowels gone."""
    cut = text[:MAX_CHARACTERS]
    if cut.isascii():
        return cut
    return _UNWRITTEN.sub("", unicodedata.normalize("NFKC", cut.encode("utf-8", "ignore").decode()))


def tokens(text: str, limit: int = MAX_WORDS) -> list[Token]:
    """The first `limit` tokens of a normalised text."""
    found: list[Token] = []
    opens = True
    for shown in _written(text):
        new = _read(shown, opens=opens)
        found += new
        opens = not new
        if len(found) >= limit:
            break
    return found[:limit]


@dataclass(frozen=True, eq=False)
class Words:
    """The tokens of a text as columns: as written, and their forms for comparing.

    marked: the tokens other than words all in small letters, each with its place. Most words are of those, and making
    no token of them takes a third of the time.
    """

    shown: list[str]
    forms: list[str]
    marked: list[tuple[int, Token]]

    @cached_property
    def counts(self) -> Counter[str]:
        """Occurrences of each form, in the order of the text."""
        return Counter(self.forms)


def words_of(text: str, limit: int = MAX_WORDS) -> Words:
    """The first `limit` tokens of a normalised text, as `tokens` finds them."""
    written = _written(text)
    folded = _SEAM.join(written).casefold().split(_SEAM)
    shown: list[str] = []
    forms: list[str] = []
    marked: list[tuple[int, Token]] = []
    done = opening = 0
    for at in _not_small(written, folded, text):
        shown += written[done:at]
        forms += folded[done:at]
        found = _read(written[at], opens=at == opening)
        for token in found:
            marked.append((len(forms), token))
            shown.append(token.shown)
            forms.append(token.form)
        done = at + 1
        if not found:
            opening = done
    shown += written[done:]
    forms += folded[done : len(written)]
    if len(forms) > limit:
        return Words(shown[:limit], forms[:limit], [one for one in marked if one[0] < limit])
    return Words(shown, forms, marked)


def _not_small(written: list[str], folded: list[str], text: str) -> list[int]:
    """Places of all that is not simply a word in small letters, which is its own form."""
    if not text.isascii() and _UNSPACED.search(text):
        return list(range(len(written)))
    pairs = enumerate(zip(written, folded, strict=False))  # without anything written there is one empty form
    return [at for at, (shown, form) in pairs if shown != form or not shown.isalpha() or len(shown) > MAX_WORD]


def _written(text: str) -> list[str]:
    # few scripts have marks, and the pattern for them takes half as long again
    pattern = _WRITTEN if text.isascii() or not _ANY_MARK.search(text) else _WRITTEN_WITH_MARKS
    found: list[str] = pattern.findall(text)
    return found


def _read(shown: str, *, opens: bool) -> list[Token]:
    """The tokens of what one match of the pattern shows; none where it only ends a sentence or parts names."""
    first = shown[0]
    if not first.isalnum():
        return []
    if first.isdecimal() and _IS_NUMBER.fullmatch(shown):
        return [Token(shown[:MAX_WORD], number_form(shown)[:MAX_WORD], "number", opens)]
    if "." in shown:
        shown = shown[:MAX_WORD]
        return [Token(shown, shown.replace(".", "").casefold() + ".", "acronym", opens)]
    if not shown.isascii() and _UNSPACED.search(shown):
        return [Token(pair, pair, "bigram", opens) for pair in bigrams(shown)]
    plain = shown if len(shown) <= MAX_WORD and shown.isalnum() else plain_word(shown)
    form = plain.casefold()
    case = SMALL if plain == form else CAPITAL if plain[0].isupper() else SMALL if plain.islower() else 0
    # made without the named tuple's own constructor, which takes three times as long
    return [_new(Token, (plain, form, "word", opens, case))]


_new = tuple.__new__


def plain_word(word: str) -> str:
    """A word without its possessive ending, cut to `MAX_WORD` characters."""
    if word[-2:] in {"'s", "’s", "'S", "’S"}:
        word = word[:-2]
    return word[:MAX_WORD]


def bigrams(run: str) -> list[str]:
    """Overlapping character pairs of a run without spaces; the run itself when it is one character."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def number_form(shown: str) -> str:
    """One form for one number: "$1,600", "1600"; "160 million", "160m"; "3 percent", "3%"."""
    digits, unit = _NUMBER.match(shown).groups()  # type: ignore[union-attr] # the token pattern begins with a digit
    value = _value(digits)
    unit = unit.strip().casefold()
    if unit in _SCALES and value is not None:
        return f"{value * _SCALES[unit]:.0f}"
    suffix = "%" if unit in {"%", "percent", "pct", "per cent"} else ""
    return (digits if value is None else f"{value:g}" if value < 1e6 else f"{value:.0f}") + suffix  # noqa: PLR2004


def _value(digits: str) -> float | None:
    """A comma before three digits groups thousands; another one is a decimal comma."""
    if len(digits) > MAX_WORD:
        return None
    plain = re.sub(r",(?=\d{3}(?!\d))", "", digits).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return None


def is_title_case(title: Words) -> bool:
    """Whether a headline writes (nearly) Every Word With A Capital, or in capitals throughout."""
    long = [token for _, token in title.marked if len(token.shown) > SHORT_WORD]
    capitals = sum(token.case == CAPITAL for token in long)
    if capitals < TITLE_CASE_SHARE * TITLE_CASE_WORDS:
        return False
    words = sum(len(shown) > SHORT_WORD for shown in title.shown) - sum(token.kind != "word" for token in long)
    return words >= TITLE_CASE_WORDS and capitals >= TITLE_CASE_SHARE * words


def names_in(found: Words, *, trusted: bool, known: frozenset[str]) -> Iterator[list[Token]]:
    """Runs of capitalised words and acronyms.

    trusted: capitals mark names here (false in title-case headlines). known: words seen capitalised within a
    sentence; one of them is a name wherever it stands, while a word that merely opens a sentence is not.
    """
    run: list[Token] = []
    last = -1
    for place, token in found.marked:
        if not _is_name(token, trusted=trusted, known=known):
            continue
        if run and (token.opens or place != last + 1 or len(run) == MAX_NAME_WORDS):
            yield run
            run = []
        run.append(token)
        last = place
    if run:
        yield run


def _is_name(token: Token, *, trusted: bool, known: frozenset[str]) -> bool:
    shown, form, kind, opens, case = token  # a third of the time of looking each up by its name
    if kind == "acronym":
        return True
    # a single letter names nothing
    if case != CAPITAL or len(shown) < 2 or form in CALENDAR:  # noqa: PLR2004
        return False
    return form in known or (trusted and not opens)


def inner_capitals(found: Words) -> frozenset[str]:
    """Words written with a capital within a sentence, and nowhere in this text without one."""
    large = Counter(form for _, (_, form, _, _, case) in found.marked if case != SMALL)
    capitals = {form for _, (_, form, _, opens, case) in found.marked if case == CAPITAL and not opens}
    return frozenset(form for form in capitals if large[form] == found.counts[form])
