"""Characters that carry no text: controls, marks of direction, invisible ones, lone surrogates, mojibake."""

import re
import unicodedata

import ftfy
from ftfy.badness import is_bad

# Everything invisible that changes how text is read or compared: C0 and C1 controls but tab and newline, soft
# hyphen, zero-width space, word joiner and byte-order mark, marks, embeddings, overrides and isolates of
# direction, annotation and tag characters, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Zero-width joiners shape letters in Arabic and Indic scripts and join emoji; beside anything else they hide.
_IDLE_JOINER = re.compile(
    "(?<![\u0600-\u0fff\u1000-\u109f\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]+"
    "|[\u200c\u200d]+(?![\u0600-\u0fff\u1000-\u109f\u2600-\u27bf\U0001f000-\U0001faff])"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029\x0b\x0c]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_TWO_BEYOND_ASCII = re.compile("[^\x00-\x7f]{2}")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# Letters carry a few marks; Unicode's stream-safe format (UAX 15) allows 30. Sorting longer runs takes time that grows
# with their square: 100,000 marks took 5 s.
_MARKS = "".join(chr(code) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code)))
_PILED = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")

# Mending only: quotes stay typographic, width and ligatures as written, entities are another step.
_MENDING = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
    fix_line_breaks=False, remove_control_chars=False, normalization=None,
)  # fmt: skip


def readable(text: str) -> str:
    """The text in NFC with mojibake mended, line ends as `\\n` and invisible characters gone."""
    if text.isascii():
        return _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    text = _SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    text = _LONE_SURROGATE.sub("", text)
    text = _PILED.sub(r"\1", text)
    # Mojibake is at least two bytes read as two letters. ftfy's own test costs 0.2 ms a kilobyte: second.
    if _TWO_BEYOND_ASCII.search(text) is not None and is_bad(text):
        text = ftfy.fix_text(text, _MENDING)
    visible = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    if "\u200c" in visible or "\u200d" in visible:
        visible = _IDLE_JOINER.sub("", visible)
    return unicodedata.normalize("NFC", visible)
