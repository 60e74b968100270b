"""Which stored article a pushed item is, and which version it becomes."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest_client import TIME, Push, item, rows, statuses, stored, without
from themeline.shared.models import Article, ArticleVersion, OutboxEntry

SAME_TIME = "2025-07-12T11:12:51+02:00"


def test_an_identifier_recognises_an_article_of_its_source_at_any_address(push: Push) -> None:
    first, again, other = push(
        item(external_id="7"), item(external_id="7"), item(external_id="7", source="Evening Post")
    )

    assert first["id"] == again["id"] != other["id"]
    assert [first["status"], again["status"], other["status"]] == ["created", "updated", "created"]


@pytest.mark.parametrize(
    "spelling",
    [
        "http://paper.example/a/b?id=1",
        "https://www.paper.example/a/b/?id=1",
        "HTTPS://Paper.Example:443/a/./b?id=1&utm_source=mail&fbclid=x#top",
        "https://user:secret@paper.example/a/%62?id=1",
        "  https://paper.example/a/b?id=1\n",
    ],
)
def test_an_address_recognises_an_article_however_it_is_written(push: Push, spelling: str) -> None:
    draft = item(url="https://paper.example/a/b?id=1")

    (first,) = push(draft)
    (second,) = push(draft | {"url": spelling})

    assert second == first | {"status": "unchanged"}


def test_addresses_that_differ_in_content_are_two_articles(push: Push) -> None:
    draft = without(item(), "url")
    addresses = ["https://paper.example/a?id=1", "https://paper.example/a?id=2", "https://paper.example/A?id=1"]

    assert statuses(push(*(draft | {"url": url} for url in addresses))) == ["created"] * 3


def test_without_identifier_and_address_source_title_and_instant_recognise_an_article(push: Push) -> None:
    draft = without(item(title="Bridge Closes!", published=TIME), "url")
    (first,) = push(draft)

    same, later, elsewhere = push(
        draft | {"title": "  bridge closes", "published": SAME_TIME, "text": "More."},
        draft | {"published": "Sat, 12 Jul 2025 09:12:52 GMT"},
        draft | {"source": "Evening Post"},
    )

    assert (same["status"], same["id"]) == ("updated", first["id"])
    assert later["status"] == elsewhere["status"] == "created"


def test_an_identifier_and_an_address_of_different_articles_the_identifier_wins_and_the_result_says_so(
    push: Push, session: Session
) -> None:
    one, other = item(external_id="1"), item(external_id="2")
    first, second = push(one, other)

    (result,) = push(one | {"url": other["url"], "text": "New."})

    assert (result["status"], result["id"]) == ("updated", first["id"])
    assert "different articles" in result["notices"][0]
    assert result["url"] == stored(session, first["id"]).url == one["url"]
    assert stored(session, second["id"]).text == other["text"]


def test_a_headline_never_replaces_a_body(push: Push, session: Session) -> None:
    full = item()
    (first,) = push(full)

    headline = without(full, "text") | {"title": "Changed headline"}
    results = push(headline, headline | {"text": "  "}, headline | {"html": "<p></p>"})

    assert results == [first | {"status": "unchanged"}] * 3
    article = stored(session, first["id"])
    assert (article.version, article.title, article.text) == (1, full["title"], full["text"])


def test_the_full_article_under_the_same_address_is_a_new_version_of_its_headline(push: Push, session: Session) -> None:
    full = item()
    (headline,) = push(without(full, "text", "published"))

    (result,) = push(full)

    assert result == headline | {"status": "updated"}
    assert stored(session, result["id"]).text == full["text"]


@pytest.mark.parametrize("address", [None, "https://paper.example/from-the-list"])
def test_the_full_article_with_the_same_source_title_and_time_is_a_new_version_of_its_headline(
    push: Push, session: Session, address: str | None
) -> None:
    full = item(title="Bridge closes", published=SAME_TIME)
    (headline,) = push(without(full, "text") | {"published": TIME, "url": address})

    (result,) = push(full)

    assert (result["status"], result["id"], result["url"]) == ("updated", headline["id"], full["url"])
    assert rows(session, Article) == 1
    assert push(full) == [result | {"status": "unchanged"}]


def test_copies_of_one_text_at_two_addresses_keep_their_own_ids(push: Push) -> None:
    results = push(item(title="Same", text="Same text."), item(title="Same", text="Same text."))

    assert statuses(results) == ["created", "created"]
    assert results[0]["id"] != results[1]["id"]


def test_every_version_before_the_current_one_is_kept(push: Push, session: Session) -> None:
    draft = item(text="One.", updated="2025-07-12")
    (first,) = push(draft)
    push(draft | {"text": "Two.", "title": "Second headline", "published": "2025-07-13"})
    (last,) = push(draft | {"text": "Three."})

    assert last == first | {"status": "updated"}
    assert stored(session, first["id"]).version == 3
    kept = session.scalars(select(ArticleVersion).order_by(ArticleVersion.version)).all()
    assert [(row.version, row.title, row.text, row.published_raw) for row in kept] == [
        (1, draft["title"], "One.", TIME),
        (2, "Second headline", "Two.", "2025-07-13"),
    ]
    assert kept[0].updated_raw == "2025-07-12"
    assert kept[0].changed_at < kept[1].changed_at <= kept[1].superseded_at
    assert session.scalars(select(OutboxEntry.version).order_by(OutboxEntry.id)).all() == [1, 2, 3]


def test_an_address_learned_later_is_stored_without_a_new_version(push: Push, session: Session) -> None:
    full = item()
    (first,) = push(without(full, "url"))

    (result,) = push(without(full, "text"))

    assert result == first | {"status": "unchanged", "url": full["url"]}
    article = stored(session, first["id"])
    assert (article.url, article.version) == (full["url"], 1)
    assert push(full) == [result]


def test_an_identifier_learned_later_recognises_the_article_from_then_on(push: Push, session: Session) -> None:
    draft = item()
    (first,) = push(draft)

    (result,) = push(draft | {"external_id": "7"})

    assert result == first | {"status": "unchanged"}
    assert stored(session, first["id"]).external_id == "7"
    (moved,) = push(draft | {"external_id": "7", "url": "https://paper.example/moved"})
    assert (moved["id"], moved["status"]) == (first["id"], "updated")


def test_an_article_revised_and_named_in_one_request_ends_as_the_last_item_says(push: Push, session: Session) -> None:
    draft = without(item(text="One."), "url")

    results = push(
        draft,
        without(draft, "text") | {"url": "https://paper.example/learned"},
        draft | {"text": "Two."},
        draft | {"text": "Two.", "url": "https://paper.example/learned", "external_id": "7"},
    )

    assert statuses(results) == ["created", "unchanged", "updated", "unchanged"]
    assert len({result["id"] for result in results}) == 1
    article = stored(session, results[0]["id"])
    assert (article.version, article.text) == (2, "Two.")
    assert (article.url, article.external_id) == ("https://paper.example/learned", "7")
