"""One article, by id and by address."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from api_client import Get, problem
from factories import (
    NOON,
    days,
    make_article,
    make_placed,
    make_placement,
    make_quarantine,
    make_source,
    make_story,
    make_theme,
)
from themeline.shared.models import ArticleVersion

JAVASCRIPT = "Sat Jul 12 2025 15:00:00 GMT+0300 (Eastern European Summer Time)"
PUBLISHED = {
    "utc": "2025-07-12T12:00:00Z",
    "http": "Sat, 12 Jul 2025 12:00:00 GMT",
    "raw": JAVASCRIPT,
    "precision": "second",
    "zone_assumed": False,
    "evidence": "push.published",
    "flags": [],
}


def test_an_article_says_everything_that_is_known_of_it(session: Session, get: Get) -> None:
    spoken = {"date": "2025-07-14", "text": "Monday morning", "precision": "morning"}
    theme = make_theme(session, "Bridges")
    story = make_story(session, "Bridge closes", theme=theme)
    article = make_placed(
        session,
        "Bridge to close",
        source=make_source(session, "Daily Courier"),
        story=story,
        published_raw=JAVASCRIPT,
        image="https://paper.example/bridge.jpg",
        placement={"event_dates": [spoken]},
    )

    answer = get(f"/v1/articles/{article.public_id}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "id": str(article.public_id),
        "url": article.url,
        "title": "Bridge to close",
        "source": "Daily Courier",
        "language": "en",
        "image": "https://paper.example/bridge.jpg",
        "published": PUBLISHED,
        "undated": False,
        "published_raw": JAVASCRIPT,
        "ingested_at": "2025-07-12T12:00:00Z",
        "related_at": "2025-07-12T12:00:00Z",
        "version": 1,
        "corrections": 0,
        "corrected_at": None,
        "state": "ready",
        "duplicate_of": None,
        "event_dates": [spoken],
        "story": {"id": str(story.public_id), "label": "Bridge closes"},
        "theme": {"id": str(theme.public_id), "label": "Bridges"},
    }


def test_an_undated_article_has_no_time_is_marked_and_keeps_what_its_source_wrote(session: Session, get: Get) -> None:
    article = make_placed(session, at=None, published_raw="the day before yesterday")

    answer = get(f"/v1/articles/{article.public_id}").json()

    assert answer["published"] is None
    assert answer["undated"] is True
    assert answer["published_raw"] == "the day before yesterday"


def test_an_article_is_pending_until_it_is_placed_and_not_called_undated_before(session: Session, get: Get) -> None:
    article = make_article(session, language="fi")

    answer = get(f"/v1/articles/{article.public_id}").json()

    assert answer["state"] == "pending"
    assert answer["undated"] is False
    assert answer["language"] == "fi"
    assert answer["published"] is answer["related_at"] is answer["story"] is answer["theme"] is None


def test_a_newer_version_pending_leaves_the_time_of_the_older_one_with_its_own_raw_string(
    session: Session, get: Get
) -> None:
    article = make_article(session, version=2, published_raw="2025-08-01T00:00:00Z")
    make_placement(session, article, version=1)
    session.add(
        ArticleVersion(
            article_id=article.id,
            version=1,
            title="Old",
            text="",
            published_raw=JAVASCRIPT,
            changed_at=NOON,
        )
    )

    answer = get(f"/v1/articles/{article.public_id}").json()

    assert (answer["state"], answer["version"], answer["title"]) == ("pending", 2, article.title)
    assert answer["published"]["utc"] == "2025-07-12T12:00:00Z"
    assert answer["published"]["raw"] == JAVASCRIPT


def test_an_article_set_aside_in_this_version_is_quarantined(session: Session, get: Get) -> None:
    now, before = make_article(session), make_article(session, version=2)
    make_quarantine(session, now)
    make_quarantine(session, before, version=1)

    assert get(f"/v1/articles/{now.public_id}").json()["state"] == "quarantined"
    assert get(f"/v1/articles/{before.public_id}").json()["state"] == "pending"


def test_a_copy_names_its_original_unless_that_may_not_be_seen(session: Session, get: Get) -> None:
    original = make_placed(session)
    copy = make_placed(session, placement={"duplicate_of": original.id})

    assert get(f"/v1/articles/{copy.public_id}").json()["duplicate_of"] == str(original.public_id)

    original.withdrawn_at = NOON
    assert get(f"/v1/articles/{copy.public_id}").json()["duplicate_of"] is None


def test_a_withdrawn_article_is_gone(session: Session, get: Get) -> None:
    article = make_placed(session, withdrawn_at=NOON)

    for path in ("", "/related"):
        assert problem(get(f"/v1/articles/{article.public_id}{path}")) == (410, "withdrawn-article")
    assert problem(get("/v1/articles", url=article.url)) == (410, "withdrawn-article")


@pytest.mark.parametrize("withdrawn_at", [None, NOON])
def test_an_embargoed_article_is_as_unknown_as_one_that_does_not_exist(
    session: Session, get: Get, withdrawn_at: object
) -> None:
    article = make_placed(session, embargo_until=datetime.now(UTC) + days(1), withdrawn_at=withdrawn_at)

    for path in ("", "/related"):
        hidden = get(f"/v1/articles/{article.public_id}{path}")
        unknown = get(f"/v1/articles/{(nobody := uuid4())}{path}")
        assert problem(hidden) == problem(unknown) == (404, "unknown-article")
        assert hidden.text.replace(str(article.public_id), "") == unknown.text.replace(str(nobody), "")
    assert problem(get("/v1/articles", url=article.url)) == (404, "unknown-article")


def test_an_embargo_that_has_passed_hides_nothing(session: Session, get: Get) -> None:
    article = make_placed(session, embargo_until=NOON)

    assert get(f"/v1/articles/{article.public_id}").json()["state"] == "ready"


@pytest.mark.parametrize(
    "name",
    [
        "1",
        "no-id",
        "%00",
        "%F0%9F%A6%86",
        "{0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11}",
        "0b0f6c0e5b1f4c5e9d0a2f7a6a1c9e11",
        "urn:uuid:0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11",
        "x" * 3000,
    ],
)
def test_what_is_no_id_is_unknown(get: Get, name: str) -> None:
    answer = get(f"/v1/articles/{name}")

    assert problem(answer) == (404, "unknown-article")
    assert len(answer.text) < 500


def test_the_problem_of_an_unknown_id_names_it(get: Get) -> None:
    nobody = str(uuid4())

    assert nobody in get(f"/v1/articles/{nobody}").json()["detail"]


@pytest.mark.parametrize(
    "spelling",
    [
        "https://paper.example/a/b?id=1",
        "https://paper.example/a/b/?id=1#top",
        "HTTPS://PAPER.example:443/a/b?id=1",
        "http://www.paper.example/a/b?id=1&utm_source=mail",
        " https://paper.example/a/b?id=1 ",
    ],
)
def test_an_address_finds_its_article_in_any_spelling(session: Session, get: Get, spelling: str) -> None:
    article = make_placed(session, url="https://paper.example/a/b?id=1")

    assert get("/v1/articles", url=spelling).json()["id"] == str(article.public_id)


@pytest.mark.parametrize(
    "url", ["https://paper.example/none", "javascript:alert(1)", "http://[", "nonsense", "https://a:99999/"]
)
def test_an_address_that_nothing_has_is_unknown(get: Get, url: str) -> None:
    assert problem(get("/v1/articles", url=url)) == (404, "unknown-article")


def test_of_two_articles_with_one_address_the_visible_one_is_found(session: Session, get: Get) -> None:
    owner = make_placed(session, url="https://paper.example/x", withdrawn_at=NOON)
    article = make_placed(session, url=None)
    article.url = owner.url

    assert get("/v1/articles", url="https://paper.example/x").json()["id"] == str(article.public_id)


def test_an_address_names_one_article_and_takes_no_other_filter(session: Session, get: Get) -> None:
    answer = get("/v1/articles", url="https://paper.example/x", source="Courier")

    assert problem(answer) == (400, "invalid-parameter")
    assert answer.json()["parameter"] == "source"


def test_fractions_of_a_second_are_kept_where_there_are_any(session: Session, get: Get) -> None:
    article = make_placed(session, at=NOON.replace(microsecond=250_000), ingested_at=NOON.replace(microsecond=7))

    answer = get(f"/v1/articles/{article.public_id}").json()

    assert answer["published"]["utc"] == "2025-07-12T12:00:00.250Z"
    assert answer["published"]["http"] == "Sat, 12 Jul 2025 12:00:00 GMT"
    assert answer["ingested_at"] == "2025-07-12T12:00:00.000007Z"
