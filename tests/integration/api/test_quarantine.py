"""The list of what was set aside."""

from datetime import timedelta

from sqlalchemy.orm import Session

from api_client import Get, problem
from factories import NOON, hours, make_article, make_placed, make_quarantine, make_source


def test_it_says_what_was_set_aside_why_and_since_when(session: Session, get: Get) -> None:
    article = make_article(session, "Too much", source=make_source(session, "Daily Courier"))
    make_quarantine(session, article, attempts=3, solo_attempts=3, last_error="ValueError: too much")
    make_placed(session)

    answer = get("/v1/quarantine")

    assert answer.json() == {
        "items": [
            {
                "id": str(article.public_id),
                "url": article.url,
                "title": "Too much",
                "source": "Daily Courier",
                "version": 1,
                "attempts": 3,
                "last_error": "ValueError: too much",
                "since": "2025-07-12T12:00:00Z",
            }
        ],
        "next": None,
    }


def test_it_is_paged_from_the_latest_to_the_earliest(session: Session, get: Get) -> None:
    made = [make_article(session) for _ in range(5)]
    for number, article in enumerate(made):
        make_quarantine(session, article, quarantined_at=NOON + hours(number // 2))

    seen, cursor = [], None
    while True:
        page = get("/v1/quarantine", limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == [str(article.public_id) for article in reversed(made)]


def test_withdrawn_embargoed_and_newer_versions_are_not_listed(session: Session, get: Get) -> None:
    withdrawn, embargoed, changed = (make_article(session) for _ in range(3))
    for article in (withdrawn, embargoed, changed):
        make_quarantine(session, article)
    withdrawn.withdrawn_at = NOON
    embargoed.embargo_until = NOON + timedelta(days=100_000)
    changed.version = 2

    assert get("/v1/quarantine").json() == {"items": [], "next": None}


def test_a_cursor_of_another_list_is_a_problem(session: Session, get: Get) -> None:
    for _ in range(2):
        make_placed(session)
    other = get("/v1/articles", limit=1).json()["next"]

    assert problem(get("/v1/quarantine", cursor=other)) == (400, "invalid-parameter")
