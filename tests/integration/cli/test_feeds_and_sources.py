"""`themeline feeds` and `themeline sources` against a real service on a real port."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click import UsageError
from click.testing import CliRunner, Result
from sqlalchemy import func, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from ingest_client import rows, settings
from support import wait_for
from themeline.cli.feed_lines import PATIENCE
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
def writer(sessions: Sessions) -> Iterator[Callable[..., None]]:
    """Writes of feeds that are due what the fetcher would: say what, and it is done from then on."""
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def write(**values: Any) -> None:
        due = update(Feed).where(Feed.state == "active", Feed.next_poll_at <= func.now()).values(**values)
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


@pytest.fixture
def poller(writer: Callable[..., None]) -> Callable[..., None]:
    """What the fetcher would write of polls."""

    def start(**values: Any) -> None:
        writer(polls=Feed.polls + 1, next_poll_at=datetime.now(UTC) + timedelta(hours=1), **values)

    return start


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


def test_a_feed_whose_first_poll_fails_is_added_and_that_is_a_failure(run: Run, poller: Callable[..., None]) -> None:
    poller(failures=Feed.failures + 1, last_error="no-feed-found: it is a page that names no feed")

    added, checked = run("feeds", "add", URL), run("feeds", "check", URL)

    assert (added.return_value, checked.return_value) == (1, 1)
    line = f"FAILING  {URL}: no-feed-found: it is a page that names no feed; give the address of the feed itself\n"
    assert added.output == checked.output == line
    (feed,) = json.loads(run("feeds", "list", "--failing", "--json").output)
    assert (feed["url"], feed["failures"]) == (URL, 2)


def test_a_check_while_the_host_is_to_be_left_alone_says_until_when_at_once(
    run: Run, writer: Callable[..., None]
) -> None:
    run("feeds", "add", "--no-wait", URL)
    writer(next_poll_at=datetime(2100, 1, 2, 3, 4, 5, tzinfo=UTC))
    started = time.monotonic()

    checked = run("feeds", "check", URL)

    assert time.monotonic() - started < PATIENCE.total_seconds()
    assert checked.return_value == 1
    assert checked.output == (
        f"waits    {URL}: its host is to be left alone until 2100-01-02 03:04:05 UTC; it is polled then\n"
    )


def test_options_that_a_known_feed_does_not_take_are_named_with_the_commands_that_apply_them(run: Run) -> None:
    run("feeds", "add", "--no-wait", URL, "--source", "Daily Courier")

    same = run("feeds", "add", "--no-wait", URL, "--source", "daily courier")
    other = run("feeds", "add", URL, "--source", "Coast Media", "--interval", "90s", "--no-full-text")

    assert same.output == f"known    {URL}: it is new and stays as it is\n"
    options, command = "--interval 90s --source 'Coast Media'", "sources set daily-courier --no-full-text"
    assert other.output.splitlines() == [
        f"known    {URL}: it is new and stays as it is",
        f"         not applied: {options}: `./themeline feeds set {URL} {options}` does it",
        f"         not applied: --no-full-text: `./themeline {command}` does it for its source",
    ]


def test_a_retired_feed_that_is_added_again_says_what_was_not_applied(run: Run, session: Session) -> None:
    run("feeds", "add", "--no-wait", URL)
    session.execute(update(Feed).values(state="retired"))
    session.commit()

    again = run("feeds", "add", "--no-wait", URL, "--interval", "5m")

    assert f"`./themeline feeds set {URL} --interval 5m` does it" in again.output
    assert again.output.endswith(f"added    {URL}\n")


def test_how_a_feed_is_read_is_changed(run: Run, session: Session, poller: Callable[..., None]) -> None:
    run("feeds", "add", "--no-wait", URL)
    session.execute(update(Feed).values(next_poll_at=datetime.now(UTC) + timedelta(hours=1)))
    session.commit()

    changed = run("feeds", "set", URL, "--interval", "2h", "--source", "Daily Courier", "--title", "Latest")
    adapted = run("feeds", "set", URL, "--adapt", "--title", "")
    poller(succeeded_at=datetime.now(UTC), format="rss")
    moved = run("feeds", "set", URL, "--url", "https://courier.example/new.xml")

    assert changed.output == f"set      {URL}: “Latest”, of Daily Courier, every 2h\n"
    assert adapted.output == f"set      {URL}: without title, of Daily Courier, adapted, now every 2h\n"
    assert [changed.return_value, adapted.return_value, moved.return_value] == [0, 0, 0]
    assert moved.output.splitlines()[1].startswith("reads    https://courier.example/new.xml: ")
    unknown = run("feeds", "set", URL + "x", "--adapt")
    assert (unknown.return_value, "no feed is read at" in unknown.stderr) == (1, True)


@pytest.mark.parametrize("options", [(), ("--adapt", "--interval", "5m")])
def test_a_change_of_a_feed_says_one_thing_that_is_clear(run: Run, options: tuple[str, ...]) -> None:
    assert isinstance(run("feeds", "set", URL, *options).exception, UsageError)


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
    assert refused.return_value == 1
    assert f"the feed is paused: `./themeline feeds resume {feed['id']}` has it polled" in refused.stderr
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
    lines = f'<outline text="Courier" xmlUrl="{URL}"/><outline type="rss" text="Nothing"/>'
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


def test_a_source_may_have_a_name_that_no_path_can_hold(run: Run) -> None:
    created = run("sources", "set", "AP/Reuters", "--zone", "Europe/Kyiv", "--json")
    changed = run("sources", "set", "AP/Reuters", "--language", "uk", "--json")

    source = json.loads(changed.output)
    assert source == json.loads(created.output) | {"language": "uk"}
    assert (source["key"], source["name"]) == ("ap-reuters", "AP/Reuters")
    assert json.loads(run("sources", "show", "AP/Reuters", "--json").output) == source


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sources", "show", "nobody"), "There is no such source"),
        (("sources", "set", "/", "--zone", "Europe/Kyiv"), "'/' is no name of a source"),
        (("sources", "set", "x", "--zone", "Mars/Olympus"), "default_zone"),
        (("sources", "set", "x", "--unblock", "never"), "nothing is blocked by 'never'"),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, arguments: tuple[str, ...], words: str) -> None:
    assert words in str(run(*arguments).exception)
    assert "there is no source" in run("sources", "list").output
