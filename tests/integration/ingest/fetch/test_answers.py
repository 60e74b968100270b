from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from hostile import HostileServer
from themeline.ingest.fetch import Fetcher, Link


def test_an_answer_says_what_came(server: HostileServer, fetcher: Fetcher) -> None:
    headers = {
        "Content-Type": 'Application/RSS+xml; charset="ISO-8859-1"',
        "ETag": 'W/"one"',
        "Last-Modified": "Sat, 12 Jul 2025 09:12:51 GMT",
        "Cache-Control": "public, max-age=600",
        "Link": '<https://hub.example/>; rel="hub", </feed>; rel=self',
        "X-Robots-Tag": "noarchive",
        "tdm-reservation": "1",
    }
    answer = fetcher.get(server.puts("/feed", b"<rss/>", headers=headers))
    assert (answer.status, answer.url, answer.moved_to) == (200, server.at("/feed"), None)
    assert (answer.content_type, answer.charset, answer.body) == ("application/rss+xml", "iso-8859-1", b"<rss/>")
    assert (answer.etag, answer.last_modified) == ('W/"one"', "Sat, 12 Jul 2025 09:12:51 GMT")
    assert (answer.max_age, answer.retry_after) == (600, None)
    assert answer.links == (Link("hub", "https://hub.example/"), Link("self", server.at("/feed")))
    assert answer.robots_tags == ("noarchive",)
    assert answer.tdm_reservation


def test_an_answer_without_headers_says_nothing(server: HostileServer, fetcher: Fetcher) -> None:
    answer = fetcher.get(server.puts("/"))
    assert (answer.content_type, answer.charset, answer.etag, answer.max_age, answer.links) == (
        "",
        None,
        None,
        None,
        (),
    )


@pytest.mark.parametrize(
    "kind", ["text/html; charset=none-such", "text/html; charset=hex", "text/html; charset=idna", "text/html; charset="]
)
def test_a_charset_that_nobody_can_decode_is_none(server: HostileServer, fetcher: Fetcher, kind: str) -> None:
    answer = fetcher.get(server.puts("/", headers={"Content-Type": kind}))
    assert (answer.content_type, answer.charset) == ("text/html", None)


@pytest.mark.parametrize("kind", ["", ";", "text", "text/html, text/plain", "\x7f\xff", "a" * 20_000])
def test_a_type_that_is_none_does_no_harm(server: HostileServer, fetcher: Fetcher, kind: str) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: " + kind.encode("latin-1").replace(b"\x7f", b"")
    answer = fetcher.get(server.sends("/", head + b"\r\n\r\n"))
    assert answer.charset is None


@pytest.mark.parametrize(
    "links", ["<", "<>;rel=hub", "garbage", "<http://[>; rel=hub", ", ".join(["<a>; rel=b"] * 999)]
)
def test_links_that_are_none_do_no_harm(server: HostileServer, fetcher: Fetcher, links: str) -> None:
    answer = fetcher.get(server.puts("/", headers={"Link": links}))
    assert all(link.url.startswith("http") for link in answer.links)


def test_an_error_is_an_answer_and_says_when_to_come_back(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.puts("/", b"slower", status=429, headers={"Retry-After": "120"})
    answer = fetcher.get(url)
    assert (answer.status, answer.retry_after, answer.body) == (429, 120.0, b"slower")


def test_the_instant_to_come_back_becomes_seconds(server: HostileServer, fetcher: Fetcher) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    answer = fetcher.get(server.puts("/later", status=503, headers={"Retry-After": later}))
    assert answer.retry_after == pytest.approx(3600, abs=10)
    past = fetcher.get(server.puts("/past", headers={"Retry-After": "Sat, 12 Jul 2025 09:12:51 GMT"}))
    assert past.retry_after == 0.0


@pytest.mark.parametrize("value", ["soon", "-5", "1e9", "9" * 5000, "Sat, 99 Jul 2025 09:12:51 GMT", ""])
def test_an_instant_that_is_none_says_nothing(server: HostileServer, fetcher: Fetcher, value: str) -> None:
    assert fetcher.get(server.puts("/", headers={"Retry-After": value})).retry_after is None


def test_what_is_known_is_asked_for_only_if_it_changed(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.puts("/", status=304, headers={"ETag": '"two"'})
    answer = fetcher.get(url, etag='"one"', last_modified="Sat, 12 Jul 2025 09:12:51 GMT", accept="text/html")
    assert (answer.status, answer.etag, answer.body) == (304, '"two"', b"")
    (request,) = server.requests
    assert 'If-None-Match: "one"' in request
    assert "If-Modified-Since: Sat, 12 Jul 2025 09:12:51 GMT" in request
    assert "Accept: text/html" in request
    assert "User-Agent: Themeline/test" in request


def test_cookies_are_not_kept(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.puts("/", headers={"Set-Cookie": "id=1"})
    fetcher.get(url)
    fetcher.get(url)
    assert not any("cookie" in request.lower() for request in server.requests)


def test_the_environments_proxy_is_not_taken(
    server: HostileServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert fetcher.get(server.puts("/", b"direct")).body == b"direct"


def test_a_form_is_sent_as_one(server: HostileServer, fetcher: Fetcher) -> None:
    url = server.puts("/hub", status=202)
    assert fetcher.post(url, {"hub.mode": "subscribe", "hub.topic": "http://feed.example/?a=b"}).status == 202
    (request,) = server.requests
    assert request.startswith("POST /hub ")
    assert "Content-Type: application/x-www-form-urlencoded" in request
