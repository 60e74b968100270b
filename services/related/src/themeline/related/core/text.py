"""A text as tokens: words, numbers with their units, names."""

import re
import unicodedata
from collections.abc import Iterator
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

_PATTERN = r"""
    (?P<number>\d+(?:[.,]\d+)*
        (?:\s?(?:million|billion|trillion|mln|bln|mn|bn|percent|pct|per\ cent|m|b|k)\b|\s?%)?(?![^\W_]))
    | (?P<acronym>(?:[^\W\d_]\.){2,})
    | (?P<word>[^\W_]INNER*(?:['’][^\W\d_]+)*)
    | (?P<stop>[.!?…:;。！？|]+(?=\s|["”’»)]|$)|\n\s*\n|["“”«»(•–—]|\s-\s)
"""
_TOKEN = re.compile(_PATTERN.replace("INNER", r"[^\W_]"), re.VERBOSE)
_TOKEN_OF_MARKS = re.compile(_PATTERN.replace("INNER", _INNER), re.VERBOSE)
_ANY_MARK = re.compile(f"[{_MARKS}]")

_NUMBER = re.compile(r"([\d.,]+)\s?(.*)")

_SCALES = {
    "k": 1e3, "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6,
    "billion": 1e9, "bln": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12,
}  # fmt: skip

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Thai, Lao, Burmese, Khmer, kana and Han: scripts that put no spaces between words."""


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
    # few scripts have marks, and the pattern for them takes half as long again
    pattern = _TOKEN if text.isascii() or not _ANY_MARK.search(text) else _TOKEN_OF_MARKS
    for match in pattern.finditer(text):
        kind, shown = match.lastgroup, match[0]
        if kind == "stop":
            opens = True
            continue
        if kind == "word" and (shown.isascii() or not _UNSPACED.search(shown)):
            plain = shown if len(shown) <= MAX_WORD and shown.isalnum() else plain_word(shown)
            form = plain.casefold()
            case = SMALL if plain == form else CAPITAL if plain[0].isupper() else SMALL if plain.islower() else 0
            # made without the named tuple's own constructor, which takes three times as long
            found.append(_new(Token, (plain, form, kind, opens, case)))
        else:
            found.extend(_read(shown, kind, opens=opens))
        opens = False
        if len(found) >= limit:
            break
    return found[:limit]


_new = tuple.__new__


def _read(shown: str, kind: str | None, *, opens: bool) -> list[Token]:
    if kind == "number":
        return [Token(shown[:MAX_WORD], number_form(shown)[:MAX_WORD], kind, opens)]
    if kind == "acronym":
        shown = shown[:MAX_WORD]
        return [Token(shown, shown.replace(".", "").casefold() + ".", kind, opens)]
    return [Token(pair, pair, "bigram", opens) for pair in bigrams(shown)]


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


def is_title_case(title: list[Token]) -> bool:
    """Whether a headline writes (nearly) Every Word With A Capital, or in capitals throughout."""
    capitals = [token.case == CAPITAL for token in title if len(token.shown) > 3 and token.kind == "word"]  # noqa: PLR2004
    return len(capitals) >= TITLE_CASE_WORDS and sum(capitals) >= TITLE_CASE_SHARE * len(capitals)


def names_in(found: list[Token], *, trusted: bool, known: frozenset[str]) -> Iterator[list[Token]]:
    """Runs of capitalised words and acronyms.

    trusted: capitals mark names here (false in title-case headlines). known: words seen capitalised within a
    sentence; one of them is a name wherever it stands, while a word that merely opens a sentence is not.
    """
    run: list[Token] = []
    for token in found:
        if (token.case == CAPITAL or token.kind == "acronym") and _is_name(token, trusted=trusted, known=known):
            if (token.opens and run) or len(run) == MAX_NAME_WORDS:
                yield run
                run = []
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_name(token: Token, *, trusted: bool, known: frozenset[str]) -> bool:
    if token.kind == "acronym":
        return True
    if len(token.shown) < 2 or token.form in CALENDAR:  # noqa: PLR2004 - a single letter names nothing
        return False
    if token.form in known:
        return True
    return trusted and not token.opens


def inner_capitals(found: list[Token]) -> frozenset[str]:
    """Words written with a capital within a sentence, and nowhere in this text without one."""
    capitals = [token.form for token in found if token.case == CAPITAL and not token.opens]
    return frozenset(capitals).difference([token.form for token in found if token.case == SMALL])
