"""POST /v1/articles: its three forms, its results, and what is stored."""

import gzip
import json
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from ingest_client import TIME, Push, item, reason, rows, statuses, stored, without
from themeline.shared.models import Article, ArticleKey, ArticleVersion, OutboxEntry, Source

LINES = {"Content-Type": "application/x-ndjson"}
STATUSES = ("created", "updated", "unchanged", "rejected")


def received() -> dict[str, float]:
    return {
        status: REGISTRY.get_sample_value("themeline_articles_received_total", {"status": status}) or 0
        for status in STATUSES
    }


def test_one_object_is_one_article(client: TestClient) -> None:
    answer = client.post("/v1/articles", json=item(url="https://paper.example/one"))

    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json"
    (result,) = answer.json()["results"]
    assert UUID(result.pop("id"))
    assert answer.json()["accepted"] == 1
    assert answer.json()["rejected"] == 0
    assert result == {"status": "created", "url": "https://paper.example/one"}


def test_an_array_and_lines_are_many_articles_with_results_in_their_order(client: TestClient) -> None:
    items = [item() for _ in range(5)]
    lines = "\n".join(json.dumps(entry) for entry in reversed(items))

    array = client.post("/v1/articles", json=items).json()
    answer = client.post("/v1/articles", content=lines, headers=LINES).json()

    assert [result["url"] for result in array["results"]] == [entry["url"] for entry in items]
    assert answer["results"] == [result | {"status": "unchanged"} for result in reversed(array["results"])]


def test_one_bad_item_never_spoils_its_neighbours(push: Push, session: Session) -> None:
    results = push(item(title="A"), {"text": "no title"}, item(title="B"), None, item(title=7), item(title="C"))

    assert statuses(results) == ["created", "rejected", "created", "rejected", "rejected", "created"]
    assert [reason(results[at]) for at in (1, 3, 4)] == [
        ("missing-field", "title"),
        ("invalid-item", None),
        ("invalid-field", "title"),
    ]
    assert sorted(session.scalars(select(Article.title))) == ["A", "B", "C"]


def test_a_bad_line_takes_its_place_among_the_results(client: TestClient) -> None:
    good = json.dumps(item())
    body = f"{good}\n\n{{broken\n\r\n{good}\n".encode() + b'{"title": "\xff"}\n[]\n1\n'

    answer = client.post("/v1/articles", content=body, headers=LINES)

    results = answer.json()["results"]
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (202, 2, 4)
    assert statuses(results) == ["created", "rejected", "unchanged", "rejected", "rejected", "rejected"]
    assert results[1]["problem"]["detail"].startswith("Line 3 is no JSON: ")
    assert [reason(result)[0] for result in results[3:]] == ["invalid-json", "invalid-item", "invalid-item"]


def test_the_answer_is_202_also_when_every_item_was_rejected(client: TestClient, session: Session) -> None:
    answer = client.post("/v1/articles", json=[{}, {"title": " "}])

    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (202, 0, 2)
    assert rows(session, Article) == rows(session, Source) == rows(session, OutboxEntry) == 0


@pytest.mark.parametrize(("body", "headers"), [("[]", {}), ("", LINES), ("\n \n", LINES)])
def test_no_items_are_no_mistake(client: TestClient, body: str, headers: dict[str, str]) -> None:
    answer = client.post("/v1/articles", content=body, headers=headers)

    assert (answer.status_code, answer.json()) == (202, {"accepted": 0, "rejected": 0, "results": []})


def test_the_same_request_twice_changes_nothing_the_second_time(push: Push, session: Session) -> None:
    items = [item(), item(external_id="7"), without(item(), "url"), without(item(), "text", "published")]
    first = push(*items)
    before = {row.id: (row.version, row.changed_at) for row in session.scalars(select(Article))}
    waiting = rows(session, OutboxEntry)

    second = push(*items)

    assert statuses(first) == ["created"] * 4
    assert second == [result | {"status": "unchanged"} for result in first]
    session.expire_all()
    assert {row.id: (row.version, row.changed_at) for row in session.scalars(select(Article))} == before
    assert rows(session, OutboxEntry) == waiting == 4
    assert rows(session, ArticleVersion) == 0


