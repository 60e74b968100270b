import asyncio
import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from hostile import HostileServer, failure
from support import wait_for
from themeline.ingest.fetch import Fetcher, FetchError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


class Resolver(AbstractResolver):
    """A name server that gives another answer each time, the last one for ever."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        kind = socket.AF_INET6 if ":" in answer else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
                for address in answer.split()]  # fmt: skip

    async def close(self) -> None:
        pass


@pytest.fixture
def resolving() -> Iterator[Callable[..., Fetcher]]:
    made: list[Fetcher] = []

    def make(*answers: str, allowed: tuple[str, ...] = ("127.0.0.1/32",)) -> Fetcher:
        made.append(Fetcher(agent="T", total_seconds=2, allowed_networks=allowed, resolver=Resolver(*answers)))
        return made[-1]

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "0x7f000001", "[::ffff:127.0.0.1]", "[::1]", "①②⑦.0.0.1", "localhost",
        "10.0.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "[fd00:ec2::254]", "[fe80::1]",
        "[64:ff9b::a00:1]", "[2002:a00:1::]", "[2001:0:1::]", "224.0.0.1", "255.255.255.255", "[::]", "0.0.0.0",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    fetcher = Fetcher(agent="T", total_seconds=2)
    assert failure(fetcher, f"http://{host}/").type == "address-refused"
    fetcher.close()


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0177.0.0.1", "a..b", "x" * 300, "[::1", "h:0", "h:99999"])
def test_what_is_no_host_is_refused(fetcher: Fetcher, host: str) -> None:
    assert failure(fetcher, f"http://{host}/").type == "invalid-address"


@pytest.mark.parametrize("url", ["", "page", "//h/", "file:///etc/passwd", "unix:///run/s", "ftp://h/", "mailto:a@b"])
def test_only_the_web_is_fetched(fetcher: Fetcher, url: str) -> None:
    assert failure(fetcher, url).type == "scheme"


@pytest.mark.parametrize("url", ["http:///x", "http://user:secret@h/", "http://h/" + "x" * 9000, "http:\\\\h\\"])
def test_what_is_no_address_is_refused(fetcher: Fetcher, url: str) -> None:
    assert failure(fetcher, url).type == "invalid-address"


def test_a_port_of_another_service_is_refused() -> None:
    fetcher = Fetcher(agent="T", total_seconds=2)
    assert failure(fetcher, "http://8.8.8.8:25/").type == "address-refused"
    fetcher.close()


def test_a_name_is_judged_by_the_address_it_has(server: HostileServer, resolving: Callable[..., Fetcher]) -> None:
    url = server.puts("/", b"here").replace("127.0.0.1", "news.example")
    assert resolving("127.0.0.1").get(url).body == b"here"
    assert failure(resolving("127.0.0.2"), url).type == "address-refused"
    assert failure(resolving("10.0.0.1 192.168.0.1 172.16.0.1"), url).type == "address-refused"
    assert len(server.requests) == 1


def test_a_name_that_changes_its_meaning_leads_nowhere(
    server: HostileServer, resolving: Callable[..., Fetcher]
) -> None:
    """Rebinding: the second connection, after a redirect to the same name, is judged anew."""
    fetcher = resolving("127.0.0.1", "127.0.0.2", allowed=("127.0.0.1/32",))
    redirect = server.puts("/", status=302, headers={"Location": f"http://b.example:{server.port}/inside"})
    assert failure(fetcher, redirect.replace("127.0.0.1", "a.example")).type == "address-refused"
    assert len(server.requests) == 1


def test_of_several_addresses_one_that_is_open_is_taken(
    server: HostileServer, resolving: Callable[..., Fetcher]
) -> None:
    url = server.puts("/", b"here").replace("127.0.0.1", "news.example")
    assert resolving("10.0.0.1 127.0.0.1").get(url).body == b"here"


def test_a_host_without_an_address_is_named(fetcher: Fetcher) -> None:
    assert failure(fetcher, "http://nobody.invalid/").type == "dns"


def test_a_port_on_which_nobody_listens_is_named(fetcher: Fetcher) -> None:
    assert failure(fetcher, "http://127.0.0.1:9/").type == "connection"


def test_a_server_without_encryption_is_named(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as threads:
        fetching = threads.submit(failure, fetcher, f"https://127.0.0.1:{listening.getsockname()[1]}/")
        plain, _ = listening.accept()
        with plain:
            plain.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            assert fetching.result(10).type == "tls"


async def drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drips_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-A: b\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def only_continues(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def says_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("script", [drips, drips_headers, only_continues, says_nothing])
def test_slowness_of_any_kind_ends_with_the_total(server: HostileServer, script: Any) -> None:
    fetcher = Fetcher(agent="T", total_seconds=0.5, allowed_networks=["127.0.0.1"])
    began = time.monotonic()
    assert failure(fetcher, server.does("/", script)).type in ("timeout", "headers-too-large")
    assert time.monotonic() - began < 5
    fetcher.close()


def test_redirects_do_not_add_to_the_total(server: HostileServer) -> None:
    fetcher = Fetcher(agent="T", total_seconds=0.6, allowed_networks=["127.0.0.1"])

    def slowly_to(path: str) -> Any:
        async def script(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.4)
            writer.write(f"HTTP/1.1 302 X\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n".encode())

        return script

    server.does("/b", slowly_to("/c"))
    server.does("/c", slowly_to("/d"))
    assert failure(fetcher, server.does("/a", slowly_to("/b"))).type == "timeout"
    fetcher.close()


async def resets(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"x")
    await writer.drain()
    writer.transport.abort()


async def resets_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.mark.parametrize("script", [resets, resets_at_once])
def test_a_connection_that_breaks_is_named(server: HostileServer, fetcher: Fetcher, script: Any) -> None:
    assert failure(fetcher, server.does("/", script)).type in ("connection", "truncated")


@pytest.mark.parametrize(
    "head",
    [
        b"X-A: " + b"a" * 100_000,
        b"\r\n".join(b"X-%d: a" % number for number in range(1000)),
        b"X" * 100_000 + b": a",
    ],
)
def test_huge_headers_are_refused(server: HostileServer, fetcher: Fetcher, head: bytes) -> None:
    error = failure(fetcher, server.sends("/", b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n"))
    assert error.type in ("headers-too-large", "bad-answer")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
        bytes(range(256)) * 100,
    ],
)
def test_what_is_no_http_is_named(server: HostileServer, fetcher: Fetcher, answer: bytes) -> None:
    error = failure(fetcher, server.sends("/", answer))
    assert error.type in ("bad-answer", "connection", "truncated", "headers-too-large")


def test_nothing_is_left_open(server: HostileServer) -> None:
    """Neither a socket, nor a task, nor a thread, whatever went wrong; warnings would fail this test."""
    names = {thread.name for thread in threading.enumerate()}
    before = len(list(Path("/proc/self/fd").iterdir()))
    fetcher = Fetcher(agent="T", total_seconds=0.3, allowed_networks=["127.0.0.1"])
    server.puts("/fine", b"x", headers={"Connection": "keep-alive"})
    for path, script in {"/drips": drips, "/resets": resets, "/silent": says_nothing}.items():
        server.does(path, script)
    server.puts("/circle", status=302, headers={"Location": "/circle"})
    for path in ("/fine", "/drips", "/resets", "/silent", "/circle"):
        try:
            fetcher.get(server.at(path), limit_bytes=10)
        except FetchError:
            continue
    fetcher.close()
    fetcher.close()
    gc.collect()
    wait_for(lambda: not server.connections, what="the server's connections to end")
    assert {thread.name for thread in threading.enumerate()} == names
    wait_for(lambda: len(list(Path("/proc/self/fd").iterdir())) <= before, what="the descriptors to be closed")


def test_threads_fetch_at_once(server: HostileServer) -> None:
    fetcher = Fetcher(agent="T", total_seconds=10, allowed_networks=["127.0.0.1"])
    together = asyncio.Event()
    waiting = 0

    async def waits_for_all(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal waiting
        waiting += 1
        if waiting == 20:
            together.set()
        await together.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    url = server.does("/", waits_for_all)
    with ThreadPoolExecutor(20) as threads:
        assert [answer.body for answer in threads.map(fetcher.get, [url] * 20)] == [b"ok"] * 20
    fetcher.close()


def test_closing_ends_what_is_being_fetched(server: HostileServer) -> None:
    fetcher = Fetcher(agent="T", total_seconds=60, allowed_networks=["127.0.0.1"])
    url = server.does("/", says_nothing)
    with ThreadPoolExecutor(1) as threads:
        fetching = threads.submit(failure, fetcher, url)
        wait_for(lambda: len(server.requests) == 1, what="the request")
        fetcher.close()
        assert fetching.result(10).type == "connection"
    assert failure(fetcher, url).type == "connection"
