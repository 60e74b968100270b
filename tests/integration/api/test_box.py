"""The box More on theme."""

import pytest
from sqlalchemy.orm import Session

from api_client import Get, problem
from boxes import relate, titles
from factories import (
    NOON,
    days,
    hours,
    make_article,
    make_placed,
    make_placement,
    make_quarantine,
    make_relation,
    make_signals,
    make_source,
    make_story,
)
from themeline.shared.core.reasons import Signal
from themeline.shared.models import Article


@pytest.fixture
def main(session: Session) -> Article:
    """The article whose box is asked for."""
    return make_placed(session, "The main article")


def test_a_box_shows_its_article_and_each_item_in_full(session: Session, get: Get) -> None:
    story = make_story(session)
    main = make_placed(session, story=story, placement={"names": ["Kyiv", "Rubio"], "terms": ["talk", "truce"]})
    other = make_placed(
        session,
        "Talks go on",
        source=make_source(session, "Evening Tribune"),
        story=story,
        at=NOON + hours(1),
        image="https://paper.example/talks.jpg",
        placement={"names": ["RUBIO", "Paris"], "terms": ["truce"]},
    )
    signals = make_signals({Signal.NAMES: 24, Signal.LEXICAL: 16, Signal.DENSE: 8, Signal.TIME: -9})
    make_relation(session, main, other, theme=0.93, signals=signals)

    answer = get(f"/v1/articles/{main.public_id}/related")

    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert answer.json() == {
        "article": get(f"/v1/articles/{main.public_id}").json(),
        "items": [
            {
                "id": str(other.public_id),
                "url": other.url,
                "title": "Talks go on",
                "source": "Evening Tribune",
                "image": "https://paper.example/talks.jpg",
                "published": {"utc": "2025-07-12T13:00:00Z", "http": "Sat, 12 Jul 2025 13:00:00 GMT"},
                "undated": False,
                "score": 0.93,
                "level": "story",
                "copies": 1,
                "sources": ["Evening Tribune"],
                "reasons": [
                    {"signal": "names", "weight": 0.5, "shared": ["Rubio"]},
                    {"signal": "lexical", "weight": 0.33, "shared": ["truce"]},
                    {"signal": "dense", "weight": 0.17, "shared": []},
                ],
            }
        ],
        "pending": False,
        "notice": None,
    }


def test_a_relation_is_in_the_boxes_of_both_articles(session: Session, get: Get, main: Article) -> None:
    later = relate(session, main, "later")

    assert titles(get, main) == ["later"]
    assert titles(get, later) == [main.title]


def test_the_best_are_chosen_first_and_then_ordered_by_time(session: Session, get: Get, main: Article) -> None:
    relate(session, main, "worst but newest", 0.60, at=NOON + hours(5))
    relate(session, main, "best but oldest", 0.99, at=NOON - hours(5))
    relate(session, main, "good", 0.90, at=NOON + hours(1))

    assert titles(get, main, limit=2) == ["good", "best but oldest"]
    assert titles(get, main, limit=2, order="score") == ["best but oldest", "good"]
    assert titles(get, main) == ["worst but newest", "good", "best but oldest"]


def test_ties_are_broken_the_same_way_every_time(session: Session, get: Get, main: Article) -> None:
    for number in range(6):
        relate(session, main, f"{number}", 0.8)

    assert titles(get, main, limit=3) == titles(get, main, limit=3, order="score") == ["5", "4", "3"]


def test_twenty_are_in_a_box_unless_told_otherwise(session: Session, get: Get, main: Article) -> None:
    source = make_source(session)
    story = make_story(session)
    for number in range(21):
        relate(session, main, f"{number}", source=source, story=story)

    assert len(titles(get, main)) == 20
    assert len(titles(get, main, limit=200)) == 21


def test_the_level_says_which_probability_counts_and_filters_no_members(
    session: Session, get: Get, main: Article
) -> None:
    relate(session, main, "same theme", 0.95, story_score=0.70)
    relate(session, main, "same story", 0.90, story_score=0.90)
    relate(session, main, "theme alone", 0.99, story_score=0.01)

    assert titles(get, main, order="score") == ["theme alone", "same theme", "same story"]
    assert titles(get, main, order="score", level="story") == ["same story", "same theme"]
    box = get(f"/v1/articles/{main.public_id}/related", level="story", order="score").json()
    assert [item["score"] for item in box["items"]] == [0.9, 0.7]
    assert {item["level"] for item in box["items"]} == {"theme"}


def test_an_items_level_is_the_narrowest_that_both_share(session: Session, get: Get) -> None:
    story = make_story(session)
    main = make_placed(session, story=story)
    relate(session, main, "same story", 0.9, story=story)
    relate(session, main, "other story", 0.8)

    box = get(f"/v1/articles/{main.public_id}/related", order="score").json()

    assert [item["level"] for item in box["items"]] == ["story", "theme"]


