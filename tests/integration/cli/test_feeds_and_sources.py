"""`themeline feeds` and `themeline sources` against a real service on a real port."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner, Result
from sqlalchemy import func, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from ingest_client import rows, settings
from support import wait_for
from themeline.cli.main import cli
from themeline.ingest.app import create_app
from themeline.ingest.settings import IngestSettings
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.models import Feed

__all__ = ["settings"]

URL = "https://courier.example/feed.xml"
Run = Callable[..., Result]


@pytest.fixture
def run(settings: IngestSettings) -> Iterator[Run]:
    """Runs a command of `themeline` that asks the service of this test."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    environment = {"THEMELINE_INGEST_URL": f"http://127.0.0.1:{listener.getsockname()[1]}"}

    def run(*arguments: str, input: str | bytes | None = None) -> Result:  # noqa: A002  as click calls it
        with capture_logs():  # the service shares our output
            return CliRunner(env=environment).invoke(cli, arguments, input=input, standalone_mode=False)

    wait_for(lambda: server.started, what="the service listens")
    yield run
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def poller(sessions: Sessions) -> Iterator[Callable[..., None]]:
    """What the fetcher would write of feeds that are due: say what, and it is done from then on."""
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def write(**values: Any) -> None:
        due = (
            update(Feed)
            .where(Feed.state == "active", Feed.next_poll_at <= func.now())
            .values(polls=Feed.polls + 1, next_poll_at=datetime.now(UTC) + timedelta(hours=1), **values)
        )
        while not ended.wait(0.02):
            with unit_of_work(sessions) as session:
                session.execute(due)

    def start(**values: Any) -> None:
        threads.append(threading.Thread(target=write, kwargs=values))
        threads[-1].start()

    yield start
    ended.set()
    for thread in threads:
        thread.join()


def test_a_feed_that_is_added_is_told_of_when_it_was_polled(run: Run, poller: Callable[..., None]) -> None:
    poller(succeeded_at=datetime.now(UTC), title="Latest [bold]", format="rss", entries=2, created_articles=2)

    added = run("feeds", "add", URL, "--source", "Daily Courier", "--interval", "5m", "--no-full-text")
    again = run("feeds", "add", URL)

    assert (added.return_value, again.return_value) == (0, 0)
    assert added.output == f"reads    {URL}: “Latest [bold]”, rss, 2 entries, 2 articles\n"
    assert again.output == f"known    {URL}: it is healthy and stays as it is\n"
    listed = run("feeds", "list").output.splitlines()
    assert listed[0].split() == ["HEALTH", "SOURCE", "TITLE", "ADDRESS", "READ", "NEXT", "EVERY", "PROBLEM"]
    assert all(word in listed[1] for word in ("healthy", "Daily Courier", "Latest [bold]", URL, "ago", "5m (fixed)"))
    assert '"full_text": false' in run("sources", "show", "daily-courier", "--json").output


def test_a_feed_that_fails_is_added_and_a_check_of_it_is_a_failure(run: Run, poller: Callable[..., None]) -> None:
    poller(failures=Feed.failures + 1, last_error="no-feed-found: it is a page that names no feed")

    added, checked = run("feeds", "add", URL), run("feeds", "check", URL)

    assert (added.return_value, checked.return_value) == (0, 1)
    line = f"FAILING  {URL}: no-feed-found: it is a page that names no feed; give the address of the feed itself\n"
    assert added.output == checked.output == line
    (feed,) = json.loads(run("feeds", "list", "--failing", "--json").output)
    assert (feed["url"], feed["failures"]) == (URL, 2)


