"""A site of ours for the tests that read feeds and pages: it says what it is told to, and knows what it was asked."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

RSS = "application/rss+xml"
HTML = "text/html; charset=utf-8"


@dataclass
class Answer:
    """What a path answers. With an `etag`, whoever shows it gets a 304."""

    body: str | bytes = ""
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Site:
    """A server of its own address; `answers` may be changed at any time."""

    def __init__(self, address: str) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer((address, 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def paths(self, method: str = "GET") -> list[str]:
        return [one.path for one in self.asked if one.method == method]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

            def _answer(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                site.asked.append(Asked(self.command, self.path, dict(self.headers), sent))
                given = site.answers.get(self.path, Answer("nothing here", status=404))
                unchanged = given.etag is not None and self.headers.get("If-None-Match") == given.etag
                body = given.body.encode() if isinstance(given.body, str) else given.body
                self.send_response(304 if unchanged else given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                if given.etag:
                    self.send_header("ETag", given.etag)
                if not unchanged:
                    self.send_header("Content-Type", given.content_type)
                self.send_header("Content-Length", "0" if unchanged else str(len(body)))
                self.end_headers()
                if not unchanged:
                    self.wfile.write(body)

        return Handler


@contextmanager
def serving(address: str = "127.0.0.1") -> Iterator[Site]:
    site = Site(address)
    try:
        yield site
    finally:
        site.close()


def entry(title: str, **elements: str) -> dict[str, str]:
    """An entry of an RSS feed, by the names of its elements."""
    return {"title": title, **elements}


def rss(entries: Sequence[Mapping[str, str]], *, title: str = "Example News", channel: str = "") -> str:
    """An RSS 2.0 feed; `channel` is put into it as it is."""
    items = "".join(
        "<item>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in one.items()) + "</item>"
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>{escape(title)}</title><link>https://news.example/</link>{channel}{items}</channel></rss>"
    )


def feed(entries: Sequence[Mapping[str, str]], *, channel: str = "", **answer: Any) -> Answer:
    """An answer that is an RSS feed."""
    return Answer(rss(entries, channel=channel), RSS, **answer)


def page(title: str, paragraphs: Sequence[str], *, head: str = "") -> str:
    """The page of an article."""
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title>{head}</head>'
        f"<body><header><nav><a href='/'>Home</a></nav></header><main><article><h1>{escape(title)}</h1>{body}"
        "</article></main></body></html>"
    )
