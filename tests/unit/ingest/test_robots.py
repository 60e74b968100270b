import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core import robots
from themeline.ingest.core.robots import crawl_delay, may_read, opts_out, robots_text, rules_of, sitemaps

FILE = """
User-agent: *
Disallow: /private
Disallow: /*.pdf$
Crawl-delay: 5

User-agent: Themeline
Allow: /private/open
Disallow: /private
Disallow: /drafts
Crawl-delay: 2.5

Sitemap: https://news.example/sitemap.xml
Sitemap: https://news.example/news.xml
Sitemap: https://news.example/sitemap.xml
"""


def test_the_group_of_our_own_name_holds_instead_of_the_general_one() -> None:
    rules = rules_of(200, FILE)
    assert may_read(rules, "https://news.example/a", "Themeline")
    assert not may_read(rules, "https://news.example/drafts/1", "Themeline")
    assert may_read(rules, "https://news.example/drafts/1", "Other")
    assert may_read(rules, "https://news.example/report.pdf", "Themeline")
    assert not may_read(rules, "https://news.example/report.pdf", "Other")


def test_the_longest_rule_decides() -> None:
    rules = rules_of(200, FILE)
    assert may_read(rules, "https://news.example/private/open/1", "Themeline")
    assert not may_read(rules, "https://news.example/private/1", "Themeline")


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 451])
def test_without_a_file_all_is_allowed(status: int) -> None:
    rules = rules_of(status, "User-agent: *\nDisallow: /")
    assert may_read(rules, "https://news.example/a", "Themeline")
    assert crawl_delay(rules, "Themeline") is None
    assert sitemaps(rules) == ()


@pytest.mark.parametrize("status", [None, 429, 500, 503, 599])
def test_a_site_in_trouble_is_left_alone(status: int | None) -> None:
    assert not may_read(rules_of(status, ""), "https://news.example/a", "Themeline")


def test_the_delay_is_that_of_our_group() -> None:
    rules = rules_of(200, FILE)
    assert crawl_delay(rules, "Themeline") == 2.5
    assert crawl_delay(rules, "Other") == 5.0


def test_a_rate_is_a_delay_too() -> None:
    assert crawl_delay(rules_of(200, "User-agent: *\nRequest-rate: 1/10s"), "Themeline") == 10.0


@pytest.mark.parametrize("value", ["inf", "nan", "-1", "1e999", "soon", ""])
def test_a_delay_that_is_none_is_none(value: str) -> None:
    assert crawl_delay(rules_of(200, f"User-agent: *\nCrawl-delay: {value}"), "Themeline") is None


def test_sitemaps_are_named_once() -> None:
    assert sitemaps(rules_of(200, FILE)) == ("https://news.example/sitemap.xml", "https://news.example/news.xml")


def test_a_file_is_read_as_far_as_its_limit_and_no_line_is_cut_in_two() -> None:
    line = b"Disallow: /" + b"a" * 88 + b"\n"
    text = robots_text(b"\xef\xbb\xbf" + line * 10_000)
    assert len(text) <= robots.LARGEST_ROBOTS
    assert set(text.splitlines()) == {line.decode().strip()}


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert may_read(rules_of(200, robots_text(bytes(range(256)) * 100)), "https://news.example/a", "Themeline")


@given(st.text())
def test_no_file_breaks_the_reader(text: str) -> None:
    rules = rules_of(200, text)
    may_read(rules, "https://news.example/a?b=c", "Themeline")
    assert (crawl_delay(rules, "Themeline") or 0) >= 0


@pytest.mark.parametrize(
    ("tags", "directive"),
    [
        (["noarchive"], "noarchive"),
        (["index, NoAI"], "noai"),
        (["none"], "none"),
        (["nofollow", "max-snippet: 5, noarchive"], "noarchive"),
        (["unavailable_after: 1 Jul 2027 00:00:00 GMT, noarchive"], "noarchive"),
        (["themeline: noarchive"], "noarchive"),
        (["otherbot: noindex, themeline: noai"], "noai"),
        (["*: none"], "none"),
        (["otherbot: noarchive, noai"], None),
        (["nofollow, noimageindex"], None),
        (["", ":", ",,", "a:b:c"], None),
        ([], None),
    ],
)
def test_a_page_may_forbid_to_be_kept(tags: list[str], directive: str | None) -> None:
    assert opts_out(tags) == directive


@pytest.mark.parametrize(("value", "reserved"), [("1", True), (" 1 ", True), ("0", False), ("", False), (None, False)])
def test_the_rights_to_mining_are_reserved_by_a_one(value: str | None, reserved: bool) -> None:  # noqa: FBT001
    assert robots.is_reserved(value) is reserved
