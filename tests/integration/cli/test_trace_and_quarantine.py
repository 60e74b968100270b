"""`themeline trace` and `themeline quarantine` against both services on real ports."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from click.testing import CliRunner, Result
from fastapi import FastAPI
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from factories import make_article, make_placed, make_quarantine, make_story
from support import wait_for
from themeline.api import app as api
from themeline.api.settings import ApiSettings
from themeline.cli.main import cli
from themeline.ingest import app as ingest
from themeline.ingest.settings import IngestSettings
from themeline.shared.models import Article, RejectedItem

Run = Callable[..., Result]


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    wait_for(lambda: server.started, what="the service listens")
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def run(database_url: str, session: Session) -> Iterator[Run]:
    """Commits what the test has laid down, and runs a command that asks the services of this test."""
    reading = api.create_app(ApiSettings(database_url=database_url, redis_url="redis://127.0.0.1:1/0"))
    writing = ingest.create_app(IngestSettings(database_url=database_url))
    with served(reading) as api_url, served(writing) as ingest_url:

        def run(*arguments: str) -> Result:
            session.commit()
            environment = {"THEMELINE_API_URL": api_url, "THEMELINE_INGEST_URL": ingest_url}
            with capture_logs():  # the services share our output
                return CliRunner(env=environment).invoke(cli, arguments, standalone_mode=False)

        yield run


def quarantined(session: Session) -> Article:
    article = make_article(session)
    make_quarantine(session, article, attempts=3, solo_attempts=3, last_error="ValueError: no words")
    return article


def now(session: Session, article: Article) -> tuple[str, int, bool]:
    """The cause and number of the current version, and whether the article is withdrawn."""
    session.refresh(article)
    return article.cause, article.version, article.withdrawn_at is not None


def test_an_article_is_traced_by_its_id_its_address_and_its_identifier(run: Run, session: Session) -> None:
    article = make_placed(session, external_id="7", story=make_story(session, "Bridge closes"))
    session.flush()
    source = "Daily Courier"
    other = make_article(session, external_id="8")

    by_id, by_address = run("trace", str(article.public_id)), run("trace", str(article.url))
    unknown = run("trace", "7", "--source", source)

    assert by_id.output == by_address.output
    assert by_id.output.startswith(f"{article.public_id} {article.url} ready\n")
    assert "in the story “Bridge closes”" in by_id.output
    assert "received  published     pushed" in by_id.output
    assert "no article '7'" in str(unknown.exception)
    assert str(other.public_id) not in by_id.output


def test_a_trace_is_printed_as_json(run: Run, session: Session) -> None:
    article = make_placed(session)
    found = json.loads(run("trace", "--json", str(article.public_id)).output)
    assert (found["id"], found["state"]) == (str(article.public_id), "ready")


def test_what_was_never_accepted_is_found_by_the_publishers_identifier(run: Run, session: Session) -> None:
    why = {"way": "feed", "type": "missing-field", "detail": "`title` is required.", "times": 3}
    session.add(RejectedItem(digest=b"1", external_id="7", source="daily-courier", **why))

    printed = run("trace", "7", "--source", "Daily Courier").output

    assert printed.startswith("never accepted\nrejected 3 times, last ")
    assert "3 times, by feed: `title` is required." in printed


def test_what_is_in_quarantine_is_listed(run: Run, session: Session) -> None:
    assert run("quarantine", "list").output == "Nothing is in quarantine.\n"
    article = quarantined(session)

    what, why = run("quarantine", "list").output.splitlines()
    assert str(article.public_id) in what
    assert why == "3 attempts: ValueError: no words"
    assert [one["attempts"] for one in json.loads(run("quarantine", "list", "--json").output)] == [3]


def test_articles_are_tried_again(run: Run, session: Session) -> None:
    one, other, kept = (quarantined(session) for _ in range(3))

    done = run("quarantine", "retry", str(one.public_id), str(other.public_id))

    assert done.output == "2 retried\n"
    assert now(session, one) == now(session, other) == ("retried", 2, False)
    assert now(session, kept) == ("published", 1, False)


def test_everything_is_dropped(run: Run, session: Session) -> None:
    made = [quarantined(session) for _ in range(3)]
    other = make_article(session)

    assert run("quarantine", "drop", "--all").output == "3 dropped\n"
    assert [now(session, article) for article in made] == [("withdrawn", 2, True)] * 3
    assert now(session, other) == ("published", 1, False)
    assert run("quarantine", "retry", "--all").output == "Nothing is in quarantine.\n"


def test_each_failure_is_told_and_does_not_keep_the_others_back(run: Run, session: Session) -> None:
    healthy, sick = make_article(session), quarantined(session)

    done = run("quarantine", "retry", str(healthy.public_id), str(sick.public_id))

    assert f"{healthy.public_id}: The article is not in quarantine" in done.output
    assert str(done.exception) == "1 of 2 could not be retried; 1 retried"
    assert now(session, sick) == ("retried", 2, False)
