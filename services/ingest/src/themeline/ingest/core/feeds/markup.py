"""XML as it comes: what is mended before it is parsed, and how it is parsed safely."""

import html.entities
import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

_PREDEFINED = frozenset(("lt", "gt", "amp", "quot", "apos"))
_NAME = re.compile(r"[\w.:-]+")
_BEGINNING = re.compile(
    r"<(?:\?xml\s|(?:[\w-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex|opml)[\s>])", re.IGNORECASE
)
_END = re.compile(r"</(?:[\w-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)\s*>", re.IGNORECASE)
_END_LOOKED_AT = 1_000  # comments of caches stand behind the end
_ENTRY_ENDS = ("</item>", "</entry>", "</url>", "</sitemap>")
_JUNK_LOOKED_THROUGH = 8_192  # PHP's warnings, which stand before feeds, are a few lines
# Characters that XML 1.0 forbids even as references.
_FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_LAST_CHARACTER = 0x10FFFF
_FORBIDDEN_CHARACTERS = re.compile(f"[{_FORBIDDEN}]")
_NUMBER = re.compile(r"&#(?:(?P<decimal>[0-9]{1,8})|[xX](?P<hexadecimal>[0-9a-fA-F]{1,7})|[0-9]+|[xX][0-9a-fA-F]+);?")
_MARKUP = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,7};|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});)?",
    re.DOTALL,
)
_DECLARES_ENTITIES = re.compile(r"<!ENTITY", re.IGNORECASE)


def without_junk(text: str) -> str:
    """The text from where its markup begins: blank lines, warnings and the like before it are gone."""
    stripped = text.lstrip("\ufeff\u200b\x00 \t\r\n")
    if stripped[:5].lower() == "<?xml" or stripped[:2] == "<!":
        return stripped
    beginning = _BEGINNING.search(stripped, 0, _JUNK_LOOKED_THROUGH)
    return stripped[beginning.start() :] if beginning is not None else stripped


def without_torn_end(text: str) -> str:
    """A document that was cut off in the middle up to its last complete entry; any other one unchanged.

    Half an address leads elsewhere, half a text would be a version of its own. The entry comes with the next poll.
    """
    if _END.search(text[-_END_LOOKED_AT:]) is not None:
        return text
    end = max((at + len(tag) for tag in _ENTRY_ENDS if (at := text.rfind(tag)) >= 0), default=len(text))
    return text[:end]


def root_name(text: str) -> str:
    """The local name of the first element in lower case; empty without one."""
    root = _root(text)
    return root[0].rpartition(":")[2].lower() if root is not None else ""


def _root(text: str) -> re.Match[str] | None:
    position = 0
    while (start := text.find("<", position)) >= 0:
        end = _end_of_prolog_part(text, start)
        if end is None:
            return _NAME.match(text, start + 1)
        if end < 0:
            return None
        position = end + 1
    return None


def _end_of_prolog_part(text: str, start: int) -> int | None:
    """Where a declaration, comment or document type ends; None for an element, -1 for no end."""
    if text.startswith("<?", start):
        return text.find("?>", start)
    if text.startswith("<!--", start):
        return text.find("-->", start)
    if not text.startswith("<!", start):
        return None
    end = text.find(">", start)
    subset = text.find("[", start, end)
    return end if subset < 0 else text.find("]", subset)


def declares_entities(text: str) -> bool:
    """Whether the prolog declares entities: as bombs do, and hardly any sitemap or list of feeds."""
    root = _root(text)
    return _DECLARES_ENTITIES.search(text, 0, root.start() if root is not None else len(text)) is not None


def printable(text: str) -> str:
    """The text without the characters that XML forbids, as such or as references."""
    return _NUMBER.sub(_printable_reference, _FORBIDDEN_CHARACTERS.sub("", text))


def mended(text: str) -> str:
    """The text with what breaks XML most often put right: bare ampersands, HTML's entities, forbidden characters."""
    text = printable(text)
    return text if declares_entities(text) else _MARKUP.sub(_mended_reference, text)


def _printable_reference(match: re.Match[str]) -> str:
    number, base = (match["decimal"], 10) if match["decimal"] else (match["hexadecimal"], 16)
    code = int(number, base) if number else _LAST_CHARACTER + 1
    return "" if code > _LAST_CHARACTER or _FORBIDDEN_CHARACTERS.match(chr(code)) is not None else match[0]


def _mended_reference(match: re.Match[str]) -> str:
    if match["name"] is not None:
        return _mended_name(match["name"])
    return "&amp;" if match[0] == "&" else match[0]


def _mended_name(name: str) -> str:
    if name in _PREDEFINED:
        return f"&{name};"
    code = html.entities.name2codepoint.get(name)
    return f"&amp;{name};" if code is None else f"&#{code};"


def elements(text: str, *names: str) -> Iterator[etree._Element]:
    """The elements of these local names one after the other, without keeping the document.

    Entities are not resolved, nothing is loaded, huge trees are refused; what is not well-formed is read as far as it
    can be.

    Raises:
        lxml.etree.XMLSyntaxError: beyond recovery.
    """
    tags = tuple(tag for name in names for tag in (f"{{*}}{name}", name))
    reading = etree.iterparse(
        BytesIO(text.encode("utf-8", "replace")), events=("end",), tag=tags, encoding="utf-8",
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for _, element in reading:
        yield element
        element.clear()
        parent = element.getparent()
        if parent is not None:
            del parent[: parent.index(element)]


def local_name(element: etree._Element) -> str:
    """The name without namespace or prefix, in lower case; a prefix may be undeclared."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
