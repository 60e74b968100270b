"""Where is it?"""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from api_client import Get, problem
from factories import (
    NOON,
    hours,
    make_article,
    make_placed,
    make_placement,
    make_quarantine,
    make_relation,
    make_source,
    make_story,
    make_theme,
)
from themeline.shared.models import (
    Article,
    ArticleVersion,
    Attempt,
    Dispatch,
    FeedEntry,
    OutboxEntry,
    Outcome,
)
from traced import FAR_AHEAD, SECRET, URL, a_feed, add, after, an_article, reject, told


def test_every_step_of_a_related_article_is_told_in_its_order(session: Session, get: Get) -> None:
    feed = a_feed(session)
    story = make_story(session, "Bridge closes", theme=make_theme(session, "Bridges"))
    article = an_article(session, origin="feed", feed_id=feed.id, correlation_id="poll-1")
    add(session, Dispatch(article_id=article.id, version=1, dispatched_at=after(20)))
    add(session, Attempt(article_id=article.id, version=1, attempts=1, last_attempt_at=after(40)))
    make_placement(session, article, story=story, related_at=after(140))
    add(session, Outcome(article_id=article.id, version=1, outcome="ready", decided_at=after(140)))
    add(session, FeedEntry(feed_id=feed.id, entry=b"1", content_hash=b"1", article_id=article.id, seen_at=after(9e5)))
    make_story(session, "Merged", merged_into=story.id, updated_at=after(5e5))
    for _ in range(3):
        make_relation(session, article, make_placed(session))

    answer = get(f"/v1/articles/{article.public_id}/trace").json()

    assert told(answer) == [
        ("received", "published"),
        ("sent", "queued"),
        ("tried", "begun"),
        ("decided", "ready"),
        ("placed", "in a story"),
        ("merged", "story"),
        ("seen", "in a feed"),
    ]
    assert answer["summary"] == "related 140 ms after it was received; in the story “Bridge closes”"
    assert (answer["id"], answer["url"], answer["state"]) == (str(article.public_id), URL, "ready")
    received, placed = answer["steps"][0], answer["steps"][4]
    assert received == {
        "at": "2025-07-12T12:00:00Z",
        "step": "received",
        "outcome": "published",
        "detail": f"from the feed {feed.url}",
        "version": 1,
        "correlation_id": "poll-1",
    }
    assert placed["detail"].startswith("3 relations; story ")
    assert "“Bridges”" in placed["detail"]


def test_what_its_story_took_in_before_it_came_is_no_step_of_its_way(session: Session, get: Get) -> None:
    story = make_story(session, "Bridge closes")
    article = an_article(session)
    make_placement(session, article, story=story, related_at=after(140))
    make_story(session, "Long ago", merged_into=story.id, updated_at=after(-5e5))
    since = make_story(session, "Since", merged_into=story.id, updated_at=after(5e5))

    steps = get(f"/v1/articles/{article.public_id}/trace").json()["steps"]

    assert steps[0]["step"] == "received"
    assert [str(since.public_id) in step["detail"] for step in steps if step["step"] == "merged"] == [True]


def test_a_copy_names_its_original(session: Session, get: Get) -> None:
    original = make_placed(session)
    copy = make_placed(session, placement={"duplicate_of": original.id})
    withdrawn = make_article(session, withdrawn_at=NOON)
    other = make_placed(session, placement={"duplicate_of": withdrawn.id})

    answer = get(f"/v1/articles/{copy.public_id}/trace").json()
    assert ("placed", "copy") in told(answer)
    assert f"a copy of {original.public_id}" in answer["summary"]
    assert "copy" not in get(f"/v1/articles/{other.public_id}/trace").json()["summary"]


def test_each_version_is_told_with_its_cause(session: Session, get: Get) -> None:
    article = an_article(session, version=4, cause="restored", changed_at=after(4000), correlation_id="last")
    for version, cause in ((1, "published"), (2, "changed"), (3, "withdrawn")):
        kept = ArticleVersion(
            article_id=article.id, version=version, cause=cause, title="", text="", changed_at=after(1000 * version)
        )
        add(session, kept)
        outcome = "withdrawn" if cause == "withdrawn" else "superseded"
        add(session, Outcome(article_id=article.id, version=version, outcome=outcome, decided_at=after(4500)))

    answer = get(f"/v1/articles/{article.public_id}/trace").json()

    assert told(answer) == [
        ("received", "published"),
        ("received", "changed"),
        ("asked", "withdrawn"),
        ("asked", "restored"),
        ("decided", "superseded"),
        ("decided", "superseded"),
        ("decided", "withdrawn"),
    ]
    assert [step["detail"] for step in answer["steps"][:4]] == [None, "pushed", None, None]
    assert [step["correlation_id"] for step in answer["steps"][:4]] == [None, None, None, "last"]


