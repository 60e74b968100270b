"""AMP pages, AMP caches, pages for telephones: many addresses, one article."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.shared.core.urls import canonical_url, url_digest

PLAIN = "https://www.example.com/2025/07/bridge-opens.html?id=3"
words = st.from_regex(r"[a-z0-9]{4,12}", fullmatch=True)
paths = st.lists(words, max_size=4).map("/".join)
queries = st.lists(st.tuples(words, words), max_size=3).map(lambda pairs: "&".join(f"{n}={v}" for n, v in pairs))


@pytest.mark.parametrize(
    "other",
    [
        "http://example.com:80/2025/07/bridge-opens.html?id=3#comments",
        "https://m.example.com/2025/07/bridge-opens.html?id=3",
        "https://mobile.example.com/2025/07/bridge-opens.html?id=3",
        "https://touch.example.com/2025/07/bridge-opens.html?id=3",
        "https://www.m.example.com/2025/07/bridge-opens.html?id=3",
        "https://amp.example.com/2025/07/bridge-opens.html?id=3",
        "https://www.example.com/amp/2025/07/bridge-opens.html?id=3",
        "https://www.example.com/2025/07/bridge-opens.html/amp/?id=3",
        "https://www.example.com/2025/07/bridge-opens.html/amp?id=3",
        "https://www.example.com/2025/07/bridge-opens.amp.html?id=3",
        "https://www.example.com/2025/07/bridge-opens.html?id=3&amp=1",
        "https://www.example.com/2025/07/bridge-opens.html?outputType=amp&id=3",
        "https://www.example.com/2025/07/bridge-opens.html?amp&id=3",
        "https://www.google.com/amp/s/www.example.com/2025/07/bridge-opens.amp.html?id=3",
        "https://www.google.co.uk/amp/www.example.com/2025/07/bridge-opens.html?id=3",
        "https://www-example-com.cdn.ampproject.org/c/s/amp.example.com/2025/07/bridge-opens.html?id=3&amp_js_v=0.1",
        "https://www-example-com.cdn.ampproject.org/v/s/amp.example.com/2025/07/bridge-opens.html?id=3&usqp=x",
        "https://www-example-com.bing-amp.com/c/s/www.example.com/amp/2025/07/bridge-opens.html?id=3",
    ],
)
def test_every_variant_of_an_article_is_recognised(other: str) -> None:
    assert url_digest(canonical_url(other)) == url_digest(canonical_url(PLAIN))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.dev/a", "https://dev/a"),
        ("https://m.co.uk/a", "https://co.uk/a"),
        ("https://mobile.de/a", "https://de/a"),
        ("https://example.com/amp", "https://example.com/"),
        ("https://example.com/amplifier/a", "https://example.com/a"),
        ("https://example.com/a/index.html", "https://example.com/a/"),
        ("https://example.com/?a=1&b=2", "https://example.com/?b=2&a=1"),
        ("https://example.com/?amp=2", "https://example.com/"),
        ("https://example.com/#!/story/1", "https://example.com/#!/story/2"),
        ("https://example.com/#/story/1", "https://example.com/"),
        ("https://am.example.com/a", "https://example.com/a"),
    ],
)
def test_what_may_be_another_article_stays_another(one: str, other: str) -> None:
    assert url_digest(canonical_url(one)) != url_digest(canonical_url(other))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("https://m.example.com/a/amp/?id=3", "https://m.example.com/a/amp/?id=3"),
        ("https://www.google.com/amp/s/m.example.com/a?amp=1", "https://m.example.com/a?amp=1"),
        ("https://a-com.cdn.ampproject.org/c/a.com/x", "http://a.com/x"),
        ("https://example.com/#!/story/1", "https://example.com/#!/story/1"),
        ("https://example.com/?id=3&amp;utm_source=x", "https://example.com/?id=3"),
        ("https://www.google.com/amp/", "https://www.google.com/amp/"),
        ("https://user:secret@EXAMPLE.com:443/a?Id=3#part-2", "https://example.com/a?Id=3"),
    ],
)
def test_readers_follow_the_address_as_published_but_not_through_a_cache(written: str, stored: str) -> None:
    assert canonical_url(written) == stored


@given(
    words, paths, queries, st.sampled_from(["#!/a", "#/b?c=d", "#e", ""]), st.sampled_from(["m.", "amp.", "www.", ""])
)
def test_addresses_and_their_variants_have_one_form_and_one_key(
    name: str, path: str, query: str, fragment: str, label: str
) -> None:
    plain = canonical_url(f"https://{name}.example/{path}?{query}{fragment}")
    variant = canonical_url(f"HTTP://{label}{name}.EXAMPLE/{path}/?{query}&amp=1&utm_source=x{fragment}")
    assert (canonical_url(plain), canonical_url(variant)) == (plain, variant)
    assert url_digest(variant) == url_digest(plain)


@given(words, paths, queries)
def test_keys_of_ordinary_addresses_are_what_they_always_were(name: str, path: str, query: str) -> None:
    # Keys are stored: this formula may not change for addresses without marks of a variant.
    mark = "?" if query else ""
    rest = f"{name}.example/{path}".rstrip("/") + mark + query
    expected = blake2b(rest.encode(), digest_size=16, person=b"url").digest()
    assert url_digest(canonical_url(f"https://www.{name}.example/{path}{mark}{query}")) == expected
