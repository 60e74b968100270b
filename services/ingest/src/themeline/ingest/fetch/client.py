"""Fetching from strangers.

They may send anything, to anywhere, at any pace. Time is limited as a whole, bytes on the wire and after each
decompression; and the address that is really connected to is looked at, so that neither a redirect nor a name
that changes its meaning leads into a private network.
"""

import asyncio
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohappyeyeballs import AddrInfoType
from aiohttp.abc import AbstractResolver
from yarl import URL

from themeline.ingest.core.addresses import is_refused, networks
from themeline.ingest.fetch import headers as read
from themeline.ingest.fetch.addresses import Trail, is_redirect, parse_address
from themeline.ingest.fetch.answers import Answer
from themeline.ingest.fetch.bodies import read_body
from themeline.ingest.fetch.decoders import ACCEPTED_ENCODINGS
from themeline.ingest.fetch.failures import CONNECT_SECONDS, AddressRefusedError, named_failures

# Everything included: name, connection, redirects and the slowest body.
TOTAL_SECONDS = 30.0
# A feed of several hundred full articles takes 2 to 5 MB; pages rarely 1.
LARGEST_BODY = 10 * 1024 * 1024
ANYTHING = "*/*"

# News sites send policies of more than the usual 8 kB in one header; together they stay below 4 MB.
_LONGEST_HEADER = 32 * 1024
_MOST_HEADERS = 128
# Enough for the next page of the same site after its crawl delay of a second or two, and not a thousand sockets.
_KEEPALIVE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: URL
    headers: Mapping[str, str]
    at_home: Mapping[str, str]  # sent to the first server alone
    form: Mapping[str, str] | None
    limit: int
    cut_off: bool


class AsyncFetcher:
    """Fetches one address after another, or many at once, in one event loop.

    Keeps no cookies, sends no credentials, and takes no proxy from the environment.
    """

    def __init__(
        self,
        *,
        agent: str,
        total_seconds: float = TOTAL_SECONDS,
        allowed_networks: Collection[str] = (),
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Say who asks, and where it may.

        Args:
            agent: the User-Agent.
            total_seconds: for one call, with all its redirects.
            allowed_networks: networks to be reached although they are not public, such as `10.1.0.0/16`.
            resolver: who resolves names; the operating system by default.

        Raises:
            ValueError: of allowed_networks, one is no network.
        """
        self._agent = agent
        self._total = total_seconds
        self._allowed = networks(allowed_networks)
        self._resolver = resolver
        self._opened: aiohttp.ClientSession | None = None

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ANYTHING,
        limit_bytes: int = LARGEST_BODY,
        headers: Mapping[str, str] | None = None,
        cut_off: bool = False,
    ) -> Answer:
        """Fetch an address; an answer of any status is one.

        Args:
            url: of http or https.
            etag: of the last answer, as sent: without a change the answer is a 304.
            last_modified: of the last answer, likewise.
            accept: media types.
            limit_bytes: the most that the body may take on the wire, and again after each decompression.
            headers: more of them, which redirects carry no further than to the server that was asked.
            cut_off: drop what is beyond the limit, instead of failing.

        Raises:
            FetchError: and nothing else.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        sent = {"Accept": accept} | {name: value for name, value in conditions.items() if value}
        with named_failures(self._total):
            address = parse_address(url)
            return await self._within(_Request("GET", address, sent, headers or {}, None, limit_bytes, cut_off))

    async def post(self, url: str, form: Mapping[str, str], *, limit_bytes: int = LARGEST_BODY) -> Answer:
        """Send a form; raise FetchError, and nothing else."""
        with named_failures(self._total):
            address = parse_address(url)
            sent = {"Accept": ANYTHING}
            return await self._within(_Request("POST", address, sent, {}, form, limit_bytes, cut_off=False))

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _within(self, request: _Request) -> Answer:
        # aiohttp's own total begins again with each redirect.
        async with asyncio.timeout(self._total):
            return await self._follow(request)

    async def _follow(self, request: _Request) -> Answer:
        trail = Trail(request.url)
        while True:
            sent = {**request.headers, **(request.at_home if trail.at_home else {})}
            async with self._session().request(
                request.method, trail.url, headers=sent, data=request.form, allow_redirects=False
            ) as response:
                if not is_redirect(response.status, method=request.method):
                    body = await read_body(response, request.limit, cut_off=request.cut_off)
                    return _answer(response, trail, body)
                trail.follow(response.status, response.headers.get("Location"))

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,  # how much at once is for the caller to say
                    keepalive_timeout=_KEEPALIVE_SECONDS,
                    resolver=self._resolver,
                    socket_factory=self._socket,
                ),
                timeout=aiohttp.ClientTimeout(total=self._total, sock_connect=CONNECT_SECONDS),
                headers={"User-Agent": self._agent, "Accept-Encoding": ACCEPTED_ENCODINGS},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
                max_headers=_MOST_HEADERS,
            )
        return self._opened

    def _socket(self, info: AddrInfoType) -> socket.socket:
        """A socket for this address, which is the one that will be connected to, if it is open to us."""
        family, kind, protocol, _, (host, port, *_rest) = info
        if family not in (socket.AF_INET, socket.AF_INET6) or is_refused(str(host), int(port), self._allowed):
            raise AddressRefusedError
        return socket.socket(family, kind, protocol)


def _answer(response: aiohttp.ClientResponse, trail: Trail, body: bytes) -> Answer:
    headers = response.headers
    kind, charset = read.content_type(headers.get("Content-Type", ""))
    return Answer(
        status=response.status,
        url=str(trail.url),
        moved_to=str(trail.moved_to) if trail.moved_to else None,
        is_elsewhere=not trail.only_permanent,
        content_type=kind,
        charset=charset,
        body=body,
        etag=read.validator(headers.get("ETag")),
        last_modified=read.validator(headers.get("Last-Modified")),
        retry_after=read.retry_after(headers.get("Retry-After"), datetime.now(UTC)),
        max_age=read.max_age(headers),
        links=read.links(response),
        robots_tags=tuple(headers.getall("X-Robots-Tag", ())),
        tdm_reservation=read.is_mining_reserved(headers),
    )
