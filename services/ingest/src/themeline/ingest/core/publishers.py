"""Names of publishers that stand in headlines: "Harbour bridge closed | World news | The Example"."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from themeline.ingest.core.pageaddress import main_label

# What is left of a headline must be one: this many words and letters, or letters of a script without spaces.
MIN_WORDS = 2
MIN_LETTERS = 10
MIN_UNSPACED = 6
# A section between title and publisher is short; after a dash it may be the end of the sentence.
MAX_SECTION_WORDS = 3

# Dashes join words and numbers, so they separate only between spaces; bars and bullets always do.
_SEPARATOR = re.compile(r"\s+[-\u2013\u2014\u00b7\u2022\u00bb\u00ab]\s+|\s*[|\uff5c\u2022]\s*|\s*::\s*")
_BAR = re.compile(r"[|\uff5c\u00b7\u2022\u00bb\u00ab]|::")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|der|die|das|le|la|les|el|los|il|o|a)\s+(?=\S)", re.IGNORECASE)
_KIND = re.compile(r"\s+(?:news|online|digital|newspaper)$", re.IGNORECASE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def without_publisher(title: str, names: Sequence[str]) -> str:
    """The headline without its publisher's name, and without the section between the two.

    Cut is only what matches a name, and only where a title is left. A name before a colon stays: "White House: no
    comment" from the White House is its headline. Applying it twice changes nothing.

    Args:
        title: as `clean_title` returns it.
        names: what the publisher is called: the source, the site, its host.
    """
    forms = {form for name in names for form in _forms(name)}
    while forms:
        cut = _without_last(title, forms) or _without_first(title, forms)
        if cut is None:
            break
        title = cut
    return title


def _without_last(title: str, forms: set[str]) -> str | None:
    separators = list(_SEPARATOR.finditer(title))
    if not separators or forms.isdisjoint(_forms(title[separators[-1].end() :])):
        return None
    if len(separators) > 1 and _is_section(title[separators[-2].start() : separators[-1].end()]):
        rest = title[: separators[-2].start()].strip()
        if _is_title(rest):
            return rest
    rest = title[: separators[-1].start()].strip()
    return rest if _is_title(rest) else None


def _without_first(title: str, forms: set[str]) -> str | None:
    separator = _SEPARATOR.search(title)
    if separator is None or forms.isdisjoint(_forms(title[: separator.start()])):
        return None
    rest = title[separator.end() :].strip()
    return rest if _is_title(rest) else None


def _is_section(between: str) -> bool:
    """Whether a part, given with the separators around it, is a section: a few words between two bars."""
    inner = _SEPARATOR.split(between)
    bars = [separator for separator in _SEPARATOR.findall(between) if _BAR.search(separator)]
    words = inner[1].split() if len(inner) > 1 else []
    return len(bars) == 2 and 0 < len(words) <= MAX_SECTION_WORDS  # noqa: PLR2004 - one on each side


def _is_title(rest: str) -> bool:
    letters = sum(character.isalnum() for character in rest)
    words = sum(any(map(str.isalnum, word)) for word in rest.split())
    return (words >= MIN_WORDS and letters >= MIN_LETTERS) or len(_UNSPACED.findall(rest)) >= MIN_UNSPACED


def _forms(name: str) -> Iterator[str]:
    """The forms in which a name is compared: letters only; without article, domain and "News".

    What has a French quotation mark is half of a quotation, and no name.
    """
    if "\u00ab" in name or "\u00bb" in name:
        return
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    shorter = _ARTICLE.sub("", plain)
    variants = {plain, shorter, _KIND.sub("", shorter)}
    if _DOMAIN.fullmatch(plain):
        variants |= {main_label(plain)}
    for variant in variants:
        letters = "".join(character for character in variant if character.isalnum())
        if len(letters) > 1:
            yield letters