def test_what_is_no_address_is_one_line_and_spoils_no_other(run: Run) -> None:
    done = run("feeds", "add", "--no-wait", "ftp://old.example/", URL)

    assert done.return_value == 1
    assert done.stderr.startswith("themeline: ftp://old.example/: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == f"added    {URL}\n"


def test_feeds_are_paused_resumed_and_removed_by_address_or_id(run: Run, session: Session) -> None:
    run("feeds", "add", "--no-wait", URL)
    (feed,) = json.loads(run("feeds", "list", "--json").output)

    assert run("feeds", "pause", URL).output == f"paused   {URL}\n"
    refused = run("feeds", "check", feed["id"])
    assert (refused.return_value, "paused" in refused.stderr) == (1, True)
    assert run("feeds", "resume", feed["id"].upper()).output == f"resumed  {URL}\n"
    assert run("feeds", "remove", "--yes", URL).output == f"removed  {URL}\n"

    gone = run("feeds", "remove", "--yes", URL)
    assert (gone.return_value, rows(session, Feed)) == (1, 0)
    assert "feeds add" in gone.stderr
    assert "feeds add" in run("feeds", "list").output


def test_an_address_that_two_feeds_came_from_needs_an_id(run: Run, session: Session) -> None:
    run("feeds", "add", "--no-wait", "https://courier.example/")
    session.execute(update(Feed).values(url=URL))
    session.commit()
    run("feeds", "add", "--no-wait", "https://courier.example/sport")
    session.execute(update(Feed).where(Feed.url != URL).values(added_as="https://courier.example/"))
    session.commit()

    done = run("feeds", "pause", "https://courier.example/")

    assert done.return_value == 1
    assert all(feed["id"] in done.stderr for feed in json.loads(run("feeds", "list", "--json").output))
    assert run("feeds", "pause", URL).return_value == 0


def test_lists_go_in_and_out(run: Run, tmp_path: Path, session: Session) -> None:
    given = tmp_path / "in.opml"
    lines = f'<outline text="Courier" xmlUrl="{URL}"/><outline text="Nothing"/>'
    given.write_text(f'<opml version="2.0"><head/><body>{lines}</body></opml>')

    first = run("feeds", "import", str(given))
    written = run("feeds", "export", str(tmp_path / "out.opml"))
    again = run("feeds", "import", "-", input=run("feeds", "export").stdout_bytes)

    assert (first.return_value, written.return_value or 0, again.return_value) == (0, 0, 0)
    assert first.output.splitlines()[0] == "added 1 · existing 0 · rejected 1"
    assert first.output.splitlines()[1].startswith("  Nothing: ")
    assert again.output == "added 0 · existing 1 · rejected 0\n"
    assert URL in (tmp_path / "out.opml").read_text()
    assert rows(session, Feed) == 1
    (tmp_path / "no.opml").write_text("no list")
    assert "no list of feeds" in str(run("feeds", "import", str(tmp_path / "no.opml")).exception)


def test_a_source_is_created_changed_and_shown(run: Run) -> None:
    created = run("sources", "set", "Daily Courier", "--zone", "europe/kyiv", "--day-first", "--block", "*horoscope*")
    changed = run(
        "sources", "set", "daily-courier", "--owner", "Coast Media", "--block", "ads/*", "--unblock", "*horoscope*",
        "--crawl-delay", "2", "--language", "uk", "--no-full-text", "--json",
    )  # fmt: skip
    cleared = run("sources", "set", "daily-courier", "--owner", "", "--language", "", "--month-first", "--json")

    assert "zone         Europe/Kyiv" in created.output
    assert "blocked      *horoscope*" in created.output
    source = json.loads(changed.output)
    assert (source["name"], source["owner"], source["blocked"]) == ("Daily Courier", "Coast Media", ["ads/*"])
    assert (source["day_first"], source["language"], source["crawl_delay_seconds"]) == (True, "uk", 2)
    assert json.loads(cleared.output) == source | {"owner": None, "language": None, "day_first": False}
    assert [one["key"] for one in json.loads(run("sources", "list", "--json").output)] == ["daily-courier"]
    assert "month first" in run("sources", "list").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sources", "show", "nobody"), "There is no such source"),
        (("sources", "set", "x", "--zone", "Mars/Olympus"), "default_zone"),
        (("sources", "set", "x", "--unblock", "never"), "nothing is blocked by 'never'"),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, arguments: tuple[str, ...], words: str) -> None:
    assert words in str(run(*arguments).exception)
    assert "there is no source" in run("sources", "list").output
