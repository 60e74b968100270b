"""Saved news pages as plain text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.pages import NotANewsPageError, parse_page

HERE = Path(__file__).parents[2]
PAGE = (HERE / "data" / "pages" / "harbour.txt").read_text("utf-8")
SAMPLE = HERE.parents[1] / "shared" / "samples" / "page.txt"


def test_a_page_yields_its_article_and_every_listed_entry_with_its_own_time() -> None:
    main, *entries = parse_page(PAGE)
    assert main["title"] == "Harbour Bridge Closed After Storm Damages Two Piers"
    assert main["published"] == "Sun Nov 09 2025 18:20:05 GMT+0200 (Eastern European Standard Time)"
    assert main["text"].startswith("Ferries take commuters")
    assert main["text"].endswith("July 12, 2026.")
    assert main["text"].count("\n\n") == 3
    assert [(entry["title"], entry["published"]) for entry in entries] == [
        ("Storm Leaves 4,000 Homes Without Power", "Sun, 09 Nov 2025 15:02:11 GMT"),
        ("Ferry Line Doubles Its Crossings Until Further Notice", "Sun, 09 Nov 2025 11:40:00 GMT"),
        ("Weather Service Warns of Six-Metre Waves", "Sat, 08 Nov 2025 22:15:30 GMT"),
        ("Bridge Inspection Put Off Again", "Fri, 07 Nov 2025 08:00:00 GMT"),
    ]
    assert not any("text" in entry or "url" in entry for entry in entries)


def test_the_publisher_is_the_given_one_or_the_one_in_the_footer() -> None:
    assert {item["source"] for item in parse_page(PAGE)} == {"Harbour Courier"}
    assert {item["source"] for item in parse_page(PAGE, source="Mine")} == {"Mine"}
    assert all("source" not in item for item in parse_page(PAGE.split("Follow us")[0]))


@pytest.mark.parametrize(
    "variant",
    [
        PAGE.replace("\n", "\r\n"),
        "\ufeff" + PAGE,
        PAGE.replace("\n\n", "\n"),
        PAGE.replace("\n", "\n\n"),
        PAGE.replace("MORE ON THEME", "**More on theme:**"),
        "\n\n" + PAGE.replace("\n", "  \n"),
    ],
)
def test_line_ends_marks_and_blank_lines_make_no_difference(variant: str) -> None:
    assert parse_page(variant) == parse_page(PAGE)


def test_nothing_after_the_marker_is_a_page_without_entries() -> None:
    assert len(parse_page(PAGE.split("MORE ON THEME")[0] + "MORE ON THEME\n")) == 1


def test_a_page_without_list_keeps_its_footer_out_of_the_body() -> None:
    head = PAGE.split("MORE ON THEME")[0]
    (main,) = parse_page(f"{head}\nFollow us\n\n© 2025 Harbour Courier Ltd. All Rights Reserved.\n")
    assert main["text"].endswith("July 12, 2026.")
    assert main["source"] == "Harbour Courier"


def test_a_page_without_time_but_with_a_list_is_undated() -> None:
    main, *entries = parse_page(PAGE.replace("Sun Nov 09 2025 18:20:05 GMT+0200", "Sunday night"))
    assert "published" not in main
    assert len(entries) == 4


@pytest.mark.parametrize(
    "text", ["", "   \n\n", "Dear diary,\n\nnothing happened today.", "a,b\n1,2\n", "x\n" * 20_001]
)
def test_a_text_that_is_no_page_says_so(text: str) -> None:
    with pytest.raises(NotANewsPageError, match="not a saved news page"):
        parse_page(text)


@given(st.lists(st.sampled_from([*PAGE.splitlines(), "\0", "*", "12:00"]), max_size=40).map("\n".join))
def test_no_shuffled_page_raises_anything_else(text: str) -> None:
    try:
        items = parse_page(text)
    except NotANewsPageError:
        return
    assert all(item["title"] for item in items)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample page stands outside the repository")
def test_the_sample_page_yields_one_article_and_twenty_entries() -> None:
    main, *entries = parse_page(SAMPLE.read_text("utf-8"))
    assert main["published"] == "Sat Jul 12 2025 17:58:46 GMT+0300 (Eastern European Summer Time)"
    assert main["text"].startswith("Kyiv suffers")
    assert main["text"].endswith("continuing violence.")
    assert len(entries) == 20
    assert not any("*" in entry["title"] for entry in entries)
    assert entries[-1] == {
        "title": "Netanyahu's Political Maneuvering: A War Prolonged for Power",
        "published": "Fri, 11 Jul 2025 09:33:29 GMT",
        "source": main["source"],
    }
