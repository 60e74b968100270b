"""How much a piece of markup says: an article, or a teaser for one."""

import html
import re

# WordPress's own excerpts have 55 words, those of the larger themes up to 100; agency reports begin at about 100. A
# feed's text that stops in the middle says so whatever its length.
FULL_TEXT_WORDS = 110

_TAGS = re.compile(r"<[/!?A-Za-z][^<>]*>")
_WORD = re.compile(r"[^\W_]+")
# Scripts without spaces: two characters are about a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_CUT_OFF = re.compile(
    r"(?:\[\s*(?:…|\.{3}|&hellip;|&#8230;)\s*\]|…|\.{3}|&hellip;|&#8230;"
    r"|\b(?:read|continue)\s+(?:more|reading|on|the full\W.{0,40})\W{0,5}\w{0,20})\s*$",
    re.IGNORECASE,
)
_END_LOOKED_AT = 400  # WordPress's line "The post … appeared first on …" stands behind the end


def plain(markup: str) -> str:
    """The words of the markup in one line; for counting and comparing, not for reading."""
    return " ".join(html.unescape(_TAGS.sub(" ", markup)).split())


def count(markup: str | None) -> int:
    """Words, and two characters of scripts that write none apart as one."""
    if not markup:
        return 0
    text = plain(markup)
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text) if unspaced else text)) + unspaced // 2


def is_full_text(markup: str | None) -> bool:
    """Whether the markup is an article rather than the beginning of one."""
    if markup is None or count(markup) < FULL_TEXT_WORDS:
        return False
    return _CUT_OFF.search(plain(markup)[-_END_LOOKED_AT:]) is None


def as_markup(text: str) -> str:
    """Plain text as markup that reads the same."""
    paragraphs = (html.escape(part.strip(), quote=False) for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{part}</p>" for part in paragraphs if part)
