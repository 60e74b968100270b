"""What strangers and broken programs send: a clear problem, the rest accepted, nothing half-stored."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api_client import problem
from ingest_client import Push, item, reason, rows, statuses, stored, without
from themeline.ingest.app import create_app
from themeline.ingest.settings import IngestSettings
from themeline.shared.models import Article, ArticleKey, OutboxEntry, Source

JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/x-ndjson"}
MEGABYTE = 1024 * 1024
PACKED = gzip.compress(b'{"title": "Packed"}')


@pytest.fixture
def settings(database_url: str) -> IngestSettings:
    return IngestSettings(database_url=database_url, max_body_bytes=16 * MEGABYTE)


@pytest.fixture
def small(database_url: str) -> Iterator[TestClient]:
    """A service that takes bodies of two kilobytes."""
    with TestClient(create_app(IngestSettings(database_url=database_url, max_body_bytes=2048))) as client:
        yield client


def nothing_stored(session: Session) -> bool:
    return not any(rows(session, table) for table in (Article, ArticleKey, OutboxEntry, Source))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"[{}",
        b'{"title": "a"} {"title": "b"}',
        b'{"title": "\xff\xfe"}',
        b'{"title": "a\nb"}',
        b"\x00",
        b"1",
        b'"text"',
        b"null",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_is_no_json_or_holds_no_articles_is_answered_whole(
    client: TestClient, session: Session, body: bytes
) -> None:
    assert problem(client.post("/v1/articles", content=body, headers=JSON)) == (400, "invalid-json")
    assert nothing_stored(session)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x", "é/é"])
def test_an_unknown_media_type_is_not_guessed(client: TestClient, kind: str) -> None:
    headers: Any = {"Content-Type": kind.encode()}

    answer = client.post("/v1/articles", content=b"{}", headers=headers)

    assert problem(answer) == (415, "unsupported-media-type")
    assert "application/x-ndjson" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "text/json", ""])
def test_json_is_taken_under_its_usual_names(client: TestClient, kind: str) -> None:
    body = json.dumps(item(title="Ünïcödé — “quotes”"), ensure_ascii=False).encode()

    assert client.post("/v1/articles", content=body, headers={"Content-Type": kind}).json()["accepted"] == 1


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "identity, gzip", "x" * 5_000])
def test_an_unknown_content_encoding_is_refused_with_the_one_that_works(client: TestClient, encoding: str) -> None:
    answer = client.post("/v1/articles", content=b"{}", headers=JSON | {"Content-Encoding": encoding})

    assert problem(answer) == (415, "unsupported-encoding")
    assert answer.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"\x1f\x8b", PACKED[:-1], PACKED[:12], PACKED[:-8] + bytes(8), PACKED + b"more"],
    ids=["empty", "plain", "start", "cut off", "cut short", "wrong sum", "followed"],
)
def test_a_truncated_or_broken_gzip_is_refused_whole(client: TestClient, session: Session, body: bytes) -> None:
    answer = client.post("/v1/articles", content=body, headers=LINES | {"Content-Encoding": "gzip"})

    assert problem(answer) == (400, "invalid-encoding")
    assert nothing_stored(session)


def test_a_stream_cut_off_in_its_second_part_stores_nothing_of_the_first(client: TestClient, session: Session) -> None:
    part = gzip.compress(json.dumps(item()).encode() + b"\n")

    answer = client.post("/v1/articles", content=part + part[:-9], headers=LINES | {"Content-Encoding": "gzip"})

    assert problem(answer) == (400, "invalid-encoding")
    assert nothing_stored(session)


def test_a_gzip_bomb_is_refused_at_the_limit(client: TestClient) -> None:
    bomb = gzip.compress(b" " * (64 * MEGABYTE), compresslevel=9)
    assert len(bomb) < MEGABYTE

    answer = client.post("/v1/articles", content=bomb, headers=JSON | {"Content-Encoding": "gzip"})

    assert problem(answer) == (413, "body-too-large")


def test_many_short_lines_in_a_small_gzip_are_refused_before_any_is_read(client: TestClient) -> None:
    body = gzip.compress(b"1\n" * (4 * MEGABYTE), compresslevel=9)

    answer = client.post("/v1/articles", content=body, headers=LINES | {"Content-Encoding": "gzip"})

    assert problem(answer) == (413, "too-many-items")


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_so(small: TestClient, *, declared: bool) -> None:
    body = json.dumps(item(text="x" * 2_048)).encode()

    answer = small.post("/v1/articles", content=body if declared else iter([body[:1_000], body[1_000:]]), headers=JSON)

    assert problem(answer) == (413, "body-too-large")
    assert "2,048" in answer.json()["detail"]


@pytest.mark.parametrize("length", ["9" * 5_000, "²", "-1", "x"])
def test_a_declared_length_that_is_no_number_or_an_absurd_one_breaks_nothing(small: TestClient, length: str) -> None:
    headers: Any = JSON | {"Content-Length": length.encode()}

    answer = small.post("/v1/articles", content=json.dumps(item()), headers=headers)

    assert answer.status_code in {202, 413}


def test_a_body_at_the_limit_is_taken(small: TestClient) -> None:
    given = item(text="")
    body = json.dumps(given | {"text": "x" * (2_048 - len(json.dumps(given)))}).encode()
    assert len(body) == 2_048

    assert small.post("/v1/articles", content=body, headers=JSON).json()["accepted"] == 1


def test_a_thousand_and_one_items_are_refused_whole(client: TestClient, session: Session) -> None:
    answer = client.post("/v1/articles", json=[{"title": str(number)} for number in range(1_001)])

    assert problem(answer) == (413, "too-many-items")
    assert "1,001" in answer.json()["detail"]
    assert nothing_stored(session)


def test_a_text_of_ten_megabytes_is_one_items_problem(push: Push) -> None:
    results = push(item(), item(text="x" * (10 * MEGABYTE)), item(html="<p>" + "x" * (3 * MEGABYTE)), item())

    assert statuses(results) == ["created", "rejected", "rejected", "created"]
    assert [reason(result) for result in results[1:3]] == [("too-large", "text"), ("too-large", "html")]
    assert "10,485,760" in results[1]["problem"]["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", None),
        ("title", ""),
        ("title", " \u200b\n"),
        ("title", "**"),
        ("title", 7),
        ("title", ["a"]),
        ("title", "x" * 1_001),
        ("url", 7),
        ("url", "javascript:alert(1)"),
        ("url", "JaVaScRiPt:alert(1)"),
        ("url", "data:text/html,x"),
        ("url", "file:///etc/passwd"),
        ("url", "/relative"),
        ("url", "https://"),
        ("url", "https://a:99999/"),
        ("url", "https://paper.example/\x00"),
        ("url", "https://paper.example/" + "x" * 2_001),
        ("text", {"a": 1}),
        ("html", 1.5),
        ("external_id", 7),
        ("external_id", "a\x00b"),
        ("external_id", "a\ud800b"),
        ("external_id", "x" * 501),
        ("source", ["a"]),
        ("source", "x" * 201),
        ("language", 1),
        ("image", 1),
        ("section", True),
        ("tags", "a"),
        ("tags", [1]),
        ("tags", ["x"] * 51),
        ("authors", {"a": 1}),
        ("priority", "urgent"),
    ],
)
def test_a_wrong_value_is_rejected_with_its_field_and_its_neighbours_are_accepted(
    push: Push, field: str, value: object
) -> None:
    before, wrong, after = push(item(), item() | {field: value}, item())

    assert before["status"] == after["status"] == "created"
    assert reason(wrong)[1] == field
    assert f"`{field}`" in wrong["problem"]["detail"]


def test_what_cannot_be_stored_is_cleaned_away_and_the_rest_of_the_item_kept(push: Push, session: Session) -> None:
    dirt = "\x00\x01\x1b\x7f\udfff\u202e\ufeff\ud800"
    (result,) = push(
        item(
            title=f"A{dirt}B",
            text=f"One{dirt}\n\nTwo",
            source=f"Daily{dirt} Courier",
            section=f"W{dirt}orld",
            tags=[f"t{dirt}ag", dirt],
            authors=[f"{dirt}Ann"],
            language=f"e{dirt}n",
            image=f"https://paper.example/{dirt}",
            published=f"2025{dirt}",
        )
    )

    article = stored(session, result["id"])
    assert result["status"] == "created"
    assert (article.title.replace(" ", ""), article.authors) == ("AB", ["Ann"])
    assert article.text.startswith("One")
    assert article.image is None
    assert "image" in result["notices"][0]
    assert article.language is None
    assert "\x00" not in json.dumps(article.published_raw)


def test_numbers_that_no_program_can_hold_are_wrong_values_of_their_items_alone(
    client: TestClient, session: Session
) -> None:
    digits = "9" * 20_000
    body = (
        f'[{{"title": {digits}}}, {{"title": NaN}}, {{"title": "A", "published": {digits}}}, '
        f'{{"title": "B", "published": -Infinity}}, {{"title": "C", "published": 1e999}}]'
    )

    results = client.post("/v1/articles", content=body, headers=JSON).json()["results"]

    assert statuses(results) == ["rejected", "rejected", "created", "created", "created"]
    assert reason(results[0]) == reason(results[1]) == ("invalid-field", "title")
    assert sorted(session.scalars(select(Article.title))) == ["A", "B", "C"]


@pytest.mark.parametrize("opened", ["[", '{"a":'])
def test_deep_nesting_is_refused_or_accepted_and_never_a_failure(client: TestClient, opened: str) -> None:
    closed = "]" if opened == "[" else "}"
    for depth in (*range(850, 1_000, 3), 5_000):
        body = f'{{"title": "Deep", "published": {opened * depth}1{closed * depth}}}'
        answer = client.post("/v1/articles", content=body, headers=JSON)
        assert answer.status_code in {202, 400}, depth


def test_unknown_fields_are_ignored_and_the_last_of_two_equal_names_counts(client: TestClient) -> None:
    body = '{"title": 1, "title": "A", "origin": "feed", "withdrawn_at": "now", "id": 7, "version": -1, "\\ud800": 0}'

    assert client.post("/v1/articles", content=body, headers=JSON).json()["accepted"] == 1


def test_json_in_another_unicode_encoding_is_read(client: TestClient) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32-be"):
        body = json.dumps(item(title="Größe"), ensure_ascii=False).encode(encoding)
        assert client.post("/v1/articles", content=body, headers=JSON).json()["accepted"] == 1


def test_text_that_tries_to_be_sql_or_markup_is_text(push: Push, session: Session) -> None:
    (result,) = push(item(title="Robert'); DROP TABLE articles;--", text="a < b %s %(x)s {y} \\ $1 '"))

    article = stored(session, result["id"])
    assert article.title == "Robert'); DROP TABLE articles;--"
    assert article.text == "a < b %s %(x)s {y} \\ $1 '"


def test_an_item_without_a_title_in_a_stream_of_lines_is_that_lines_problem(client: TestClient) -> None:
    body = "\n".join(json.dumps(entry) for entry in (item(), without(item(), "title"), item()))

    results = client.post("/v1/articles", content=body, headers=LINES).json()["results"]

    assert statuses(results) == ["created", "rejected", "created"]
