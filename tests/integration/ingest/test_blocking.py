"""What the block list of a source refuses."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from ingest_client import Push, item, reason, rows, statuses, stored
from themeline.shared.models import Article, RejectedItem, Source


def block(session: Session, *patterns: str) -> None:
    session.execute(update(Source).values(blocked=list(patterns)))
    session.commit()


@pytest.mark.parametrize("pattern", ["paper.example/sport/*", "*HOROSCOPE*", "*"])
def test_what_fits_a_pattern_is_rejected_by_name_and_its_neighbours_are_not(
    push: Push, session: Session, pattern: str
) -> None:
    push(item())
    block(session, pattern)

    refused, other = push(
        item(url="https://www.paper.example/sport/1".replace("www.", ""), title="Horoscope for today"),
        item(source="Evening Post"),
    )

    assert reason(refused) == ("blocked", None)
    assert repr(pattern) in refused["problem"]["detail"]
    assert other["status"] == "created"
    assert rows(session, Article) == 2


def test_an_article_that_was_there_before_it_was_blocked_stays_as_it_is(push: Push, session: Session) -> None:
    draft = item()
    (before,) = push(draft)
    block(session, "*")

    assert statuses(push(draft | {"text": "New."}, draft)) == ["rejected", "rejected"]
    assert stored(session, before["id"]).version == 1


def test_what_is_blocked_can_be_asked_after(push: Push, session: Session) -> None:
    push(item())
    block(session, "*")
    draft = item()
    push(draft, draft)

    (kept,) = session.query(RejectedItem)
    assert (kept.url, kept.type, kept.times, kept.source) == (draft["url"], "blocked", 2, "daily-courier")
