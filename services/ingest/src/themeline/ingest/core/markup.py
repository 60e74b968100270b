"""Entities and tags in what should be plain text, and Markdown emphasis left in headlines."""

import html
import re

import nh3

# Feeds escape once or twice; more rounds only help text made to be unescaped for ever.
MAX_UNESCAPES = 3

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A tag has no attributes or at least one with a value: `a<b and c>d` is a comparison.
_TAG_END = r"[a-zA-Z][\w:-]*(?:\s[^<>]*=[^<>]*)?\s*/?>"
_TAG = re.compile(rf"</?{_TAG_END}|<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_NO_TAG = re.compile(rf"<(?!/?{_TAG_END}|!--.*?-->|!\[CDATA\[)", re.DOTALL)
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|section|article|tr|table|figure|figcaption|hr)\b[^<>]*>",
    re.IGNORECASE,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def unescaped(text: str) -> str:
    """The text with its character references resolved, also doubly escaped ones."""
    for _ in range(MAX_UNESCAPES):
        if _ENTITY.search(text) is None:
            break
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return text


def without_tags(text: str, *, keep_blocks: bool = False) -> str:
    """The text without its HTML tags, comments, scripts and styles; a lone `<` is text.

    Args:
        text: with character references resolved.
        keep_blocks: put an empty line where a paragraph or another block begins or ends.
    """
    if _TAG.search(text) is None:
        return text
    text = _CDATA.sub(r"\1", text)
    if keep_blocks:
        text = _BLOCK_TAG.sub("\n\n", text)
    text = _NO_TAG.sub("&lt;", text.replace("&", "&amp;"))
    return html.unescape(nh3.clean(text, tags=set(), clean_content_tags={"script", "style"}))


_EMPHASIS = (
    (re.compile(r"!?\[([^\[\]\n]+)\]\((?:https?:|/)[^()\s]*\)"), r"\1"),  # [text](address)
    (re.compile(r"(?<![\w*])\*{1,3}(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*{1,3}(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_{1,3}(?=[^\s_])([^_\n]+?)(?<=[^\s_])_{1,3}(?![\w_])"), r"\1"),
    (re.compile(r"(?<![\w`])(`{1,3})(?=[^\s`])([^`\n]+?)(?<=[^\s`])\1(?![\w`])"), r"\2"),
    (re.compile(r"(?<!\w)\*{2}(?=\S)|(?<=\S)(?<!\*)\*{2}(?![\w*])"), ""),  # a `**` whose partner is missing
    (re.compile(r"^\s*(?:#{1,6}\s+|\*{1,3}(?=\s|\w)|_{1,3}(?=\s)|>\s+)"), ""),  # headings, bullets, quotes
    # `C#`, `Q*`, `Sgr A*` and `F***` keep their last character; `Headline*` and `Headline #` do not.
    (re.compile(r"\s+(?:#{1,6}|\*{1,3}|_{1,3})\s*$|(?<=[a-z.!?\"'\u201d\u2019)])(?<!\b[a-z])\*\s*$"), ""),
)

_ONLY_MARKS = re.compile(r"[\s*_`#>]*")


def without_emphasis(line: str) -> str:
    """A headline without Markdown; asterisks, underscores and hashes that are part of words stay."""
    if not any(mark in line for mark in "*_`#>["):
        return line
    for pattern, replacement in _EMPHASIS:
        line = pattern.sub(replacement, line)
    return "" if _ONLY_MARKS.fullmatch(line) else line
