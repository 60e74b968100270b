"""From pushed JSON to drafts and rejections."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.drafts import (
    MAX_EXTERNAL_ID,
    MAX_LIST,
    MAX_TEXT,
    MAX_TITLE,
    Draft,
    Rejection,
    content_hash,
    parse_draft,
    source_key,
)

VALID: dict[str, Any] = {"title": "Title", "text": "Body.", "url": "https://example.com/a", "source": "Example"}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    "title text html url external_id published updated source language image section tags authors priority".split()  # noqa: SIM905
)


def draft(**fields: Any) -> Draft:
    parsed = parse_draft(VALID | fields)
    assert isinstance(parsed, Draft), parsed
    return parsed


def rejection(item: object) -> Rejection:
    parsed = parse_draft(item)
    assert isinstance(parsed, Rejection), parsed
    return parsed


@given(st.dictionaries(st.sampled_from(FIELDS), json_values) | json_values)
def test_no_json_raises(item: object) -> None:
    parsed = parse_draft(item)
    assert isinstance(parsed, Draft | Rejection)
    if isinstance(parsed, Draft):
        json.dumps([parsed.title, parsed.text, parsed.published_raw], ensure_ascii=False).encode()


@given(st.builds(lambda title, text: VALID | {"title": title, "text": text}, st.text(), st.text()))
def test_a_draft_can_be_stored_in_a_database_that_takes_no_nul_and_no_surrogates(item: dict[str, Any]) -> None:
    parsed = parse_draft(item)
    if isinstance(parsed, Draft):
        assert "\0" not in parsed.title + parsed.text
        (parsed.title + parsed.text).encode()


@pytest.mark.parametrize("item", [None, [], "text", 5, True])
def test_what_is_no_object_is_no_article(item: object) -> None:
    assert rejection(item).type == "invalid-item"


@pytest.mark.parametrize("fields", [{}, {"title": ""}, {"title": " \u200b"}, {"title": "**"}])
def test_a_title_is_required(fields: dict[str, Any]) -> None:
    problem = rejection({"url": "https://example.com/a"} | fields)
    assert (problem.type, problem.field) == ("missing-field", "title")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 5), ("title", None), ("title", ["a"]), ("text", {"a": 1}), ("html", 5), ("url", 5),
        ("external_id", 5),
        ("source", []), ("language", 1), ("image", {}), ("section", 1), ("tags", "a"), ("tags", [1]), ("authors", "a"),
        ("priority", "urgent"), ("url", "javascript:alert(1)"), ("url", "https://example.com/\0"),
        ("external_id", "a\0b"), ("external_id", "\ud800"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_rejected_with_the_name_of_its_field(field: str, value: object) -> None:
    problem = rejection(VALID | {field: value})
    assert (problem.type, problem.field) == ("invalid-field", field)
    assert f"`{field}`" in problem.detail


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "a" * (MAX_TITLE + 1)), ("text", "a" * (MAX_TEXT + 1)), ("html", "a" * 10_000_000),
        ("external_id", "a" * (MAX_EXTERNAL_ID + 1)), ("tags", ["a"] * (MAX_LIST + 1)), ("tags", ["a" * 201]),
        ("source", "a" * 201),
    ],
)  # fmt: skip
def test_nothing_is_cut_silently(field: str, value: object) -> None:
    problem = rejection(VALID | {field: value})
    assert (problem.type, problem.field) == ("too-large", field)
    assert "limit" in problem.detail


@pytest.mark.parametrize(
    ("published", "raw"),
    [
        ("yesterday", "yesterday"), (1752311571, "1752311571"), (1752311571.5, "1752311571.5"), (None, None),
        ("", None),
        (True, "true"), ({"a": 1}, '{"a": 1}'), ("x" * 10_000, "x" * 500), ("a\0b", "a\ufffdb"),
    ],
)  # fmt: skip
def test_no_publication_time_whatever_it_is_rejects_an_article(published: object, raw: str | None) -> None:
    assert draft(published=published).published_raw == raw


def test_text_and_title_are_cleaned_and_the_address_is_canonical() -> None:
    parsed = draft(title="**A &amp; B**", text="x\ud800\x00y", url="HTTPS://Example.com/?utm_source=x&id=1#a")
    assert (parsed.title, parsed.text, parsed.url) == ("A & B", "xy", "https://example.com/?id=1")


def test_html_gives_the_text_where_there_is_none() -> None:
    parsed = draft(text="", html="<p>One</p><style>p{}</style><script>x()</script><p>Two <b>words</b></p>")
    assert parsed.text == "One\n\nTwo words"
    assert draft(text="Plain", html="<p>Other</p>").text == "Plain"


PAGE = """<!doctype html><html lang="de"><head><title>Bridge | Courier Online</title>
  <link rel="canonical" href="https://www.example.com/bridge?utm_source=x">
  <meta property="og:site_name" content="Courier Online"><meta property="og:image" content="/bridge.jpg">
  <meta property="article:published_time" content="2025-11-09T16:20:05Z">
  <meta property="article:modified_time" content="2025-11-10T08:00:00Z">
  <meta property="article:section" content="Harbour"><meta property="article:tag" content="storm">
  <meta name="author" content="Ada Quay"><meta property="article:content_tier" content="locked"></head>
  <body><nav>Home</nav><article><h1>Bridge</h1><p>The bridge over the harbour was closed on Sunday morning.</p>
  <p>Ferries take commuters across while divers look at the foundations.</p></article></body></html>"""
BARE = {"title": "Harbour bridge closed | Courier Online", "html": PAGE, "source": "Courier"}


def test_a_whole_page_fills_what_its_item_does_not_say() -> None:
    parsed = parse_draft(BARE)
    assert isinstance(parsed, Draft)
    assert parsed.title == "Harbour bridge closed"
    assert parsed.text.startswith("The bridge over")
    assert parsed.text.endswith("foundations.")
    assert (parsed.url, parsed.image) == ("https://www.example.com/bridge", "https://www.example.com/bridge.jpg")
    assert (parsed.published_raw, parsed.updated_raw) == ("2025-11-09T16:20:05Z", "2025-11-10T08:00:00Z")
    assert (parsed.language, parsed.section) == ("de", "Harbour")
    assert (parsed.tags, parsed.authors) == (("storm",), ("Ada Quay",))
    assert (parsed.paywalled, parsed.source_name) == (True, "Courier")


def test_what_an_item_says_itself_stands_against_its_page() -> None:
    said = {
        "url": "https://example.com/a", "published": "2020-01-01", "updated": "2020-01-02", "language": "fr",
        "image": "https://example.com/a.jpg", "section": "Sport", "tags": ["a"], "authors": ["B"],
    }  # fmt: skip
    parsed = parse_draft(BARE | said)
    assert isinstance(parsed, Draft)
    assert (parsed.url, parsed.published_raw, parsed.updated_raw) == (said["url"], "2020-01-01", "2020-01-02")
    assert (parsed.language, parsed.image, parsed.section) == ("fr", said["image"], "Sport")
    assert (parsed.tags, parsed.authors) == (("a",), ("B",))


def test_a_page_beside_a_text_and_a_fragment_fill_nothing() -> None:
    assert parse_draft(BARE | {"text": "Body"}) == parse_draft({**BARE, "html": None, "text": "Body"})
    parsed = parse_draft(BARE | {"html": "<p>One</p><time datetime='2025-11-09'>Sunday</time>"})
    assert isinstance(parsed, Draft)
    assert parsed.published_raw is None


def test_the_same_page_twice_is_the_same_article() -> None:
    first, second = parse_draft(BARE), parse_draft(dict(BARE))
    assert isinstance(first, Draft)
    assert first == second
    assert isinstance(second, Draft)
    assert content_hash(first) == content_hash(second)


def test_the_publishers_name_is_cut_from_titles_however_they_come_in() -> None:
    assert draft(title="Harbour bridge closed | World | The Courier", source="Courier").title == "Harbour bridge closed"
    assert draft(title="Harbour bridge closed - Example", source=None).title == "Harbour bridge closed"
    assert draft(title="Harbour bridge closed - Example", source="Courier", url=None).title.endswith("Example")


def test_a_text_may_be_said_to_be_a_teaser_and_a_page_to_be_paywalled() -> None:
    parsed = draft(teaser=True, paywalled=False)
    assert (parsed.is_teaser, parsed.paywalled) == (True, False)


@pytest.mark.parametrize("value", ["the beginning of the story", "yes", 1, None])
def test_what_a_content_system_means_by_these_names_is_no_reason_to_reject(value: object) -> None:
    parsed = draft(teaser=value, paywalled=value)
    assert (parsed.is_teaser, parsed.paywalled) == (False, None)


def test_the_html_of_an_entry_is_never_read_as_a_whole_page() -> None:
    whole = "<html><head><meta property='article:section' content='Harbour'></head><body><p>Text.</p></body></html>"
    entry = VALID | {"text": None, "html": whole}
    read, kept = parse_draft(entry), parse_draft(entry, reads_pages=False)
    assert isinstance(read, Draft)
    assert isinstance(kept, Draft)
    assert (read.section, kept.section) == ("Harbour", None)
    assert kept.text == "Text."


def test_unknown_fields_are_ignored_and_null_means_absent() -> None:
    assert parse_draft(VALID | {"story": 5, "tags": None, "priority": None}) == parse_draft(VALID)


@pytest.mark.parametrize(
    ("fields", "name", "key"),
    [
        ({"source": "The  Daily Éxample"}, "The Daily Éxample", "the-daily-éxample"),
        ({"source": None}, "example.com", "example-com"),
        ({"source": None, "url": None}, "unknown", "unknown"),
    ],
)
def test_a_source_has_a_name_and_a_key(fields: dict[str, Any], name: str, key: str) -> None:
    parsed = draft(**fields)
    assert (parsed.source_name, parsed.source_key) == (name, key)


def test_a_source_is_recognised_by_key_and_by_name() -> None:
    assert source_key("Daily Planet") == source_key("daily-planet") == source_key("DAILY PLANET!")


@pytest.mark.parametrize(
    ("tag", "normal"),
    [("EN", "en"), ("pt_br", "pt-BR"), ("zh-hant-TW", "zh-Hant-TW"), ("english", None), ("und", None), ("", None)],
)
def test_languages_are_tags_in_their_usual_case(tag: str, normal: str | None) -> None:
    assert draft(language=tag).language == normal


def test_an_image_that_cannot_be_shown_is_left_out_and_said_so() -> None:
    parsed = draft(image="javascript:alert(1)")
    assert parsed.image is None
    assert "image" in parsed.notices[0]


def test_tags_are_cleaned_and_named_once() -> None:
    assert draft(tags=["a &amp; b", "a & b", " "]).tags == ("a & b",)


def test_only_what_readers_see_makes_a_new_version() -> None:
    same = content_hash(draft())
    assert content_hash(draft(updated="2025-07-12", url="https://example.com/b", priority="backfill")) == same
    for fields in ({"title": "T"}, {"text": "B"}, {"published": "2025"}, {"image": "https://example.com/i"}):
        assert content_hash(draft(**fields)) != same


def test_of_marks_piled_on_a_letter_thirty_are_kept() -> None:
    draft = parse_draft({"title": "Zalgo", "text": "a" + "\u0336\u0301" * 400_000, "source": "Courier"})
    assert isinstance(draft, Draft)
    assert len(draft.text) <= 31
