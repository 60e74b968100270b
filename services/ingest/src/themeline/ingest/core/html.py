"""The text of HTML: of a fragment that a publisher calls the body, and of a whole saved page."""

import re

import lxml.html
from lxml.etree import LxmlError

from themeline.ingest.core.characters import readable
from themeline.ingest.core.titles import clean_text

_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_UNREAD = ("script", "style", "noscript", "template", "svg", "iframe", "head")
_BLOCKS = frozenset(
    """
    address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li
    main nav ol p pre section table td th tr ul
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)


def html_to_text(html: str) -> str:
    """The text of an HTML fragment or page, paragraphs separated by an empty line.

    A fragment is taken whole, since the publisher says that it is the body. From a page the article is
    extracted without navigation, comments and boilerplate.

    Returns:
        Empty when there is no text. Never raises.
    """
    if not html.strip():
        return ""
    markup = readable(html)
    if _WHOLE_PAGE.search(markup) is not None:
        text = page_text(markup)
        if text:
            return text
    return _all_text(markup)


def page_text(markup: str) -> str:
    """The article of a whole page, by trafilatura; empty when it finds none."""
    # Loaded when the first page comes: it takes half a second and 20 MB that most installations never need.
    import trafilatura

    try:
        text = trafilatura.extract(markup, include_comments=False, include_tables=True, deduplicate=False)
    except Exception:  # noqa: BLE001 - whatever breaks on a stranger's page, the page has no article for us
        return ""
    return clean_text((text or "").replace("\n", "\n\n"))  # trafilatura puts each paragraph on one line


def _all_text(markup: str) -> str:
    try:
        tree = lxml.html.fromstring(f"<div>{markup}</div>")
    except (LxmlError, ValueError):
        return clean_text(markup)
    lxml.etree.strip_elements(tree, *_UNREAD, lxml.etree.Comment, with_tail=False)
    pieces: list[str] = []
    for action, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        block = element.tag in _BLOCKS
        text = element.text if action == "start" else element.tail
        pieces.append(("\n\n" if block else "") + (text or ""))
    return clean_text("".join(pieces))
