"""Headlines and bodies as readers should see them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from themeline.ingest.core.titles import clean_text, clean_title, normalised_title


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("**Trump Visits Texas**", "Trump Visits Texas"),
        ("New Resort Opens**", "New Resort Opens"),
        ("**New Resort Opens", "New Resort Opens"),
        ("*Breaking* news", "Breaking news"),
        ("***Breaking***: news", "Breaking: news"),
        ("_The Guardian_ wins", "The Guardian wins"),
        ("`ls` explained", "ls explained"),
        ("# Heading #", "Heading"),
        ("* Item", "Item"),
        ("Headline*", "Headline"),
        ("“What?**", "“What?"),
        ("[Read this](https://example.com/x) now", "Read this now"),
        ("AT&amp;T buys Time", "AT&T buys Time"),
        ("AT&amp;amp;T buys Time", "AT&T buys Time"),
        ("It&#39;s &quot;over&quot;", 'It\'s "over"'),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("<i>Times</i> of <script>alert(1)</script>need", "Times of need"),
        ("A <svg/onload=x> B <script x>y</script>", "A B"),
        ("A <!-- comment --> B <![CDATA[C]]>", "A B C"),
        ("Bridge <img src=x onerror=y", "Bridge < img src=x onerror=y"),
        ("If a<b then c=d", "If a< b then c=d"),
        ("A <!-- unfinished", "A < !-- unfinished"),
        ("<<b>b>Bold</b> move", "Bold move"),
        ("CafÃ© opens, donâ€™t miss it", "Café opens, don’t miss it"),
        ("a\u202eb\u200bc\x00d\ud800e\ufefff", "abcdef"),
        ("Cafe\u0301", "Café"),
        ("  one\t two\r\nthree\u00a0 four ", "one two three four"),
    ],
)
def test_what_is_not_headline_goes(raw: str, clean: str) -> None:
    assert clean_title(raw) == clean


@pytest.mark.parametrize(
    "title",
    [
        "2 * 3 = 6", "2 ** 3", "C# and F#", "Learn C#", "snake_case_name", "F***", "What the f*** is this",
        "S**t happens", "OpenAI's Q*", "First image of Sgr A*", "M*A*S*H at 50", "#MeToo five years on",
        "Is 5 < 6 > 4?", "Apple<Google: who wins", "a<b and c>d", "Q&A: R&D", "[Video] Crash", "rock `n' roll",
        "می\u200cخواهم", "👩\u200d👧 family", "Путин и Си", "“Quoted” title’s — end…",
    ],
)  # fmt: skip
def test_what_belongs_to_a_headline_stays(title: str) -> None:
    assert clean_title(title) == title


@pytest.mark.parametrize("raw", ["", "   ", "**", "\u200b", "<b></b>", "# *", "\ud800"])
def test_a_headline_of_nothing_readable_is_empty(raw: str) -> None:
    assert clean_title(raw) == ""


@given(st.text(max_size=120) | st.text("*_`#<>b/&amp;lt;! []()", max_size=40))
@example("&am<b></b>p;lt;b&gt;")
def test_cleaning_a_clean_headline_changes_nothing(raw: str) -> None:
    clean = clean_title(raw)
    assert clean_title(clean) == clean
    assert clean == clean.strip()
    assert not {"\n", "\x00", "\u202e", "\ufeff"} & set(clean)
    clean.encode()


@given(st.text(max_size=300))
def test_cleaning_a_clean_body_changes_nothing(raw: str) -> None:
    clean = clean_text(raw)
    assert clean_text(clean) == clean
    assert "\n\n\n" not in clean
    clean.encode()


@pytest.mark.parametrize(
    "raw",
    [
        "<" * 400 + "b>" * 400,
        "&" + "amp;" * 500 + "lt;b&gt;",
        "<b>x" * 5_000,
        "<!--" * 5_000,
        "<![CDATA[" * 5_000,
        "<p " + "=" * 50_000,
        "<a" * 50_000,
        "<div>" * 50_000,
        "<b>" + "*_`" * 5_000,
    ],
    ids=lambda raw: raw[:9],
)
def test_text_made_to_be_cleaned_for_ever_is_clean_at_once(raw: str) -> None:
    for cleaning in (clean_title, clean_text):
        clean = cleaning(raw)
        assert cleaning(clean) == clean
        assert "<b>" not in clean


def test_a_body_of_very_many_tags_loses_them_all() -> None:
    assert clean_text("<b>word</b> " * 3_000) == ("word " * 3_000).strip()


def test_a_body_keeps_its_paragraphs_and_lines() -> None:
    assert clean_text("One\r\n\r\n\r\nTwo  words\nThree ") == "One\n\nTwo words\nThree"


def test_tags_in_a_body_become_paragraphs() -> None:
    assert clean_text("<p>One <b>bold</b></p><p>Two<br>Three</p>") == "One bold\n\nTwo\n\nThree"


def test_headlines_are_compared_by_letters_and_digits() -> None:
    assert normalised_title("“Straße”: 5 – Times!") == normalised_title("'STRASSE' 5 times")
    assert normalised_title("№ 5") == normalised_title("No 5")
    assert normalised_title("?!") == "?!"
    assert normalised_title("Two") != normalised_title("Too")
