import pytest

from hostile import HostileServer, failure
from themeline.ingest.fetch import Fetcher


def redirects(server: HostileServer, path: str, to: str, status: int = 302) -> str:
    return server.puts(path, status=status, headers={"Location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: HostileServer, fetcher: Fetcher, status: int) -> None:
    server.puts("/end", b"here")
    answer = fetcher.get(redirects(server, "/", "/end", status))
    assert (answer.url, answer.body) == (server.at("/end"), b"here")
    assert answer.moved_to == (server.at("/end") if status in (301, 308) else None)


def test_a_page_has_moved_as_far_as_redirects_are_permanent(server: HostileServer, fetcher: Fetcher) -> None:
    server.puts("/end")
    redirects(server, "/today", "/end", 301)
    redirects(server, "/new", "/today", 302)
    answer = fetcher.get(redirects(server, "/old", "/new", 308))
    assert (answer.moved_to, answer.url) == (server.at("/new"), server.at("/end"))


@pytest.mark.parametrize(
    ("to", "type_"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://127.0.0.1/", "scheme"),
        ("gopher://127.0.0.1:6379/_INFO", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("http://10.0.0.1/", "address-refused"),
        ("http://169.254.169.254/latest/meta-data/", "address-refused"),
        ("http://[::1]/", "address-refused"),
        ("//[fd00:ec2::254]/", "address-refused"),
        ("http://user:secret@127.0.0.1/", "invalid-address"),
        ("http://127.0.0.1:99999/", "bad-redirect"),
        ("http://[", "bad-redirect"),
        ("", "bad-redirect"),
        ("/" + "x" * 9000, "invalid-address"),
        ("/", "redirect-loop"),
        ("#part", "redirect-loop"),
    ],
)
def test_a_redirect_that_leads_astray_is_refused(server: HostileServer, fetcher: Fetcher, to: str, type_: str) -> None:
    assert failure(fetcher, redirects(server, "/", to)).type == type_


def test_redirects_in_a_circle_end(server: HostileServer, fetcher: Fetcher) -> None:
    redirects(server, "/b", "/a")
    assert failure(fetcher, redirects(server, "/a", "/b")).type == "redirect-loop"
    assert len(server.requests) == 2


def test_redirects_without_an_end_are_given_up(server: HostileServer, fetcher: Fetcher) -> None:
    for hop in range(10):
        redirects(server, f"/{hop}", f"/{hop + 1}")
    assert failure(fetcher, server.at("/0")).type == "too-many-redirects"
    server.puts("/10", b"here")
    assert fetcher.get(server.at("/5")).body == b"here"


def test_headers_of_the_caller_stay_with_the_server_that_was_asked(server: HostileServer, fetcher: Fetcher) -> None:
    server.puts("/end")
    redirects(server, "/next", server.at("/end").replace("127.0.0.1", "localhost"))
    fetcher.get(redirects(server, "/", "/next"), headers={"Authorization": "Bearer secret"})
    assert ["secret" in request for request in server.requests] == [True, True, False]


def test_a_form_is_not_sent_again_where_a_redirect_does_not_ask_for_it(server: HostileServer, fetcher: Fetcher) -> None:
    server.puts("/end")
    assert fetcher.post(redirects(server, "/found", "/end"), {"a": "b"}).status == 302
    assert fetcher.post(redirects(server, "/moved", "/end", 308), {"a": "b"}).status == 200
    assert server.requests[-1].startswith("POST /end ")
