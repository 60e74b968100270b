"""The text of HTML: of a fragment that a publisher calls the body, and of a whole saved page."""

import re
from typing import Any

import lxml.html
from lxml.etree import LxmlError

from themeline.ingest.core.boilerplate import without_boilerplate
from themeline.ingest.core.characters import readable
from themeline.ingest.core.titles import clean_text

_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_UNREAD = ("script", "style", "noscript", "template", "svg", "iframe", "head", "button", "select")
_BLOCKS = frozenset(
    """
    address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li
    main nav ol p pre section table td th tr ul
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)
# A last paragraph that is one short link leads away ("Continue reading", in any language); what stands before it must
# be a text, or else the links are what the author wrote.
MAX_LINK = 80
MIN_BEFORE_LINKS = 200
# An extraction takes up to .1 ms an element; the pages of publishers have some thousand.
MAX_ELEMENTS = 50_000
MAX_LAST_LINKS = 10  # each look at the end reads the whole text


def is_whole_page(markup: str) -> bool:
    """Whether this is a document, which has a head, rather than a fragment."""
    return _WHOLE_PAGE.search(markup) is not None


def html_to_text(html: str) -> str:
    """The text of an HTML fragment, paragraphs separated by an empty line.

    It is taken whole, since the publisher says that it is the body, but for what leads away from its end.

    Returns:
        Empty when there is no text. Never raises.
    """
    markup = readable(html)
    try:
        tree = lxml.html.fromstring(f"<div>{markup}</div>")
    except (LxmlError, ValueError):
        return clean_text(markup)
    lxml.etree.strip_elements(tree, *_UNREAD, lxml.etree.Comment, with_tail=False)
    _drop_last_links(tree)
    pieces: list[str] = []
    for action, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        block = element.tag in _BLOCKS
        text = element.text if action == "start" else element.tail
        pieces.append(("\n\n" if block else "") + (text or ""))
    return without_boilerplate(clean_text("".join(pieces)))


def page_text(markup: str) -> str:
    """The article of a whole page, by trafilatura; empty when it finds none.

    Args:
        markup: of at most `MAX_ELEMENTS`.
    """
    # Loaded when the first page comes: it takes half a second and 20 MB that most installations never need.
    import trafilatura

    # Its usual mode: on 45 layouts with all that surrounds articles it had F1 .987, and .976 when told to favour
    # precision, which loses text that is parted by `<br>`.
    try:
        text = trafilatura.extract(markup, include_comments=False, include_tables=True, deduplicate=False)
    except Exception:  # noqa: BLE001 - whatever breaks on a stranger's page, the page has no article for us
        return ""
    # trafilatura puts each paragraph on one line
    return without_boilerplate(clean_text((text or "").replace("\n", "\n\n")))


def _drop_last_links(tree: Any) -> None:
    for _ in range(MAX_LAST_LINKS):
        last = _last_block(tree)
        if last is None:
            return
        text = _squeezed(last.text_content())
        linked = _squeezed("".join(link.text_content() for link in last.iter("a")))
        if len(text) > MAX_LINK or text != linked:
            return
        if len(_squeezed(tree.text_content())) - len(text) < MIN_BEFORE_LINKS:
            return
        last.getparent().remove(last)


def _last_block(tree: Any) -> Any:
    """The innermost block that ends the text; None when the text ends outside of any."""
    block = None
    node = tree
    while len(node):
        node = node[-1]
        if (node.tail or "").strip():
            return None
        if node.tag in _BLOCKS:
            block = node
    return block


def _squeezed(text: str) -> str:
    return " ".join(text.split())
