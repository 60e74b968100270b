"""Stories and themes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api_client import Get, problem
from factories import (
    NOON,
    days,
    hours,
    make_article,
    make_placed,
    make_source,
    make_story,
    make_theme,
)
from themeline.shared.models import Story, Theme


def titles(answer: dict[str, Any]) -> list[str]:
    return [item["title"] for item in answer["items"]]


def test_a_story_shows_its_theme_and_its_articles_in_time_order(session: Session, get: Get) -> None:
    theme = make_theme(session, "Bridges")
    story = make_story(session, "Bridge closes", theme=theme)
    last = make_placed(session, "last", story=story, at=NOON + hours(2))
    make_placed(session, "first", story=story, at=NOON)
    make_placed(session, "undated", story=story, at=None, ingested_at=NOON + hours(1))
    make_placed(session, "elsewhere")

    answer = get(f"/v1/stories/{story.public_id}").json()

    assert titles(answer) == ["first", "undated", "last"]
    assert answer["items"][2] == get(f"/v1/articles/{last.public_id}").json()
    assert answer["theme"] == {"id": str(theme.public_id), "label": "Bridges"}
    assert (answer["id"], answer["label"]) == (str(story.public_id), "Bridge closes")
    assert (answer["article_count"], answer["next"]) == (3, None)
    assert (answer["first_at"], answer["last_at"]) == ("2025-07-12T12:00:00Z", "2025-07-12T14:00:00Z")


def test_a_theme_shows_its_stories_and_all_their_articles_in_time_order(session: Session, get: Get) -> None:
    theme = make_theme(session, "Bridges")
    old, new = make_story(session, "old", theme=theme), make_story(session, "new", theme=theme)
    make_placed(session, "b", story=new, at=NOON + hours(5), source=make_source(session, "Wire"))
    make_placed(session, "a", story=old, at=NOON)
    make_placed(session, "c", story=old, at=NOON + hours(3))

    answer = get(f"/v1/themes/{theme.public_id}").json()

    assert titles(answer) == ["a", "c", "b"]
    assert [(story["label"], story["article_count"]) for story in answer["stories"]] == [("new", 1), ("old", 2)]
    assert (answer["label"], answer["article_count"], answer["story_count"]) == ("Bridges", 3, 2)
    assert (answer["latest"]["title"], answer["latest"]["source"]) == ("b", "Wire")
    assert answer["latest"]["published"]["http"] == "Sat, 12 Jul 2025 17:00:00 GMT"


@pytest.mark.parametrize("kind", ["stories", "themes"])
@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_the_articles_of_a_group_come_in_pages(session: Session, get: Get, kind: str, order: str) -> None:
    theme = make_theme(session)
    story = make_story(session, theme=theme)
    for number in range(5):
        make_placed(session, f"{number}", story=story, at=NOON + hours(number // 2))
    path = f"/v1/{kind}/{story.public_id if kind == 'stories' else theme.public_id}"

    found: list[str] = []
    answer = get(path, limit=2, order=order).json()
    while answer["next"]:
        found += titles(answer)
        answer = get(path, limit=2, order=order, cursor=answer["next"]).json()
    found += titles(answer)

    expected = ["0", "1", "2", "3", "4"]
    assert found == (expected if order == "oldest" else expected[::-1])


def test_a_cursor_of_one_group_or_order_is_refused_by_another(session: Session, get: Get) -> None:
    story, other = make_story(session), make_story(session)
    for owner in (story, story, other, other):
        make_placed(session, story=owner)
    cursor = get(f"/v1/stories/{story.public_id}", limit=1).json()["next"]

    assert problem(get(f"/v1/stories/{other.public_id}", cursor=cursor)) == (400, "invalid-parameter")
    refused = get(f"/v1/stories/{story.public_id}", cursor=cursor, order="newest")
    assert problem(refused) == (400, "invalid-parameter")


@pytest.mark.parametrize("kind", ["stories", "themes"])
def test_a_merged_group_leads_to_the_one_that_is_left(session: Session, get: Get, kind: str) -> None:
    story = make_story(session)
    make_placed(session, story=story)
    if kind == "stories":
        last = str(story.public_id)
        middle = make_story(session, merged_into=story.id)
        merged: list[Story | Theme] = [middle, make_story(session, merged_into=middle.id)]
    else:
        survivor = session.get_one(Theme, story.theme_id)
        last = str(survivor.public_id)
        between = make_theme(session, merged_into=survivor.id)
        merged = [between, make_theme(session, merged_into=between.id)]

    for group in merged:
        answer = get(f"/v1/{kind}/{group.public_id}", limit=3)
        assert answer.status_code == 308
        assert answer.headers["location"] == f"/v1/{kind}/{last}?limit=3"
    assert get(f"/v1/{kind}/{last}?limit=3").status_code == 200


def test_merges_that_lead_in_a_circle_end_as_unknown(session: Session, get: Get) -> None:
    one = make_story(session)
    other = make_story(session, merged_into=one.id)
    one.merged_into = other.id

    assert problem(get(f"/v1/stories/{one.public_id}")) == (404, "unknown-story")


@pytest.mark.parametrize("kind", ["story", "theme"])
def test_a_group_that_nobody_may_see_anything_of_is_unknown(session: Session, get: Get, kind: str) -> None:
    theme = make_theme(session)
    story = make_story(session, theme=theme)
    make_placed(session, story=story, withdrawn_at=NOON)
    make_placed(session, story=story, embargo_until=datetime.now(UTC) + days(1))
    path = {"story": f"/v1/stories/{story.public_id}", "theme": f"/v1/themes/{theme.public_id}"}[kind]

    assert problem(get(path)) == (404, f"unknown-{kind}")
    assert get("/v1/themes").json()["items"] == []


@pytest.mark.parametrize("name", ["1", "%00", "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11", "x" * 300])
@pytest.mark.parametrize(("kind", "type_"), [("stories", "unknown-story"), ("themes", "unknown-theme")])
def test_what_is_no_group_is_unknown(get: Get, kind: str, type_: str, name: str) -> None:
    assert problem(get(f"/v1/{kind}/{name}")) == (404, type_)


def test_what_may_not_be_seen_is_neither_counted_nor_timed(session: Session, get: Get) -> None:
    later = datetime.now(UTC) + days(1)
    theme = make_theme(session, last_at=later)
    story, hidden = make_story(session, "seen", theme=theme), make_story(session, "hidden", theme=theme)
    make_placed(session, "seen", story=story)
    make_placed(session, "withdrawn", story=story, at=NOON + days(1), withdrawn_at=NOON)
    make_placed(session, "embargoed", story=hidden, at=later, embargo_until=later)
    make_article(session, "unplaced")

    (listed,) = get("/v1/themes").json()["items"]
    shown = get(f"/v1/themes/{theme.public_id}").json()

    assert (listed["article_count"], listed["story_count"]) == (1, 1)
    assert listed["last_at"] == "2025-07-12T12:00:00Z"
    assert listed["latest"]["title"] == "seen"
    assert (titles(shown), [summary["label"] for summary in shown["stories"]]) == (["seen"], ["seen"])
    assert titles(get(f"/v1/stories/{story.public_id}").json()) == ["seen"]


def test_an_undated_article_revives_no_theme(session: Session, get: Get) -> None:
    theme = make_theme(session)
    story = make_story(session, theme=theme)
    make_placed(session, "dated", story=story, at=NOON)
    make_placed(session, "undated", story=story, at=None, ingested_at=NOON + days(3))

    (listed,) = get("/v1/themes").json()["items"]

    assert (listed["last_at"], listed["latest"]["title"]) == ("2025-07-12T12:00:00Z", "dated")
    assert listed["article_count"] == 2


def test_a_theme_of_undated_articles_alone_is_timed_by_their_ingest(session: Session, get: Get) -> None:
    make_placed(session, at=None, ingested_at=NOON + days(3))

    (listed,) = get("/v1/themes").json()["items"]

    assert listed["last_at"] == "2025-07-15T12:00:00Z"
    assert listed["latest"]["published"] is None


def test_another_undated_article_revives_no_theme_of_undated_ones(session: Session, get: Get) -> None:
    story = make_story(session, theme=make_theme(session))
    make_placed(session, story=story, at=None, ingested_at=NOON + days(1))
    make_placed(session, story=story, at=None, ingested_at=NOON + days(3))

    (listed,) = get("/v1/themes").json()["items"]

    assert (listed["first_at"], listed["last_at"]) == ("2025-07-13T12:00:00Z", "2025-07-13T12:00:00Z")


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("/v1/themes", "limit", "201"),
        ("/v1/themes", "min_articles", "0"),
        ("/v1/themes", "min_articles", "9" * 30),
        ("/v1/themes", "cursor", "AAAA"),
        ("/v1/themes/0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11", "limit", "0"),
        ("/v1/stories/0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11", "order", "best"),
    ],
)
def test_a_bad_parameter_is_named(get: Get, path: str, parameter: str, value: str) -> None:
    answer = get(path, **{parameter: value})

    assert problem(answer) == (400, "invalid-parameter")
    assert answer.json()["parameter"] == parameter


def test_a_group_says_how_far_it_has_come(session: Session, get: Get) -> None:
    now = datetime.now(UTC)
    fresh = make_story(session, theme=make_theme(session, last_at=now))
    old = make_story(session, theme=make_theme(session, last_at=now - days(20)))
    for hour in range(3):
        make_placed(session, story=fresh, at=now - hours(hour))
        make_placed(session, story=old, at=now - days(20) - hours(hour))

    assert get(f"/v1/stories/{fresh.public_id}").json()["phase"] == "emerging"
    assert get(f"/v1/stories/{old.public_id}").json()["phase"] == "over"
    assert [item["phase"] for item in get("/v1/themes").json()["items"]] == ["emerging", "fading"]


def test_articles_that_nobody_may_see_yet_move_no_phase(session: Session, get: Get) -> None:
    now = datetime.now(UTC)
    story = make_story(session, theme=make_theme(session))
    make_placed(session, story=story, at=now - days(3))
    make_placed(session, story=story, at=now + days(1), embargo_until=now + days(1))

    assert get(f"/v1/stories/{story.public_id}").json()["phase"] == "fading"


def test_what_was_split_off_names_the_group_that_it_came_from(session: Session, get: Get) -> None:
    whole_theme = make_theme(session)
    whole = make_story(session, theme=whole_theme)
    part = make_story(session, theme=make_theme(session, split_from=whole_theme.id), split_from=whole.id)
    make_placed(session, story=whole)
    make_placed(session, story=part)

    answer = get(f"/v1/stories/{part.public_id}").json()
    theme = get(f"/v1/themes/{answer['theme']['id']}").json()

    assert answer["split_from"] == str(whole.public_id)
    assert theme["split_from"] == str(whole_theme.public_id)
    assert theme["stories"][0]["split_from"] == str(whole.public_id)
    assert get(f"/v1/stories/{whole.public_id}").json()["split_from"] is None
