"""Names of publishers in headlines."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from themeline.ingest.core.publishers import without_publisher

BRIDGE = "Harbour bridge closed"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (f"{BRIDGE} | Example News", "Example News"),
        (f"{BRIDGE} - Example News", "Example News"),
        (f"{BRIDGE} \u2013 The Example", "Example"),
        (f"{BRIDGE} \u2014 Example", "The Example"),
        (f"{BRIDGE}|Example", "Example"),
        (f"{BRIDGE} \u00b7 Example", "example.com"),
        (f"{BRIDGE} \u2022 example.com", "Example"),
        (f"{BRIDGE} \u00bb Example", "news.example.co.uk"),
        (f"{BRIDGE} :: Harbour Courier", "harbour-courier.com"),
        (f"{BRIDGE} - Example News", "Example"),
        (f"{BRIDGE} | World news | The Example", "Example"),
        (f"{BRIDGE} \u00b7 Sport \u00b7 Example", "Example"),
        (f"{BRIDGE} | Example | Example", "Example"),
        (f"Example | {BRIDGE}", "Example"),
    ],
)
def test_a_publishers_name_is_cut_from_a_title_with_the_section_before_it(title: str, name: str) -> None:
    assert without_publisher(title, ["", name, "another"]) == BRIDGE


@pytest.mark.parametrize(
    ("title", "name", "left"),
    [
        (
            "\u5730\u9707\u3067\u6a4b\u304c\u9589\u9396 | \u4f8b\u65b0\u805e",
            "\u4f8b\u65b0\u805e",
            "\u5730\u9707\u3067\u6a4b\u304c\u9589\u9396",
        ),
        (
            "الجسر مغلق اليوم | المثال",
            "المثال",
            "الجسر مغلق اليوم",
        ),
        (
            "\u041c\u043e\u0441\u0442 \u0437\u0430\u043a\u0440\u044b\u0442 \u2014 \u041a\u0443\u0440\u044c\u0435\u0440",
            "\u041a\u0423\u0420\u042c\u0415\u0420",
            "\u041c\u043e\u0441\u0442 \u0437\u0430\u043a\u0440\u044b\u0442",
        ),
    ],
    ids=["unspaced", "right-to-left", "case"],
)
def test_scripts_make_no_difference(title: str, name: str, left: str) -> None:
    assert without_publisher(title, [name]) == left


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("White House: no comment today", "White House"),  # what stands before a colon may be who speaks
        ("Live: harbour bridge closed", "Live"),
        ("Harbour bridge closed - thousands flee", "Example"),
        ("What Example knows about bridges", "Example"),
        ("Harbour bridge-Example", "Example"),  # a hyphen inside a word
        ("Obituary | Example", "Example"),  # too little would be left
        ("A - B | Example", "Example"),
        ("Le maire cite \u00ab Le Monde \u00bb", "Le Monde"),
        ("Harbour bridge closed | ?", "?"),
    ],
)
def test_what_may_be_the_headline_stays(title: str, name: str) -> None:
    assert without_publisher(title, [name]) == title


def test_what_stands_before_the_name_after_a_dash_is_part_of_the_sentence() -> None:
    assert without_publisher(f"{BRIDGE} - thousands flee - Example", ["Example"]) == f"{BRIDGE} - thousands flee"
    assert without_publisher(f"{BRIDGE} | one of four words | Example", ["Example"]) == f"{BRIDGE} | one of four words"


WORDS = st.sampled_from(["Example", "News", "the", "bridge", "Harbour", "|", "-", "::", "\u00bb", ":", "x", "\u6a4b"])


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60), st.lists(WORDS | st.text(max_size=8)))
@example("a b c d e f g h i j | Example News | News", ["Example", "News"])
def test_cutting_twice_changes_nothing_and_never_takes_the_whole(title: str, names: list[str]) -> None:
    cut = without_publisher(title, names)
    assert without_publisher(cut, names) == cut
    assert cut in title
    assert cut or not title
