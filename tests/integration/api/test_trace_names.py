"""Where is it? By which names it is found, and what is known of what was never accepted."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from api_client import Get, problem
from factories import (
    NOON,
    hours,
    make_source,
)
from themeline.shared.core.urls import url_digest
from traced import SECRET, URL, after, an_article, read_page, reject, told


def test_an_address_that_was_only_ever_rejected_says_why(session: Session, get: Get) -> None:
    reject(session, times=2, last_at=NOON)
    reject(session, type="blocked", detail="The block list of its source has the pattern '*'.", last_at=NOON + hours(1))
    reject(session, url_digest=url_digest("https://paper.example/other"))

    answer = get("/v1/trace", url="https://www.paper.example/bridge/?utm_source=mail#top")

    assert answer.json()["id"] is answer.json()["state"] is None
    assert told(answer.json()) == [("rejected", "missing-field"), ("rejected", "blocked")]
    assert answer.json()["summary"].startswith("rejected 3 times, last ")
    assert answer.json()["summary"].endswith("ago: The block list of its source has the pattern '*'")
    assert SECRET not in answer.text


def test_rejections_are_found_by_identifier_and_source_and_by_what_is_no_address(session: Session, get: Get) -> None:
    reject(session, url=None, url_digest=None, external_id="7", source="daily-courier")
    reject(session, url="ftp://paper.example/", url_digest=None, external_id=None, source=None)

    by_id = get("/v1/trace", external_id="7", source="Daily Courier").json()
    by_address = get("/v1/trace", url=" ftp://paper.example/").json()

    assert told(by_id) == told(by_address) == [("rejected", "missing-field")]
    assert problem(get("/v1/trace", external_id="7", source="Evening Post")) == (404, "unknown-article")
    assert problem(get("/v1/trace", url="ftp://paper.example/else")) == (404, "unknown-article")


def test_an_article_tells_what_was_rejected_by_any_of_its_names(session: Session, get: Get) -> None:
    source = make_source(session, "Daily Courier")
    article = an_article(session, source=source, external_id="7")
    reject(session)
    reject(session, url=None, url_digest=None, external_id="7", source="daily-courier")
    reject(session, url=None, url_digest=None, external_id="7", source="evening-post")
    reject(session, url=None, url_digest=None, external_id=None, source=None)

    answer = get("/v1/trace", external_id="7", source="daily-courier").json()

    assert answer["id"] == str(article.public_id)
    assert told(answer).count(("rejected", "missing-field")) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "waiting"}, "its page waits to be read"),
        ({"state": "waiting", "attempts": 1, "status": 503}, "its page waits to be read (tried once; it answered 503)"),
        ({"state": "refused", "reason": "robots.txt forbids it"}, "its page was refused: robots.txt forbids it"),
        (
            {"state": "failed", "attempts": 5, "status": 404},
            "its page could not be read: tried 5 times; it answered 404",
        ),
        (
            {"state": "failed", "attempts": 1, "status": 404, "reason": "it answered 404 Not Found"},
            "its page could not be read: tried once; it answered 404 Not Found",
        ),
        (
            {"state": "failed", "attempts": 1, "status": 503, "reason": "it asks too long a pause"},
            "its page could not be read: tried once; it answered 503; it asks too long a pause",
        ),
    ],
)
def test_what_became_of_its_page_is_told(session: Session, get: Get, values: dict[str, Any], words: str) -> None:
    article = an_article(session)
    read_page(session, article, **values)

    answer = get(f"/v1/articles/{article.public_id}/trace").json()

    assert ("page", values["state"]) in told(answer)
    assert answer["summary"].endswith(words)


def test_the_page_of_an_address_without_an_article_is_found(session: Session, get: Get) -> None:
    read_page(session, None, state="waiting")

    answer = get("/v1/trace", url=URL).json()

    assert (told(answer), answer["summary"]) == ([("page", "waiting")], "its page waits to be read")
    assert problem(get("/v1/trace", external_id="7", source="Daily Courier")) == (404, "unknown-article")


def test_the_text_of_a_page_is_told_as_such(session: Session, get: Get) -> None:
    article = an_article(session, version=2, cause="completed", origin="feed")
    read_page(session, article, state="read", ended_at=after(10))

    answer = get(f"/v1/articles/{article.public_id}/trace").json()

    assert answer["steps"][0]["detail"] == "with the text of its page"
    assert "its page" not in answer["summary"]


def test_of_several_articles_at_one_address_the_live_one_is_meant(session: Session, get: Get) -> None:
    an_article(session, withdrawn_at=NOON)
    live = an_article(session, url=None)
    live.url = URL

    assert get("/v1/trace", url=URL).json()["id"] == str(live.public_id)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"url": URL, "external_id": "7", "source": "x"},
        {"external_id": "7"},
        {"url": URL, "source": "x"},
        {"url": ""},
        {"url": "\0"},
        {"id": "\0"},
        {"url": "x" * 5_000},
    ],
)
def test_what_is_asked_after_has_one_name(get: Get, parameters: dict[str, str]) -> None:
    assert problem(get("/v1/trace", **parameters)) == (400, "invalid-parameter")


@pytest.mark.parametrize("name", ["nobody", "x" * 36, "8a1f0f6e-6a1c-4b8e-9d51-3d0c5b9f2e77"])
def test_what_nobody_knows_is_unknown(get: Get, name: str) -> None:
    assert problem(get(f"/v1/articles/{name}/trace")) == (404, "unknown-article")
    assert problem(get("/v1/trace", id=name)) == (404, "unknown-article")
    assert problem(get("/v1/trace", url=f"https://paper.example/{name}")) == (404, "unknown-article")