@pytest.mark.parametrize(
    ("window", "found"),
    [
        (None, {"hour", "week"}),
        ("7d", {"hour", "week"}),
        ("1w", {"hour", "week"}),
        ("24h", {"hour"}),
        ("60m", {"hour"}),
        ("59m", set()),
        ("36525d", {"hour", "week", "month"}),
        ("all", {"hour", "week", "month"}),
    ],
)
@pytest.mark.parametrize("direction", [1, -1])
def test_the_window_bounds_the_time_between_the_two_before_and_after(
    session: Session, get: Get, main: Article, window: str | None, found: set[str], direction: int
) -> None:
    for title, distance in (("hour", hours(1)), ("week", days(7)), ("month", days(30))):
        relate(session, main, title, at=NOON + direction * distance)

    assert set(titles(get, main, **({"window": window} if window else {}))) == found


def test_a_relation_below_the_floor_is_left_out_and_zero_shows_every_one(
    session: Session, get: Get, main: Article
) -> None:
    relate(session, main, "strong", 0.97)
    relate(session, main, "weak", 0.02)
    relate(session, main, "none", 0.0)

    assert titles(get, main) == ["strong"]
    assert titles(get, main, min_score=0, order="score") == ["strong", "weak", "none"]
    assert titles(get, main, min_score=0.01, order="score") == ["strong", "weak"]
    assert titles(get, main, min_score=1) == []


@pytest.mark.parametrize("score", [0.1, 0.3, 0.7, 0.93, 0.123456789])
def test_the_score_of_an_item_used_as_the_floor_keeps_the_item(
    session: Session, get: Get, main: Article, score: float
) -> None:
    relate(session, main, "other", score)
    shown = get(f"/v1/articles/{main.public_id}/related", min_score=0).json()["items"][0]["score"]

    assert titles(get, main, min_score=shown) == ["other"]


def test_an_undated_item_has_no_time_is_marked_and_sorts_by_its_ingest_time(
    session: Session, get: Get, main: Article
) -> None:
    relate(session, main, "newer", at=NOON + hours(2))
    relate(session, main, "undated", at=None, ingested_at=NOON + hours(1))
    relate(session, main, "older", at=NOON)

    box = get(f"/v1/articles/{main.public_id}/related").json()["items"]

    assert [(item["title"], item["undated"]) for item in box] == [
        ("newer", False),
        ("undated", True),
        ("older", False),
    ]
    assert box[1]["published"] is None


def test_a_box_is_empty_and_says_so_while_the_first_version_is_pending(session: Session, get: Get) -> None:
    article = make_article(session)

    answer = get(f"/v1/articles/{article.public_id}/related")

    assert answer.json()["items"] == []
    assert answer.json()["pending"] is True
    assert "computed" in answer.json()["notice"]
    assert answer.json()["article"]["state"] == "pending"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["retry-after"]) >= 1


def test_a_box_says_why_it_is_empty_where_its_article_was_set_aside(session: Session, get: Get) -> None:
    article = make_article(session)
    make_quarantine(session, article)

    box = get(f"/v1/articles/{article.public_id}/related").json()

    assert (box["items"], box["pending"], box["article"]["state"]) == ([], False, "quarantined")
    assert "set aside" in box["notice"]


def test_a_newer_version_pending_or_set_aside_leaves_the_last_box_in_place(session: Session, get: Get) -> None:
    article = make_article(session, version=2)
    make_placement(session, article, version=1)
    relate(session, article, "other")

    assert titles(get, article) == ["other"]
    make_quarantine(session, article)
    assert titles(get, article) == ["other"]


def test_a_box_without_relations_is_empty_and_not_pending(get: Get, main: Article) -> None:
    box = get(f"/v1/articles/{main.public_id}/related").json()

    assert (box["items"], box["pending"], box["notice"]) == ([], False, None)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("limit", "0"),
        ("limit", "201"),
        ("order", "newest"),
        ("level", "article"),
        ("window", "1000000d"),
        ("window", "99999999999999999999d"),
        ("window", "9999999w"),
        ("window", "0h"),
        ("window", "-1d"),
        ("window", "1.5d"),
        ("window", "7"),
        ("window", "P7D"),
        ("window", ""),
        ("window", "7d\0"),
        ("window", "٧d"),
        ("min_score", "1.1"),
        ("min_score", "-0.1"),
        ("min_score", "nan"),
        ("min_score", "inf"),
        ("min_score", "high"),
        ("duplicates", "none"),
    ],
)
def test_a_bad_parameter_is_named(get: Get, main: Article, parameter: str, value: str) -> None:
    answer = get(f"/v1/articles/{main.public_id}/related", **{parameter: value})

    assert problem(answer) == (400, "invalid-parameter")
    assert answer.json()["parameter"] == parameter
