"""Headlines and bodies as readers should see them, and the form in which headlines are compared."""

import re
import unicodedata
from collections.abc import Callable

from themeline.ingest.core.characters import readable
from themeline.ingest.core.markup import unescaped, without_emphasis, without_openings, without_tags

# Cleaning can uncover what needs cleaning again (`&am<b></b>p;`); real text settles in one or two rounds.
MAX_ROUNDS = 5

# Whatever could be uncovered once more.
_SETTLING = re.compile(r"[&<>*_`#\[\]]")
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_EMPTY_LINES = re.compile(r"\n{3,}")
_PAIRED_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*\*(?![\w*])")


def clean_title(raw: str) -> str:
    """A headline as one line of plain text.

    Character references resolved, tags and Markdown removed, mojibake mended, invisible characters dropped,
    NFC, single spaces. Cleaning a clean headline changes nothing. Empty when nothing is left.
    """
    return _settled(raw, _title_round)


def clean_text(raw: str) -> str:
    """A body as plain text, paragraphs separated by an empty line; lines within a paragraph are kept."""
    return _settled(raw, _text_round)


def normalised_title(title: str) -> str:
    """The form of a headline that tells whether two are the same: letters and digits only, case folded.

    A headline without letters and digits stands for itself.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    words = "".join(character if unicodedata.category(character)[0] in "LNM" else " " for character in folded)
    return " ".join(words.split()) or folded.strip()


def _settled(text: str, cleaning: Callable[[str], str]) -> str:
    """Clean until nothing changes; then take the edge off what is left of tags, and off what never settles."""
    for _ in range(MAX_ROUNDS):
        cleaned = cleaning(text)
        if cleaned == text:
            cleaned = without_openings(text)
        if cleaned == text:
            return text
        text = cleaned
    return cleaning(_SETTLING.sub(" ", text))


def _title_round(text: str) -> str:
    plain = without_tags(unescaped(readable(text)))
    return " ".join(without_emphasis(" ".join(plain.split())).split())


def _text_round(text: str) -> str:
    plain = without_tags(unescaped(readable(text)), keep_blocks=True)
    lines = "\n".join(_SPACES.sub(" ", line).strip() for line in plain.split("\n"))
    if "**" in lines:
        lines = _PAIRED_BOLD.sub(r"\1", lines)
    return _EMPTY_LINES.sub("\n\n", lines).strip()
