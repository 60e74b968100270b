"""The characters of a page that came as bytes."""

import codecs
import re

# What browsers read (WHATWG Encoding, section 4.2), by Python's names. Others (`punycode`, `unicode_escape`) are no
# page's encoding, and some take time that grows with the square of their input.
_ENCODINGS = frozenset(
    """
    utf-8 utf-16 utf-16-le utf-16-be big5 big5hkscs gb18030 cp949 cp932 euc_jp iso2022_jp koi8-r koi8-u mac-roman
    cp866 cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4
    iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)
# Labels mean the larger set (WHATWG Encoding): pages that say Latin-1 contain Windows' quotes.
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs",
}  # fmt: skip
# Bytes of these are also valid UTF-8 or ASCII, so that only the label tells.
_ONLY_BY_LABEL = frozenset({"iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"})
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{1,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
# Where pages declare it: browsers look at 1,024 bytes; some pages put scripts before it.
_HEAD = 16 * 1024
# What is no text shows it at once: every binary format has a zero byte this early.
_START = 1024


class NotTextError(ValueError):
    """Bytes that are no text in any encoding."""


def decoded(page: bytes, charset: str | None = None) -> str:
    """The page as text: by byte-order mark, as UTF-8, as its label says, else as Windows-1252.

    UTF-8 comes before the label, because bytes that are valid UTF-8 beyond ASCII are hardly ever anything else,
    while labels are often a server's default. Never fails on damaged text: what cannot be read becomes U+FFFD.

    Args:
        page: its bytes, not compressed.
        charset: the label from HTTP; it counts more than the page's own.

    Raises:
        NotTextError: there are zero bytes where no encoding has them.
    """
    for mark, name in _BOMS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    label = _encoding(charset) or _declared(page)
    if label in _ONLY_BY_LABEL and label is not None:
        return page.decode(label, "replace")
    if b"\0" in page[:_START]:
        raise NotTextError("the page has zero bytes")
    for name in ("utf-8", label or "cp1252"):
        try:
            return page.decode(name)
        except UnicodeDecodeError:
            continue
    return page.decode(label or "cp1252", "replace")


def _declared(page: bytes) -> str | None:
    found = _DECLARED.search(page[:_HEAD])
    name = _encoding(found[1].decode("ascii", "replace")) if found else None
    # What was found as ASCII is no UTF-16, whatever it says (WHATWG HTML, "prescan a byte stream").
    return None if name is not None and name.startswith("utf-16") else name


def _encoding(label: str | None) -> str | None:
    try:
        name = codecs.lookup((label or "").strip(" \"'")).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _ENCODINGS else None
