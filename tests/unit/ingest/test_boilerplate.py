"""What stands under articles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.boilerplate import without_boilerplate
from themeline.ingest.core.html import html_to_text

BODY = "The bridge over the harbour was closed on Sunday.\n\nFerries take commuters across, the harbour master said."


@pytest.mark.parametrize(
    "line",
    [
        "Read more", "Read more \u2192", "Continue reading\u2026", "Weiterlesen \u00bb", "Lire la suite",
        "Comments (12)", "12 comments", "Share", "Share on Facebook", "Facebook | Twitter | WhatsApp", "Advertisement",
        "Leave a comment", "The post Harbour bridge appeared first on Harbour Courier.",
        "Der Beitrag Br\u00fccke erschien zuerst auf Hafenbote.",
        "La entrada Puente se public\u00f3 primero en Correo.",
        "\u00a9 2025 Harbour Courier. All rights reserved.", "Copyright 2025 Harbour Courier", "(c) 2025 Courier",
        "All rights reserved.", "Sign up for our daily newsletter",
        "Subscribe to our newsletter and never miss a story.",
        "Follow us on Telegram", "Related articles\n\nFerry sinks in storm\n\nMayor visits island school",
        "Read also:\n\nFerry sinks in storm", "Lesen Sie auch\n\nF\u00e4hre im Sturm gesunken",
    ],
)  # fmt: skip
def test_what_stands_under_an_article_is_left_out(line: str) -> None:
    assert without_boilerplate(f"{BODY}\n\n{line}") == BODY
    assert without_boilerplate(f"{BODY}\n\n{line}\n\nComments") == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Read more books, the minister told pupils.",
        "Copyright holders protested against the plan.",
        "The post office closed its doors.",
        "\u201cShare what you have,\u201d she said.",
        "Related articles of the law were repealed.",
        "More than forty people were rescued.",
        "Comments by the mayor were not well received.",
    ],
)
def test_what_may_be_a_sentence_of_the_article_stays(line: str) -> None:
    assert without_boilerplate(f"{BODY}\n\n{line}") == f"{BODY}\n\n{line}"


def test_what_stands_inside_of_the_article_stays() -> None:
    text = f"Read more\n\n{BODY}\n\nRelated articles\n\nFerry sinks\n\nThat was the fourth time this year."
    assert without_boilerplate(text) == text


def test_a_text_of_nothing_else_stays() -> None:
    assert without_boilerplate("Read more\n\nComments") == "Read more\n\nComments"


def test_a_last_paragraph_that_only_leads_away_is_left_out_in_any_language() -> None:
    paragraph = "<p>The bridge over the harbour was closed on Sunday morning, hours after high waves hit its piers.</p>"
    link = '<p><a href="https://example.com/a">\u041f\u043e\u0434\u0440\u043e\u0431\u043d\u0435\u0435</a></p>'
    assert html_to_text(paragraph * 3 + link) == html_to_text(paragraph * 3)
    assert html_to_text(f"{paragraph * 3}<div><ul><li><a>One</a></li><li><a>Two</a></li></ul></div>").endswith("piers.")


@pytest.mark.parametrize("end", ["<p>by <a>Ada</a></p>", "tail", "<a>inline</a>"])
def test_a_paragraph_with_words_beside_its_link_stays(end: str) -> None:
    assert html_to_text("<p>" + "A long story. " * 20 + f"</p>{end}").endswith(html_to_text(end))


def test_a_text_of_links_stays() -> None:
    assert html_to_text("<p><a>One</a></p><p><a>Two</a></p>") == "One\n\nTwo"


@given(
    st.lists(st.sampled_from(["Read more", "A sentence.", "Related", "headline", "", "\u00a9 2025"])).map("\n\n".join)
)
def test_leaving_out_twice_changes_nothing(text: str) -> None:
    once = without_boilerplate(text)
    assert without_boilerplate(once) == once
    assert text.startswith(once)
