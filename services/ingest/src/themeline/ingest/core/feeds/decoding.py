"""Bytes to text, whatever the declaration, the server and the byte-order mark say of each other."""

import codecs
import re
import zlib

from themeline.ingest.core.feeds.model import NotAFeedError

MAX_BYTES = 50 * 1024 * 1024  # what the sitemap protocol allows a sitemap, uncompressed; feeds are far below it

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib: the largest window, with a gzip header

# Longest first: the mark of UTF-16 begins that of UTF-32. Below, `<?` as written without a mark (XML 1.0, appendix F).
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)  # fmt: skip
_DECLARATION = re.compile(rb"^[^<]{0,200}<\?xml[^>]{1,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META_LOOKED_FOR = 4_096  # HTML asks for it in the first 1,024 bytes
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# Text of seven bits a byte that would pass as UTF-8 and say something else.
_SHIFTING = ("iso2022", "hz")
# Names by which more is meant than they say (the Encoding Standard's labels).
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
_TEXT_CODECS = re.compile(r"(?:utf-|iso|cp|windows|koi8|mac|gb|big5|euc|shift|hz|johab|tis|kz|ptcp|latin|hp)", re.ASCII)
# Windows-1252 as browsers read it: the five bytes that it leaves open are control characters.
_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_STRAY_BYTES = re.compile("[\udc80-\udcff]+")


def unpacked(body: bytes) -> bytes:
    """The bytes without the gzip that sitemaps are stored in.

    Raises:
        NotAFeedError: too large, or damaged gzip.
    """
    if body.startswith(_GZIP_MAGIC):
        inflater = zlib.decompressobj(_GZIP_WINDOW)
        try:
            body = inflater.decompress(body, MAX_BYTES + 1)
        except zlib.error as error:
            raise NotAFeedError("damaged", "its gzip is damaged") from error
    if len(body) > MAX_BYTES:
        raise NotAFeedError("too-large", f"it is larger than {MAX_BYTES:,} bytes")
    return body


def decoded(body: bytes, content_type: str | None) -> str:
    """The text. Never raises.

    A byte-order mark decides; else whatever is valid UTF-8 is UTF-8, since text in another encoding hardly ever is by
    accident; else what the document says of itself, then what the server says. Stray bytes in what is mostly UTF-8 are
    read as Windows-1252, where they come from; so is what nothing declares.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _mixed(body[len(mark) :]) if mark == codecs.BOM_UTF8 else body.decode(encoding, "replace")
    declared = _declared(body, content_type)
    for encoding in [*(name for name in declared if name.startswith(_SHIFTING)), "utf-8", *declared]:
        try:
            return body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return _mixed(body)


def _mixed(body: bytes) -> str:
    """UTF-8 with stray bytes among it, or Windows-1252."""
    escaped = body.decode("utf-8", "surrogateescape")
    stray = sum(map(len, _STRAY_BYTES.findall(escaped)))
    beyond_ascii = sum(map(len, _BEYOND_ASCII.findall(body)))
    if stray * 2 > beyond_ascii:
        return _windows_1252(body)
    return _STRAY_BYTES.sub(_as_windows_1252, escaped)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    inside = _DECLARATION.match(body) or _META.search(body, 0, _META_LOOKED_FOR)
    outside = _CHARSET.search(content_type or "")
    names = ([inside[1].decode("ascii")] if inside else []) + ([outside[1]] if outside else [])
    return [codec for codec in map(_codec, names) if codec is not None]


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(codec, codec) if _TEXT_CODECS.match(codec) or codec == "ascii" else None


def _as_windows_1252(stray: re.Match[str]) -> str:
    return _windows_1252(stray[0].encode("utf-8", "surrogateescape"))


def _windows_1252(text: bytes) -> str:
    return text.decode("latin-1").translate(_WINDOWS_1252)
