"""Copies in a box, and who is in whose box."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from api_client import Get
from boxes import relate, titles
from factories import (
    NOON,
    days,
    make_article,
    make_placed,
    make_relation,
    make_source,
)
from themeline.shared.models import Article


@pytest.fixture
def main(session: Session) -> Article:
    """The article whose box is asked for."""
    return make_placed(session, "The main article")


def test_copies_of_one_text_are_one_item_with_their_sources(session: Session, get: Get, main: Article) -> None:
    original = relate(session, main, "original", 0.80, source=make_source(session, "Wire"))
    for name, score in (("Courier", 0.95), ("Tribune", 0.70)):
        source = make_source(session, name)
        relate(session, main, name, score, source=source, placement={"duplicate_of": original.id})
    relate(session, main, "another", 0.85)

    box = get(f"/v1/articles/{main.public_id}/related", order="score").json()["items"]

    assert [(item["title"], item["score"], item["copies"]) for item in box] == [
        ("another", 0.85, 1),
        ("original", 0.8, 3),
    ]
    assert box[1]["sources"] == ["Wire", "Courier", "Tribune"]
    assert set(titles(get, main, duplicates="all")) == {"original", "Courier", "Tribune", "another"}


def test_the_best_copy_stands_for_a_text_whose_original_is_not_in_the_box(
    session: Session, get: Get, main: Article
) -> None:
    hidden = relate(session, main, "withdrawn original", 0.99, withdrawn_at=NOON)
    for title, score in (("good copy", 0.9), ("worse copy", 0.8)):
        relate(session, main, title, score, placement={"duplicate_of": hidden.id})

    box = get(f"/v1/articles/{main.public_id}/related").json()["items"]

    assert [(item["title"], item["copies"]) for item in box] == [("good copy", 2)]


def test_an_articles_own_copies_are_no_news_in_its_box(session: Session, get: Get, main: Article) -> None:
    copy = relate(session, main, "copy", 0.99, placement={"duplicate_of": main.id})
    other = relate(session, main, "other")
    make_relation(session, copy, other)

    assert titles(get, main) == ["other"]
    assert titles(get, copy) == ["other"]
    assert set(titles(get, main, duplicates="all")) == {"copy", "other"}


def test_items_that_may_not_be_seen_are_in_no_box_and_count_as_no_copy(
    session: Session, get: Get, main: Article
) -> None:
    seen = relate(session, main, "seen")
    later = datetime.now(UTC) + days(1)
    relate(session, main, "embargoed", embargo_until=later, placement={"duplicate_of": seen.id})
    relate(session, main, "withdrawn", withdrawn_at=NOON)
    unplaced = make_article(session, "unplaced")
    make_relation(session, main, unplaced)

    for duplicates in ("collapse", "all"):
        box = get(f"/v1/articles/{main.public_id}/related", min_score=0, duplicates=duplicates).json()
        assert [(item["title"], item["copies"]) for item in box["items"]] == [("seen", 1)]


def test_boxes_are_symmetric_with_every_copy_and_no_window(session: Session, get: Get) -> None:
    articles = [make_placed(session, f"{n}", at=NOON + days(n * 20)) for n in range(6)]
    for number, one in enumerate(articles):
        for other in articles[:number]:
            make_relation(session, one, other, theme=0.5 + number / 20)

    boxes = {article.title: set(titles(get, article, duplicates="all", window="all")) for article in articles}

    assert all((a in boxes[b]) == (b in boxes[a]) for a in boxes for b in boxes if a != b)
    assert all(len(box) == 5 for box in boxes.values())
