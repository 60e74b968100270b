"""Pages that are no articles."""

import pytest

from themeline.ingest.core.htmlpages import PageProblem, parse_html_page, read_page
from themeline.ingest.core.pages import NotANewsPageError

SENTENCE = "The bridge over the harbour was closed on Sunday morning, hours after high waves hit its piers. "
PARAGRAPHS = "".join(f"<p>{SENTENCE}Buses wait on both sides, {number} of many.</p>" for number in range(5))
MARKED = '<meta property="og:type" content="article">'
ROWS = "".join(
    f"<article><h2><a href=/{number}>Headline {number}</a></h2><p>{SENTENCE}</p></article>" for number in range(9)
)


def problem(body: str, head: str = "", *, title: str = "Harbour bridge closed", url: str | None = None) -> str | None:
    page = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return read_page(page, url=url).problem


@pytest.mark.parametrize("head", ["", MARKED])
def test_a_page_with_a_title_and_a_text_is_an_article(head: str) -> None:
    assert problem(f"<article><h1>Harbour bridge closed</h1>{PARAGRAPHS}</article>", head) is None


@pytest.mark.parametrize(
    "title",
    [
        "404", "404 Not Found", "Error 404 - Page not found", "HTTP 500", "Page not found | Example", "Access Denied",
        "403 Forbidden", "502 Bad Gateway", "Service Unavailable", "Seite nicht gefunden", "Page introuvable",
        "P\u00e1gina no encontrada",
        "\u0421\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d\u0430",
        "This page could not be found", "Article no longer available",
    ],
)  # fmt: skip
def test_error_pages_are_recognised(title: str) -> None:
    assert problem("<h1>Sorry</h1><p>Go back to our front page.</p>", title=title) == PageProblem.ERROR_PAGE


@pytest.mark.parametrize(
    "title",
    ["Just a moment...", "Are you a robot?", "Log in", "Before you continue", "We value your privacy", "Anmelden"],
)
def test_walls_are_recognised(title: str) -> None:
    assert problem("<p>One more step.</p>", title=title) == PageProblem.ACCESS_WALL


def test_a_page_that_asks_for_a_password_and_says_nothing_else_is_a_wall() -> None:
    assert problem("<form><input name=user><input type=password></form>") == PageProblem.ACCESS_WALL


@pytest.mark.parametrize("title", ["404: where lost pages go", "Cookie consent explained", "Page not found: a history"])
def test_an_article_may_be_about_errors_and_walls(title: str) -> None:
    assert problem(f"<article>{PARAGRAPHS}</article>", MARKED, title=title) is None
    assert problem(f"<article>{PARAGRAPHS * 4}</article>", title=title) is None


@pytest.mark.parametrize("title", ["Swimming forbidden at beach", "Ministers ask for consent", "Gold not found here"])
def test_a_headline_with_such_words_is_one(title: str) -> None:
    assert problem(f"<div>{PARAGRAPHS}</div>", title=title) is None


def test_a_login_beside_a_long_text_is_no_wall() -> None:
    assert problem(f"<form><input type=password></form><article>{PARAGRAPHS * 4}</article>") is None


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta http-equiv="refresh" content="0; url=https://example.com/a">', ""),
        ("<meta http-equiv=Refresh content='5;URL=/a'>", "<p>You are being forwarded.</p>"),
    ],
)
def test_pages_that_forward_are_recognised(head: str, body: str) -> None:
    assert problem(body, head) == PageProblem.FORWARDING


def test_a_frameset_holds_no_article() -> None:
    page = "<html><head><title>Courier</title></head><frameset cols=50%><frame src=a.html></frameset></html>"
    assert read_page(page).problem == PageProblem.FORWARDING


def test_an_article_that_reloads_itself_is_one() -> None:
    assert problem(f"<article>{PARAGRAPHS}</article>", "<meta http-equiv=refresh content=300>") is None


def test_lists_and_front_pages_are_recognised() -> None:
    assert problem(ROWS) == PageProblem.NO_ARTICLE
    assert problem(f"<article>{PARAGRAPHS}</article>", url="https://example.com/") == PageProblem.NO_ARTICLE
    listed = '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'
    assert problem(f"<div>{PARAGRAPHS}</div>", listed) == PageProblem.NO_ARTICLE


def test_an_article_with_others_under_it_is_one() -> None:
    assert problem(f"<main><article>{PARAGRAPHS}</article></main>{ROWS}", MARKED) is None


def test_a_text_too_short_to_be_an_article_is_recognised() -> None:
    assert problem("<p>Yes.</p>") == PageProblem.TOO_LITTLE_TEXT
    assert problem("<p>Yes.</p>", MARKED) == PageProblem.TOO_LITTLE_TEXT
    assert problem(f"<article><p>{SENTENCE}</p></article>", MARKED) is None


def test_every_problem_is_said_in_words() -> None:
    assert all(case.clause for case in PageProblem)


def test_who_saves_a_page_vouches_for_a_short_text_but_not_for_an_error() -> None:
    assert parse_html_page("<html><head><title>Short</title></head><body><p>Yes.</p></body></html>")["title"] == "Short"
    with pytest.raises(NotANewsPageError, match="error"):
        parse_html_page("<html><head><title>404 Not Found</title></head><body><p>Sorry.</p></body></html>")
