import gzip
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from themeline.cli import pages
from themeline.cli.pages import FetchError, fetch
from themeline.cli.sources import Entry, read_source

PAGE = (
    b"<html><head><title>Bridge closed</title></head><body><h1>Bridge closed</h1><p>The river rose.</p></body></html>"
)


@dataclass
class Site:
    """A web server of the test's own: what it answers for each path."""

    url: str
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)

    def put(self, path: str, body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": kind, **named}, body)
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = found.answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Site(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield found
        server.shutdown()


def test_a_page_becomes_an_article_with_the_address_it_ended_at(site: Site) -> None:
    site.put("/final", PAGE)
    address = site.put("/short", b"", status=302, Location="/final")
    (found,) = read_source(address)
    assert isinstance(found, Entry)
    assert found.fields["url"] == f"{site.url}/final"
    assert found.fields["title"] == "Bridge closed"


def test_a_list_of_articles_is_read_as_such(site: Site) -> None:
    address = site.put("/articles.jsonl", b'{"title": "one"}\n{"title": "two"}\n', "application/x-ndjson")
    assert len(list(read_source(address))) == 2


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/rss+xml", "feed.xml"),
        ("application/atom+xml", "feed.xml"),
        ("text/xml", "feed.xml"),
        ("application/feed+json", "feed.json"),
    ],
)
def test_a_feed_is_fetched_with_its_type(site: Site, kind: str, name: str) -> None:
    fetched = fetch(site.put("/feed", b"<rss/>", kind + "; charset=utf-8"))
    assert (fetched.name, fetched.content_type, fetched.stream.read()) == (name, kind, b"<rss/>")


def test_what_is_neither_page_nor_list_is_refused(site: Site) -> None:
    with pytest.raises(FetchError, match="image/png"):
        fetch(site.put("/picture", b"png", "image/png"))


def test_an_error_of_the_site_is_told(site: Site) -> None:
    with pytest.raises(FetchError, match="it answered 404"):
        fetch(site.put("/gone", b"", status=404))


def test_nobody_answers(site: Site) -> None:
    with pytest.raises(FetchError, match="cannot connect"):
        fetch("http://127.0.0.1:9/")


def test_an_endless_answer_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LARGEST_BYTES", 100_000)
    with pytest.raises(FetchError, match="larger than"):
        fetch(site.put("/endless", b"x" * 5_000_000))


def test_a_compressed_answer_is_decompressed(site: Site) -> None:
    address = site.put("/page", gzip.compress(PAGE), Content_Encoding="gzip")
    assert fetch(address).stream.read() == PAGE


def test_an_answer_that_grows_too_large_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LARGEST_BYTES", 100_000)
    with pytest.raises(FetchError, match="when it is decompressed"):
        fetch(site.put("/bomb", gzip.compress(b"x" * 5_000_000), Content_Encoding="gzip"))


def test_going_round_in_circles_ends(site: Site) -> None:
    with pytest.raises(FetchError, match="in a circle"):
        fetch(site.put("/circle", b"", status=302, Location="/circle"))
