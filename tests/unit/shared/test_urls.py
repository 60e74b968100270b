"""Canonical addresses."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from themeline.shared.core.urls import UnusableUrlError, canonical_url, host_of, url_digest

ordinary_names = st.sampled_from(["id", "p", "page", "ref", "source", "q", "cid", "s", "Story", "a[]", "ü"])
tracking_names = st.sampled_from(["utm_source", "UTM_Campaign", "fbclid", "gclid", "mc_cid", "at_medium", "_ga"])
values = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs"], exclude_characters="&#\\\ufeff"), max_size=12)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTP://Example.COM:80/a/../b/./c", "http://example.com/b/c"),
        ("https://example.com", "https://example.com/"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com/a#top", "https://example.com/a"),
        ("https://example.com:8443/a?", "https://example.com:8443/a"),
        ("https://exämple.org/ü", "https://xn--exmple-cua.org/%C3%BC"),
        ("https://example.com./%7euser/%e2%82%ac%2f", "https://example.com/~user/%E2%82%AC%2F"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com\\a\\b", "https://example.com/a/b"),
        (" https://example.com/a b ", "https://example.com/a%20b"),
        ("https://example.com/?utm_source=x&id=3&fbclid=1&B=2", "https://example.com/?id=3&B=2"),
        ("https://example.com/?a=1&a=2&b&c=", "https://example.com/?a=1&a=2&b&c="),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
    ],
)
def test_an_address_has_one_form(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("javascript:alert(1)", "javascript"),
        ("data:text/html,x", "data"),
        ("ftp://example.com/a", "ftp"),
        ("/relative", "relative"),
        ("", "relative"),
        ("https://", "host"),
        ("https://a..b/", "host"),
        ("https://exa mple.com/", "host"),
        ("https://example.com:99999/", "port"),
        ("https://example.com/\x00", "control"),
        ("https://example.com/\n/a", "control"),
        ("https://example.com/\ud800", "surrogates"),
        ("https://example.com/" + "a" * 2_000, "longer"),
        ("https://example.com/" + "ü" * 1_000, "longer"),
    ],
)
def test_an_address_nobody_can_follow_is_refused_with_its_reason(url: str, reason: str) -> None:
    with pytest.raises(UnusableUrlError, match=reason):
        canonical_url(url)


@given(st.text(max_size=80).map("https://example.com/".__add__) | st.text(max_size=80))
@example("https://example.com/%2e%2E/%252e")
@example("https://example.com/%%34%31?%%34%31")
@example("https://example.com?a=%26b")
@example("https://example.com//a//")
def test_canonicalising_twice_changes_nothing_and_nothing_else_raises(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except UnusableUrlError:
        return
    assert canonical_url(canonical) == canonical
    assert canonical.isascii()


@given(st.lists(st.tuples(ordinary_names, values)), st.lists(st.tuples(tracking_names, values)))
def test_ordinary_parameters_survive_in_order_and_tracking_goes(
    ordinary: list[tuple[str, str]], tracking: list[tuple[str, str]]
) -> None:
    def query(pairs: list[tuple[str, str]]) -> str:
        return "&".join(f"{name}={value}" for name, value in pairs)

    clean = canonical_url(f"https://example.com/?{query(ordinary)}")
    assert clean.count("=") >= len(ordinary)
    mixed = list(ordinary)
    for at, pair in enumerate(tracking):
        mixed.insert((at * 7) % (len(mixed) + 1), pair)
    assert canonical_url(f"https://example.com/?{query(mixed)}") == clean


@pytest.mark.parametrize(
    "same", ["http://example.com/a", "https://www.example.com/a", "https://example.com/a/", "https://example.com/a#x"]
)
def test_habits_of_writing_do_not_change_the_key(same: str) -> None:
    assert url_digest(canonical_url(same)) == url_digest("https://example.com/a")


@pytest.mark.parametrize("other", ["https://example.com/A", "https://example.com/a?id=1", "https://example.org/a"])
def test_other_addresses_have_other_keys(other: str) -> None:
    assert url_digest(canonical_url(other)) != url_digest("https://example.com/a")


def test_the_host_of_an_address_has_no_port_and_no_www() -> None:
    assert host_of("https://www.example.com:8443/a") == "example.com"
