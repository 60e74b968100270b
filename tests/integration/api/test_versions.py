"""The versions of an article."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api_client import Get, problem
from factories import NOON, hours, make_article, make_placed
from themeline.shared.models import Article, ArticleVersion


def revise(session: Session, article: Article, cause: str, **values: Any) -> None:
    """Give an article another version an hour later, as ingest does."""
    names = ("version", "title", "text", "published_raw", "updated_raw", "cause", "changed_at")
    kept = {name: getattr(article, name) for name in names}
    session.add(ArticleVersion(article_id=article.id, **kept))
    changed = {"version": article.version + 1, "cause": cause, "changed_at": article.changed_at + hours(1)}
    for name, value in (changed | values).items():
        setattr(article, name, value)
    session.flush()


def an_article(session: Session, **values: Any) -> Article:
    defaults: dict[str, Any] = {"changed_at": NOON, "cause": "published", "published_raw": "Saturday"}
    return make_article(session, "Bridge to close", **defaults | values)


def test_an_article_of_one_version_has_no_corrections(session: Session, get: Get) -> None:
    article = an_article(session, text="It closes. It opens.")

    assert get(f"/v1/articles/{article.public_id}/versions").json() == {
        "id": str(article.public_id),
        "corrections": 0,
        "corrected_at": None,
        "items": [
            {
                "version": 1,
                "at": "2025-07-12T12:00:00Z",
                "cause": "published",
                "title": "Bridge to close",
                "published_raw": "Saturday",
                "words": 4,
                "changes": None,
            }
        ],
        "next": None,
    }


def test_each_version_says_what_it_changed(session: Session, get: Get) -> None:
    article = an_article(session, text="")
    revise(session, article, "completed", text="It closes on Monday. It opens in May.")
    revise(session, article, "changed", text="It closes on Tuesday. It opens in May.", title="Bridge to close soon")
    revise(session, article, "changed", published_raw="Sunday")
    revise(session, article, "retried")

    shown = get(f"/v1/articles/{article.public_id}").json()
    answer = get(f"/v1/articles/{article.public_id}/versions").json()

    for each in (shown, answer):
        assert (each["corrections"], each["corrected_at"]) == (2, "2025-07-12T15:00:00Z")
    assert [(item["version"], item["cause"]) for item in answer["items"]] == [
        (5, "retried"), (4, "changed"), (3, "changed"), (2, "completed"), (1, "published"),
    ]  # fmt: skip
    assert [item["changes"] for item in answer["items"]] == [
        {"title": None, "published": None, "text": [], "more": 0},
        {"title": None, "published": {"from": "Saturday", "to": "Sunday"}, "text": [], "more": 0},
        {
            "title": {"from": "Bridge to close", "to": "Bridge to close soon"},
            "published": None,
            "text": [{"op": "replace", "from": "It closes on Monday.", "to": "It closes on Tuesday."}],
            "more": 0,
        },
        {
            "title": None,
            "published": None,
            "text": [{"op": "insert", "from": None, "to": "It closes on Monday. It opens in May."}],
            "more": 0,
        },
        None,
    ]
    assert [item["words"] for item in answer["items"]] == [8, 8, 8, 8, 0]


@pytest.mark.parametrize(
    ("causes", "corrections", "corrected_at"),
    [
        ([], 0, None),
        (["completed"], 0, None),
        (["changed"], 1, "2025-07-12T13:00:00Z"),
        (["changed", "changed"], 2, "2025-07-12T14:00:00Z"),
        (["changed", "withdrawn", "restored"], 1, "2025-07-12T13:00:00Z"),
    ],
)
def test_an_article_says_how_often_it_was_corrected(
    session: Session, get: Get, causes: list[str], corrections: int, corrected_at: str | None
) -> None:
    article = an_article(session)
    for cause in causes:
        revise(session, article, cause)
    make_placed(session)

    listed = get("/v1/articles").json()["items"]
    shown = next(one for one in listed if one["id"] == str(article.public_id))

    assert (shown["corrections"], shown["corrected_at"]) == (corrections, corrected_at)


def test_pages_meet_without_losing_a_difference(session: Session, get: Get) -> None:
    article = an_article(session)
    for number in range(2, 6):
        revise(session, article, "changed", title=f"Title {number}")

    path = f"/v1/articles/{article.public_id}/versions"
    whole = get(path).json()["items"]
    seen, cursor = [], None
    while True:
        page = get(path, limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == whole
    assert len(whole) == 5


def test_the_versions_of_an_article_that_nobody_may_see_are_not_told(session: Session, get: Get) -> None:
    withdrawn = an_article(session, withdrawn_at=NOON)
    embargoed = an_article(session, embargo_until=NOON + timedelta(days=100_000))

    assert problem(get(f"/v1/articles/{withdrawn.public_id}/versions")) == (410, "withdrawn-article")
    assert problem(get(f"/v1/articles/{embargoed.public_id}/versions")) == (404, "unknown-article")
    assert problem(get("/v1/articles/nobody/versions")) == (404, "unknown-article")


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "51"), ("cursor", "nonsense")])
def test_parameters_are_checked(session: Session, get: Get, name: str, value: str) -> None:
    article = an_article(session)
    assert problem(get(f"/v1/articles/{article.public_id}/versions", **{name: value})) == (400, "invalid-parameter")
