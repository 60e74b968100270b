"""`themeline ingest` of archives into a real service on a real port."""

import http.server
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import psutil
import pytest
import uvicorn
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ingest_client import rows, settings
from support import wait_for
from systems import command_line, plain_environment
from themeline.cli.ingest_plan import ARCHIVE_BYTES
from themeline.cli.pushing import MOST_ITEMS
from themeline.ingest.app import create_app
from themeline.ingest.settings import IngestSettings
from themeline.shared.models import Article, OutboxEntry, Source

__all__ = ["settings"]

# Six requests: enough to stop a run between the first and the last one.
MANY = 6 * MOST_ITEMS
Ingest = Callable[..., subprocess.CompletedProcess[str]]

EXPORT = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Village Post</title>
<item><title>Mill reopens</title><link>https://village.example/1</link><guid>https://village.example/?p=1</guid>
<content:encoded><![CDATA[The mill <b>turns</b> again.]]></content:encoded><wp:status>publish</wp:status>
<wp:post_date_gmt>2011-03-02 14:05:00</wp:post_date_gmt><wp:post_type>post</wp:post_type></item>
<item><title>mill.jpg</title><wp:post_type>attachment</wp:post_type></item></channel></rss>"""


@pytest.fixture
def environment(settings: IngestSettings, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that point `themeline ingest` at the service of this test."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    wait_for(lambda: server.started, what="the service listens")
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield {"THEMELINE_INGEST_URL": address, "THEMELINE_PROJECT": str(tmp_path / "project")}
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def ingest(environment: dict[str, str]) -> Ingest:
    return lambda *arguments: command_line("ingest", *map(str, arguments), **environment)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.jsonl"
    with path.open("w") as file:
        for number in range(MANY):
            article = {"url": f"https://archive.example/{number}", "title": f"Report {number}", "text": "It rained."}
            file.write(json.dumps(article) + "\n")
    return path


def kept(environment: dict[str, str], ending: str) -> Sequence[Path]:
    """The files of that ending that runs left behind."""
    return list((Path(environment["THEMELINE_PROJECT"]) / ".themeline" / "ingest").glob(f"*{ending}"))


def stopped(environment: dict[str, str], archive: Path, number: signal.Signals) -> tuple[int, str]:
    """A run that is sent a signal after its first answer; gives its exit code, and what it said of it."""
    process = psutil.Popen(
        [sys.executable, "-m", "themeline.cli", "ingest", str(archive)],
        env=plain_environment() | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: kept(environment, ".json"), 60, "a first answer")
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_stopped_continues(
    environment: dict[str, str], ingest: Ingest, archive: Path, session: Session, number: signal.Signals
) -> None:
    code, said = stopped(environment, archive, number)
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 130)
    assert ("the same command continues there" in said) == (number == signal.SIGINT)
    before = rows(session, Article)
    assert before < MANY
    done = ingest(archive)
    assert "continuing after" in done.stderr
    assert (done.returncode, done.stdout.splitlines()[0].split()[-1]) == (0, "0")
    assert rows(session, Article) == MANY
    assert not kept(environment, ".json")


def test_a_run_continues_from_the_start_into_a_system_that_was_emptied(
    environment: dict[str, str], ingest: Ingest, archive: Path, session: Session
) -> None:
    stopped(environment, archive, signal.SIGKILL)
    session.execute(text("TRUNCATE articles CASCADE"))
    session.commit()
    done = ingest(archive)
    assert "reading again from the start" in done.stderr
    assert done.returncode == 0
    assert rows(session, Article) == MANY


def test_a_run_can_be_told_to_begin_again(
    environment: dict[str, str], ingest: Ingest, archive: Path, session: Session
) -> None:
    stopped(environment, archive, signal.SIGKILL)
    done = ingest("--from-start", archive)
    assert "continuing" not in done.stderr
    counts = dict(zip(*[iter(done.stdout.splitlines()[0].replace(" ·", "").replace(",", "").split())] * 2, strict=True))
    assert sum(map(int, counts.values())) == MANY
    assert rows(session, Article) == MANY


def test_a_service_that_is_not_there_is_one_line_and_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    gone = {"THEMELINE_INGEST_URL": "http://127.0.0.1:9", "THEMELINE_PROJECT": str(tmp_path)}
    done = command_line("ingest", str(archive), **gone)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == [archive.name]


def test_a_table_an_export_and_a_folder_of_pages_arrive_as_articles(
    ingest: Ingest, tmp_path: Path, session: Session
) -> None:
    table, export, pages = tmp_path / "a.csv", tmp_path / "b.xml", tmp_path / "pages"
    table.write_text("Titel;Link;Datum\nDie Mühle;https://muehle.example/1;02.05.2026 10:00\n")
    export.write_text(EXPORT)
    pages.mkdir()
    for number in range(3):
        page = f"<html><head><title>Page {number}</title></head><body><h1>Page {number}</h1></body></html>"
        (pages / f"{number}.html").write_text(page)
    mapping = "title=Titel,published=Datum"
    done = ingest("--source", "Mühlenblatt", "--columns", mapping, table, export, pages)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "created 5 · updated 0 · unchanged 0 · rejected 0",
        "  passed over: 1 × WordPress attachment",
    ]
    articles = {article.title: article for article in session.scalars(select(Article))}
    assert articles["Die Mühle"].published_raw == "02.05.2026 10:00"
    assert articles["Mill reopens"].text == "The mill turns again."
    assert set(session.scalars(select(Source.name))) == {"Mühlenblatt", "Village Post"}


def test_an_archive_runs_behind_fresh_articles_unless_it_is_told_otherwise(
    ingest: Ingest, tmp_path: Path, session: Session
) -> None:
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    small.write_text(json.dumps({"title": "News", "url": "https://fresh.example/1"}) + "\n")
    with large.open("w") as file:
        for number in range(12):
            article = {"title": f"Old {number}", "url": f"https://old.example/{number}", "text": "x " * 450_000}
            file.write(json.dumps(article) + "\n")
    assert large.stat().st_size > ARCHIVE_BYTES
    assert "its articles wait for fresh ones" in ingest("--rejected", tmp_path / "rejected", large).stderr
    assert ingest(small).stderr == ""
    urgencies = select(OutboxEntry.urgency, func.count()).group_by(OutboxEntry.urgency)
    assert sorted(map(tuple, session.execute(urgencies))) == [(0, 1), (1, 12)]


def test_the_entries_of_a_feed_are_sent_once(ingest: Ingest, tmp_path: Path, session: Session) -> None:
    feed = """<?xml version="1.0"?><rss version="2.0"><channel><title>Daily Courier</title>
    <item><title>Bridge closed</title><link>/bridge</link></item></channel></rss>"""
    (tmp_path / "feed.rss").write_text(feed)

    class Site(http.server.SimpleHTTPRequestHandler):
        def guess_type(self, _: object) -> str:
            return "application/rss+xml"

    handler = partial(Site, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        done = ingest(f"{address}/feed.rss")
        server.shutdown()
    assert done.stdout == "created 1 · updated 0 · unchanged 0 · rejected 0\n"
    assert "`./themeline feeds add`" in done.stderr
    assert session.scalars(select(Article.url)).one() == f"{address}/bridge"
    assert session.scalars(select(Source.name)).one() == "Daily Courier"


def test_rejected_articles_are_kept_and_can_be_mended_and_sent(
    environment: dict[str, str], ingest: Ingest, tmp_path: Path, session: Session
) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"title": "A", "url": "https://a.example/"}\n{"text": "B"}\n{oops\n')
    done = ingest(source)
    assert done.returncode == 0
    (path,) = kept(environment, ".rejected.jsonl")
    assert str(path) in done.stdout
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert (first["where"], first["problem"]["field"]) == (f"{source}, line 2", "title")
    assert (second["where"], second["raw"]) == (f"{source}, line 3", "{oops")
    first["item"]["title"] = "B"
    path.write_text(json.dumps(first) + "\n")
    assert ingest(path).stdout.startswith("created 1 ")
    assert set(session.scalars(select(Article.title))) == {"A", "B"}


def test_a_dry_run_sends_nothing(ingest: Ingest, archive: Path, environment: dict[str, str], session: Session) -> None:
    done = ingest("--dry-run", archive)
    assert done.stdout.startswith(f"readable {MANY:,} · rejected 0\n")
    assert rows(session, Article) == 0
    assert not kept(environment, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--columns", "headline=Titel"], "'headline' is not FIELD=COLUMN"),
        (["--columns", "title=Titel"], "no column is called “Titel”"),
        (["--columns", "title="], "no column is the title"),
        (["--priority", "soon"], "--priority"),
    ],
)
def test_a_users_mistake_is_one_line(ingest: Ingest, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "a.csv").write_text("title,text\nA,x\n")
    done = ingest(*arguments, tmp_path / "a.csv")
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr


def test_rejected_articles_are_never_written_into_what_is_read(ingest: Ingest, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "A"}\n')
    for source in (tmp_path, tmp_path / "a.jsonl"):
        done = ingest("--rejected", tmp_path / "a.jsonl", source)
        assert done.returncode != 0
        assert "written into what is read" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
