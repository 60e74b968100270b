"""The list of themes: its order, its pages, what it leaves out."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from api_client import Get
from factories import NOON, days, hours, make_placed, make_story, make_theme


def labels(answer: dict[str, Any]) -> list[str]:
    return [item["label"] for item in answer["items"]]


def make_full_theme(session: Session, label: str, at: datetime, number: int = 1, **values: Any) -> str:
    """Store a theme of one story with `number` articles an hour apart, the last of them at `at`."""
    theme = make_theme(session, label, last_at=at, **values)
    story = make_story(session, theme=theme, last_at=at)
    for hour in range(number):
        make_placed(session, f"{label} {hour}", story=story, at=at - hours(hour))
    return str(theme.public_id)


def test_themes_are_listed_by_last_activity(session: Session, get: Get) -> None:
    make_full_theme(session, "older", NOON)
    make_full_theme(session, "newer", NOON + hours(1))
    make_theme(session, "merged", merged_into=make_theme(session).id)

    assert labels(get("/v1/themes").json()) == ["newer", "older"]


def test_a_theme_with_an_embargoed_article_is_placed_by_what_may_be_seen(session: Session, get: Get) -> None:
    later = datetime.now(UTC) + days(1)
    make_full_theme(session, "older", NOON - days(1))
    theme = make_theme(session, "half hidden", last_at=later)
    story = make_story(session, theme=theme)
    make_placed(session, story=story, at=NOON)
    make_placed(session, story=story, at=later, embargo_until=later)
    make_full_theme(session, "newer", NOON + days(1))

    first = get("/v1/themes", limit=1).json()
    second = get("/v1/themes", limit=1, cursor=first["next"]).json()
    third = get("/v1/themes", limit=1, cursor=second["next"]).json()

    assert [*labels(first), *labels(second), *labels(third)] == ["newer", "half hidden", "older"]
    assert third["next"] is None


def test_themes_come_in_pages_also_when_many_were_active_at_once(session: Session, get: Get) -> None:
    for number in range(5):
        make_full_theme(session, f"{number}", NOON)

    found: list[str] = []
    answer = get("/v1/themes", limit=2).json()
    while answer["next"]:
        found += labels(answer)
        answer = get("/v1/themes", limit=2, cursor=answer["next"]).json()

    assert [*found, *labels(answer)] == ["4", "3", "2", "1", "0"]


def test_small_themes_can_be_left_out(session: Session, get: Get) -> None:
    make_full_theme(session, "large", NOON, number=3)
    make_full_theme(session, "small", NOON + hours(1), number=1)

    assert labels(get("/v1/themes", min_articles=2).json()) == ["large"]
    assert labels(get("/v1/themes", min_articles=2, limit=1).json()) == ["large"]
    assert labels(get("/v1/themes", min_articles=4).json()) == []