def wait_in_the_outbox(session: Session, article: Article) -> None:
    add(session, OutboxEntry(article_id=article.id, version=1, urgency=0, correlation_id="r"))


def wait_in_the_queue(session: Session, article: Article) -> None:
    add(session, Dispatch(article_id=article.id, version=1))


def fail(session: Session, article: Article) -> None:
    wait_in_the_queue(session, article)
    error = "OperationalError: the disk is full"
    attempt = Attempt(article_id=article.id, version=1, attempts=2, last_attempt_at=NOON, last_error=error)
    add(session, attempt)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (wait_in_the_outbox, "and waits in the outbox for the relay"),
        (wait_in_the_queue, "and waits for a worker"),
        (fail, "tried twice, last"),
        (fail, "ago: OperationalError: the disk is full"),
        (lambda *_: None, "the sweep will send it"),
    ],
)
def test_what_a_pending_article_waits_for_is_told(session: Session, get: Get, state: Any, words: str) -> None:
    article = an_article(session)
    state(session, article)

    answer = get(f"/v1/articles/{article.public_id}/trace").json()

    assert answer["state"] == "pending"
    assert answer["summary"].startswith("received ")
    assert words in answer["summary"]


def test_while_a_new_version_waits_readers_see_the_one_before(session: Session, get: Get) -> None:
    article = make_placed(session)
    article.version, article.cause = 2, "changed"

    summary = get(f"/v1/articles/{article.public_id}/trace").json()["summary"]

    assert summary.startswith("version 2 received ")
    assert summary.endswith("readers see version 1")


def test_a_quarantined_article_says_why_and_what_to_do(session: Session, get: Get) -> None:
    article = an_article(session)
    make_quarantine(
        session, article, attempts=3, solo_attempts=3, last_error="ValueError: no words.", last_attempt_at=NOON
    )
    add(session, Outcome(article_id=article.id, version=1, outcome="quarantined", decided_at=NOON))

    answer = get(f"/v1/articles/{article.public_id}/trace").json()

    assert answer["state"] == "quarantined"
    assert answer["summary"] == (
        f"quarantined after 3 attempts: ValueError: no words; ./themeline quarantine retry {article.public_id}"
    )
    assert answer["steps"][1]["detail"] == "3 times, 3 of them alone: ValueError: no words."


def test_of_a_withdrawn_article_nothing_is_told_but_that_it_was_one(session: Session, get: Get) -> None:
    story = make_story(session, SECRET, theme=make_theme(session, SECRET))
    article = make_placed(session, SECRET, url=URL, text=SECRET, withdrawn_at=NOON, cause="withdrawn", story=story)
    add(session, Attempt(article_id=article.id, version=1, attempts=1, last_attempt_at=NOON, last_error=SECRET))
    reject(session, type="withdrawn", detail="This article has been withdrawn.", last_at=FAR_AHEAD)

    for answer in (get(f"/v1/articles/{article.public_id}/trace"), get("/v1/trace", url=URL)):
        assert answer.status_code == 200
        assert SECRET not in answer.text
        assert URL not in answer.text
        assert answer.json()["state"] == "withdrawn"
        assert "since then rejected once" in answer.json()["summary"]


def test_an_embargoed_article_is_as_unknown_as_one_that_does_not_exist(session: Session, get: Get) -> None:
    source = make_source(session, "Daily Courier")
    article = an_article(session, source=source, external_id="7", embargo_until=FAR_AHEAD)
    reject(session, external_id="7", source=source.key)

    for answer in (
        get(f"/v1/articles/{article.public_id}/trace"),
        get("/v1/trace", id=str(article.public_id)),
        get("/v1/trace", url=URL),
        get("/v1/trace", external_id="7", source="Daily Courier"),
    ):
        assert problem(answer) == (404, "unknown-article")
        assert answer.json()["detail"].startswith("There is no article ")


def test_an_embargo_that_ended_is_a_step(session: Session, get: Get) -> None:
    article = an_article(session, embargo_until=NOON + hours(3))
    assert ("disclosed", "visible") in told(get(f"/v1/articles/{article.public_id}/trace").json())


def test_the_steps_of_an_article_that_changes_for_ever_are_bounded(session: Session, get: Get) -> None:
    article = an_article(session, version=301, changed_at=after(301))
    session.add_all(
        ArticleVersion(article_id=article.id, version=n, title="", text="", changed_at=after(n)) for n in range(1, 301)
    )
    session.flush()

    steps = get(f"/v1/articles/{article.public_id}/trace").json()["steps"]

    assert [steps[0]["version"], steps[-1]["version"], len(steps)] == [201, 301, 101]
