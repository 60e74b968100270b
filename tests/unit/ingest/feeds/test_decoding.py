"""Encodings: what the bytes are, against what document and server say of them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.feeds.decoding import MAX_BYTES, decoded, unpacked
from themeline.ingest.core.feeds.model import NotAFeedError
from themeline.ingest.core.feeds.parsing import parse_feed

TITLE = "Überraschung: „Žluťoučký kůň“"


def title(body: bytes, content_type: str | None = None) -> str:
    return parse_feed(body, content_type=content_type, url="https://example.org/feed").entries[0].title


def document(text: str, *, declared: str | None) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f'{declaration}<rss version="2.0"><channel><item><title>{text}</title></item></channel></rss>'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_form_of_the_bytes_decides_over_every_declaration(encoding: str, declared: str) -> None:
    assert title(document(TITLE, declared=declared).encode(encoding), "text/xml; charset=koi8-r") == TITLE


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "us-ascii", "nonsense", None])
@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "nonsense", None])
def test_what_is_valid_utf_8_is_utf_8_whatever_is_declared(declared: str | None, charset: str | None) -> None:
    content_type = f"application/rss+xml; charset={charset}" if charset else None
    assert title(document(TITLE, declared=declared).encode(), content_type) == TITLE


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Привет", "windows-1251", "windows-1251"),
        ("Привет", "koi8-r", "koi8-r"),
        ("“déjà” €", "windows-1252", "iso-8859-1"),
        ("中文新聞", "big5", "Big5"),
        ("中文新闻鎔", "gb18030", "gb2312"),
        ("日本語①", "cp932", "Shift_JIS"),
        ("日本語", "iso2022_jp", "ISO-2022-JP"),
        ("한국어", "cp949", "euc-kr"),
    ],
)
def test_the_document_or_else_the_server_names_the_encoding(text: str, encoding: str, declared: str) -> None:
    assert title(document(text, declared=declared).encode(encoding)) == text
    assert title(document(text, declared=None).encode(encoding), f'text/xml; charset="{declared}"') == text


def test_the_document_knows_better_than_the_server() -> None:
    body = document("Привет", declared="windows-1251").encode("windows-1251")
    assert title(body, "text/xml; charset=ISO-8859-1") == "Привет"


def test_one_stray_byte_does_not_spoil_the_rest() -> None:
    body = document(f"{TITLE} [stray]", declared="utf-8").encode().replace(b"[stray]", b"\x93quoted\x94")
    assert title(body) == f"{TITLE} “quoted”"
    assert title(b"\xef\xbb\xbf" + body) == f"{TITLE} “quoted”"


def test_without_any_declaration_bytes_are_windows_1252() -> None:
    assert title(document("“café”", declared=None).encode("windows-1252")) == "“café”"


def test_a_page_is_read_as_its_meta_element_says() -> None:
    assert decoded('<head><meta charset="windows-1251"></head>Привет'.encode("windows-1251"), None).endswith("Привет")


def test_declarations_name_no_codec_that_is_not_for_text() -> None:
    assert decoded(b'<?xml version="1.0" encoding="rot13"?>\xff', "text/xml; charset=zip").endswith("ÿ")


@given(st.binary(max_size=300), st.none() | st.text(max_size=30))
def test_any_bytes_are_some_text_that_can_be_stored(body: bytes, content_type: str | None) -> None:
    decoded(body, content_type).encode("utf-8", "surrogatepass")


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decoded(f"<x>{text}".encode(), None) == f"<x>{text}"


def test_a_gzip_bomb_is_not_unpacked() -> None:
    with pytest.raises(NotAFeedError) as caught:
        unpacked(gzip.compress(bytes(MAX_BYTES + 1)))
    assert caught.value.type == "too-large"


def test_damaged_gzip_is_refused() -> None:
    with pytest.raises(NotAFeedError) as caught:
        unpacked(b"\x1f\x8bnot gzip at all")
    assert caught.value.type == "damaged"
