"""The list of articles."""

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
    make_quarantine,
    make_source,
)
from themeline.shared.models import Article


def ids(answer: dict[str, Any]) -> list[str]:
    return [item["id"] for item in answer["items"]]


def public(*articles: Article) -> list[str]:
    return [str(article.public_id) for article in articles]


def pages(get: Get, **parameters: Any) -> list[str]:
    """The ids of every page, following the cursors."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(100):
        answer = get("/v1/articles", **parameters, **cursor).json()
        found += ids(answer)
        if answer["next"] is None:
            return found
        cursor = {"cursor": answer["next"]}
    raise AssertionError("the cursors do not end")


def test_no_articles_are_an_empty_list(get: Get) -> None:
    assert get("/v1/articles").json() == {"items": [], "next": None}


def test_the_latest_ingested_come_first_whatever_their_own_time(session: Session, get: Get) -> None:
    old = make_placed(session, at=NOON, ingested_at=NOON)
    new = make_placed(session, at=NOON - days(9), ingested_at=NOON + hours(1))

    assert ids(get("/v1/articles").json()) == public(new, old)


def test_pages_follow_each_other_without_gap_or_repeat_also_within_one_instant(session: Session, get: Get) -> None:
    source = make_source(session)
    articles = [make_article(session, source=source, ingested_at=NOON + hours(n // 3)) for n in range(8)]

    assert pages(get, limit=2) == pages(get, limit=8) == pages(get) == public(*reversed(articles))


def test_an_article_that_arrives_while_paging_moves_no_later_page(session: Session, get: Get) -> None:
    articles = [make_article(session, ingested_at=NOON + hours(n)) for n in range(4)]
    first = get("/v1/articles", limit=2).json()
    make_article(session, ingested_at=NOON + hours(9))

    assert ids(get("/v1/articles", limit=2, cursor=first["next"]).json()) == public(articles[1], articles[0])


def test_a_full_last_page_says_that_it_is_the_last(session: Session, get: Get) -> None:
    for _ in range(2):
        make_article(session)

    assert get("/v1/articles", limit=2).json()["next"] is None


def test_fifty_are_a_page_unless_told_otherwise(session: Session, get: Get) -> None:
    source = make_source(session)
    for _ in range(51):
        make_article(session, source=source)

    assert len(get("/v1/articles").json()["items"]) == 50
    assert len(get("/v1/articles", limit=200).json()["items"]) == 51


def test_each_state_lists_its_articles_and_withdrawn_ones_only_when_asked_for(session: Session, get: Get) -> None:
    ready, pending, outdated = make_placed(session), make_article(session), make_placed(session, version=2)
    aside, retried = make_article(session), make_article(session, version=2)
    gone = make_placed(session, withdrawn_at=NOON)
    make_quarantine(session, aside)
    make_quarantine(session, retried, version=1)
    outdated.version = 3

    by_state = {state: set(pages(get, state=state, limit=1)) for state in ("ready", "pending", "quarantined")}

    assert by_state == {
        "ready": set(public(ready)),
        "pending": set(public(pending, outdated, retried)),
        "quarantined": set(public(aside)),
    }
    assert pages(get, state="withdrawn") == public(gone)
    assert set(pages(get)) == set.union(*by_state.values())
    for state in (*by_state, "withdrawn"):
        assert {item["state"] for item in get("/v1/articles", state=state).json()["items"]} == {state}


@pytest.mark.parametrize("state", [None, "ready", "pending", "withdrawn"])
def test_an_embargoed_article_is_in_no_list(session: Session, get: Get, state: str | None) -> None:
    later = datetime.now(UTC) + days(1)
    make_placed(session, embargo_until=later)
    make_article(session, embargo_until=later)
    make_placed(session, embargo_until=later, withdrawn_at=NOON)

    assert get("/v1/articles", **({"state": state} if state else {})).json()["items"] == []


@pytest.mark.parametrize("name", ["daily-courier", "Daily Courier", "DAILY  courier"])
def test_a_source_is_named_by_its_key_or_its_name(session: Session, get: Get, name: str) -> None:
    courier = make_source(session, "Daily Courier")
    mine = [make_article(session, source=courier) for _ in range(3)]
    make_article(session)

    assert pages(get, source=name, limit=2) == public(*reversed(mine))


@pytest.mark.parametrize("name", ["nobody", "", "'; drop table articles; --", "\U0001f986", "%"])
def test_a_source_that_does_not_exist_has_no_articles(session: Session, get: Get, name: str) -> None:
    make_article(session)

    assert get("/v1/articles", source=name).json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2025-07-12T12:00:00Z", None, [0, 1, 2]),
        ("2025-07-12T13:00:00Z", None, [1, 2]),
        ("2025-07-12T16:00:00+03:00", None, [1, 2]),
        ("2025-07-12T13:00:00.000001Z", None, [2]),
        (None, "2025-07-12T13:00:00Z", [0]),
        ("2025-07-12T13:00:00Z", "2025-07-12T14:00:00Z", [1]),
        ("2025-07-12", "2025-07-13", [0, 1, 2]),
        ("2025-07-13", None, []),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", [0, 1, 2]),
    ],
)
def test_since_includes_its_instant_and_until_does_not(
    session: Session, get: Get, since: str | None, until: str | None, found: list[int]
) -> None:
    articles = [make_article(session, ingested_at=NOON + hours(n)) for n in range(3)]
    bounds = {name: value for name, value in (("since", since), ("until", until)) if value}

    assert pages(get, **bounds, limit=1) == public(*reversed([articles[n] for n in found]))


def test_a_plus_sign_that_was_not_encoded_is_understood(session: Session, get: Get) -> None:
    article = make_article(session)

    assert ids(get("/v1/articles?since=2025-07-12T15:00:00+03:00").json()) == public(article)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "-1"),
        ("limit", "9" * 400),
        ("limit", "many"),
        ("limit", "nan"),
        ("limit", ""),
        ("state", "done"),
        ("since", "yesterday"),
        ("since", "2025-07-12T12:00:00"),
        ("until", "2025-13-01T00:00:00Z"),
        ("until", "1752321171"),
        ("since", "2025-07-12T12:00:00Z\0"),
        ("source", "a\0b"),
        ("source", "x" * 501),
        ("url", "https://paper.example/\0"),
        ("url", ""),
        ("url", "https://paper.example/" + "x" * 5000),
        ("cursor", ""),
        ("cursor", "AAAA"),
        ("cursor", "no cursor"),
        ("cursor", "\0"),
        ("cursor", "é" * 27),
        ("cursor", "A" * 27),
        ("cursor", "x" * 5000),
    ],
)
def test_a_bad_parameter_is_named(get: Get, parameter: str, value: str) -> None:
    answer = get("/v1/articles", **{parameter: value})

    assert problem(answer) == (400, "invalid-parameter")
    assert answer.json()["parameter"] == parameter
    assert answer.json()["errors"][0]["name"] == parameter
    assert len(answer.text) < 1000


def test_a_cursor_from_elsewhere_or_damaged_is_refused(session: Session, get: Get) -> None:
    for _ in range(2):
        make_placed(session)
    cursor = get("/v1/articles", limit=1).json()["next"]
    damaged = ("B" if cursor[12] != "B" else "C").join((cursor[:12], cursor[13:]))

    assert problem(get("/v1/articles", cursor=damaged)) == (400, "invalid-parameter")
    assert problem(get("/v1/articles", cursor=cursor[:-2])) == (400, "invalid-parameter")
    assert problem(get("/v1/articles", cursor=cursor, state="ready")) == (400, "invalid-parameter")
    assert problem(get("/v1/themes", cursor=cursor)) == (400, "invalid-parameter")
    assert get("/v1/articles", cursor=cursor, limit=7).status_code == 200
