"""Entities and tags in what should be plain text, and Markdown emphasis left in headlines."""

import html
import re

import nh3

# Feeds escape once or twice; more rounds only help text made to be unescaped for ever.
MAX_UNESCAPES = 3

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# Elements whose start is a tag whatever follows the name. Short names (`a`, `b`, `i`, `s`) are variables, too.
_ELEMENTS = frozenset(
    """
    abbr address applet area article aside audio base basefont bgsound blink blockquote body br button canvas caption
    center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption
    figure font footer foreignobject form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe image
    img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu meta meter mglyph
    nav nobr noembed noframes noscript object ol optgroup option output param picture plaintext portal pre progress
    ruby samp script section select slot small source span strike strong style sub summary sup svg table tbody td
    template textarea tfoot th thead time title tr track tt ul var video wbr xml xmp
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)
_BLOCKS = frozenset(
    "article blockquote br div figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p section table tr ul".split()  # noqa: SIM905
)
_NAME = r"/?([a-zA-Z][\w:.-]*)"
_ELEMENT = re.compile(rf"<(?:{_NAME}([^<>]*)|\?[^<>]*|!(?!--)[^<>]*)>")
_OPENING = re.compile(rf"<(?:[!?]|{_NAME})")
_ANY_NAME = re.compile(r"<(?=/?[a-zA-Z])")

# An HTML parser's time grows with the square of the depth: it took minutes for 200,000 elements in each other, and
# takes .1 s for these. Bodies have hundreds.
MAX_TAGS = 2_000


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
    if "<" not in text:
        return text
    text = _spliced(_spliced(text, "<!--", "-->", keep=False), "<![CDATA[", "]]>", keep=True)
    tags = [match for match in _ELEMENT.finditer(text) if _is_tag(match)]
    if not tags:
        return text
    pieces: list[str] = []
    at = 0
    for tag in tags:
        block = keep_blocks and (tag[1] or "").lower() in _BLOCKS
        pieces += [html.escape(text[at : tag.start()], quote=False), "\n\n" if block else tag[0]]
        at = tag.end()
    if len(tags) > MAX_TAGS:
        pieces = [piece for piece in pieces if not piece.startswith("<")]
    escaped = "".join(pieces) + html.escape(text[at:], quote=False)
    cleaned = nh3.clean(escaped, tags=set(), clean_content_tags={"script", "style"})
    # What nh3 writes as a reference; `html.unescape` takes a second for as many as fit in a body.
    return cleaned.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u00a0").replace("&amp;", "&")


def _is_tag(match: re.Match[str]) -> bool:
    """Whether this is a tag: one without attributes, or with a value; `a<b and c>d` is a comparison."""
    name, rest = match[1], match[2]
    if name is None or not rest.strip(" /"):
        return True
    return rest[0] in " \n\t/" and (name.lower() in _ELEMENTS or "=" in rest)


def without_openings(text: str) -> str:
    """The text with a space after each `<` that would begin an element for a careless reader of it.

    Text without tags can still hold half of one, such as `<img src=x onerror=...` without its end, which a browser
    completes with what follows. An unknown element without attributes shows and does nothing: `Apple<Google` stays.
    """
    if "<" not in text:
        return text
    return ">".join(map(_without_attributes, _OPENING.sub(_apart, text).split(">")))


def _apart(opening: re.Match[str]) -> str:
    """A comment, a declaration, or an element that does something even without attributes, made text."""
    harmless = opening[1] is not None and opening[1].lower() not in _ELEMENTS
    return opening[0] if harmless else f"< {opening[0][1:]}"


def _without_attributes(piece: str) -> str:
    """The same for elements of any name that have a value before the next `>`."""
    value = piece.rfind("=")
    return _ANY_NAME.sub("< ", piece[:value]) + piece[value:] if value > 0 else piece


def _spliced(text: str, start: str, end: str, *, keep: bool) -> str:
    """The text without these marks, or without what stands between them; an unfinished one stays.

    Not a regular expression, which would look for the missing end once for each start.
    """
    pieces: list[str] = []
    at = 0
    while (opened := text.find(start, at)) >= 0 and (closed := text.find(end, opened + len(start))) >= 0:
        pieces += [text[at:opened], text[opened + len(start) : closed] if keep else ""]
        at = closed + len(end)
    return "".join(pieces) + text[at:]


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
