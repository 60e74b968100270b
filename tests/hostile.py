"""A hostile server: raw bytes on a socket, because no web server would send them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from themeline.ingest.fetch import Fetcher, FetchError
from themeline.ingest.fetch.client import LARGEST_BODY

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class HostileServer:
    """What it does for each path, and what it was asked."""

    port: int = 0
    host: str = "127.0.0.1"
    scripts: dict[str, Script] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    connections: int = 0

    def at(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def puts(self, path: str, body: bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None) -> str:
        """Answer this path like an ordinary server."""
        fields = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return self.sends(path, f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)

    def sends(self, path: str, *pieces: bytes) -> str:
        """Send these bytes and close."""

        async def script(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()

        return self.does(path, script)

    def does(self, path: str, script: Script) -> str:
        self.scripts[path] = script
        return self.at(path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            await self.scripts[head.split(" ")[1]](reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self.connections -= 1


def failure(fetcher: Fetcher, url: str, limit_bytes: int = LARGEST_BODY) -> FetchError:
    """Fetch what cannot be fetched: the failure, of which the reason is one clause."""
    with pytest.raises(FetchError) as caught:
        fetcher.get(url, limit_bytes=limit_bytes)
    assert caught.value.reason
    assert "\n" not in caught.value.reason
    assert len(caught.value.reason) < 300
    return caught.value