def test_two_items_of_one_request_on_one_article_are_one_article_in_two_versions(push: Push, session: Session) -> None:
    draft = item(text="First.")

    results = push(draft, draft | {"text": "Second."}, draft | {"text": "Third."}, draft | {"text": "Third."})

    assert statuses(results) == ["created", "updated", "updated", "unchanged"]
    assert len({result["id"] for result in results}) == 1
    article = stored(session, results[0]["id"])
    assert (article.version, article.text) == (3, "Third.")
    kept = session.execute(select(ArticleVersion.version, ArticleVersion.text).order_by(ArticleVersion.version))
    assert [tuple(row) for row in kept] == [(1, "First."), (2, "Second.")]
    assert session.scalars(select(OutboxEntry.version)).all() == [3]


def test_everything_told_of_an_article_is_stored(push: Push, session: Session) -> None:
    (result,) = push(
        item(
            external_id="id-7",
            title="**Bridge** closes &amp; stays so",
            text="One.\r\n\r\nTwo.",
            updated="2025-07-13",
            language="EN-gb",
            image="https://paper.example/i.jpg?utm_source=x",
            section="World",
            tags=["a", "b", "a"],
            authors=["Ann Author"],
            priority="backfill",
        )
    )

    article = stored(session, result["id"])
    assert article.title == "Bridge closes & stays so"
    assert article.text == "One.\n\nTwo."
    assert (article.published_raw, article.updated_raw) == (TIME, "2025-07-13")
    assert (article.external_id, article.language, article.section) == ("id-7", "en-GB", "World")
    assert article.image == "https://paper.example/i.jpg"
    assert (article.tags, article.authors) == (["a", "b"], ["Ann Author"])
    assert (article.priority, article.origin, article.version) == ("backfill", "push", 1)
    assert session.scalar(select(Source.name).where(Source.id == article.source_id)) == "Daily Courier"


def test_html_gives_the_text(push: Push, session: Session) -> None:
    (result,) = push(without(item(html="<p>One <b>bold</b></p><script>x()</script><p>Two</p>"), "text"))

    assert stored(session, result["id"]).text == "One bold\n\nTwo"


def test_a_body_may_be_empty_and_an_address_absent(push: Push, session: Session) -> None:
    (result,) = push({"title": "Only a headline"})

    article = stored(session, result["id"])
    assert (result["status"], result["url"]) == ("created", None)
    assert (article.text, article.url, article.published_raw) == ("", None, None)


def test_a_source_is_stored_once_under_the_name_first_written(push: Push, session: Session) -> None:
    push(item(source="Daily Courier"), item(source="daily  courier"), item(source="Daily-Courier"), item(source="Else"))

    assert sorted(session.scalars(select(Source.name))) == ["Daily Courier", "Else"]


def test_priority_decides_the_order_of_sending(push: Push, session: Session) -> None:
    push(item(), item(priority="fresh"), item(priority="backfill"))

    assert sorted(session.scalars(select(OutboxEntry.urgency))) == [0, 0, 1]


def test_a_compressed_body_is_read_in_one_and_in_several_parts(client: TestClient) -> None:
    lines = [json.dumps(item()).encode() + b"\n" for _ in range(2)]

    for encoding in ("gzip", "x-gzip", "GZIP"):
        body = gzip.compress(lines[0]) + gzip.compress(lines[1])
        answer = client.post("/v1/articles", content=body, headers=LINES | {"Content-Encoding": encoding})
        assert (answer.status_code, answer.json()["accepted"]) == (202, 2)


def test_a_long_stream_of_lines_is_stored_in_pieces(client: TestClient, session: Session) -> None:
    lines = "\n".join(json.dumps({"title": f"Line {number}"}) for number in range(2_100))

    answer = client.post("/v1/articles", content=lines, headers=LINES)

    assert (answer.status_code, answer.json()["accepted"]) == (202, 2_100)
    assert rows(session, Article) == rows(session, OutboxEntry) == rows(session, ArticleKey) == 2_100


def test_a_thousand_items_are_one_request(client: TestClient) -> None:
    answer = client.post("/v1/articles", json=[{"title": f"Item {number}"} for number in range(1_000)])

    assert (answer.status_code, answer.json()["accepted"]) == (202, 1_000)
    assert len({result["id"] for result in answer.json()["results"]}) == 1_000


def test_the_count_of_received_articles_moves_by_exactly_the_items(push: Push) -> None:
    known, changed = item(), item()
    push(known, changed)
    before = received()

    push(known, known, changed | {"text": "New."}, item(), {}, "x", item(title=""))

    moved = {status: count - before[status] for status, count in received().items()}
    assert moved == {"created": 1, "updated": 1, "unchanged": 2, "rejected": 3}


def test_a_request_that_is_no_list_of_items_counts_none(client: TestClient) -> None:
    before = received()

    assert client.post("/v1/articles", content="{").status_code == 400

    assert received() == before
