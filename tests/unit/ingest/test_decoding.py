"""The characters of pages."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from themeline.ingest.core.decoding import NotTextError, decoded

CAFE = "<p>caf\u00e9 \u201cquoted\u201d</p>"


@pytest.mark.parametrize(
    ("page", "charset", "text"),
    [
        (CAFE.encode(), None, CAFE),
        (CAFE.encode(), "iso-8859-1", CAFE),  # a server's default against what the bytes are
        (CAFE.encode("cp1252"), None, CAFE),
        (CAFE.encode("cp1252"), "ISO-8859-1", CAFE),
        (CAFE.encode("cp1252"), "utf-8", "<p>caf\ufffd \ufffdquoted\ufffd</p>"),
        (b"\xef\xbb\xbf" + CAFE.encode(), "cp1251", CAFE),
        (CAFE.encode("utf-16"), None, CAFE),
        (CAFE.encode("utf-16-be"), "utf-16be", CAFE),
        ("\u043c\u043e\u0441\u0442".encode("cp1251"), "windows-1251", "\u043c\u043e\u0441\u0442"),
        ("\u6a4b".encode("shift_jis"), "'Shift_JIS'", "\u6a4b"),
        ("\u6a4b".encode("iso2022_jp"), "iso-2022-jp", "\u6a4b"),
        ("\u6865".encode("gb18030"), "gb2312", "\u6865"),
        (b"<p>caf\xe9", "punycode", "<p>caf\u00e9"),  # no encoding of pages
        (b"<p>caf\xe9", "hex", "<p>caf\u00e9"),
        (b"<p>caf\xe9", "\0", "<p>caf\u00e9"),
        (b"", None, ""),
    ],
)
def test_pages_are_read_as_browsers_read_them(page: bytes, charset: str | None, text: str) -> None:
    assert decoded(page, charset) == text


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="koi8-r">',
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">',
        '<?xml version="1.0" encoding="koi8-r"?>',
    ],
)
def test_a_page_may_name_its_encoding(declaration: str) -> None:
    page = f"{declaration}<p>\u043c\u043e\u0441\u0442"
    assert decoded(page.encode("koi8-r")) == page


@pytest.mark.parametrize("page", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\0", b"\0" * 10])
def test_what_is_no_text_is_refused(page: bytes) -> None:
    with pytest.raises(NotTextError):
        decoded(page)


@given(
    st.binary(max_size=200), st.none() | st.text(max_size=12) | st.sampled_from(["utf-16", "big5", "euc-kr", "utf-7"])
)
@example(b'<meta charset="utf-16">', None)
@example(b"<p>\xe9", "a" * 10_000)
def test_no_bytes_break_it(page: bytes, charset: str | None) -> None:
    try:
        assert isinstance(decoded(page, charset), str)
    except NotTextError:
        assert b"\0" in page
