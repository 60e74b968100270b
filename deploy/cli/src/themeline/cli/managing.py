"""Talking to the ingest service about what it reads: calls, pages, tables."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import httpx

from themeline.cli.errors import CommandError
from themeline.cli.services import INGEST_VARIABLE, ingest_url, json_object, make_client, problem_text, unreachable

# The largest page that the service gives.
PAGE = 200
# Where output is no terminal, nothing has to fit: lines are for other programs.
UNBOUNDED_WIDTH = 400

Thing = dict[str, Any]


class Service:
    """The ingest service; each failure is one line."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Return an answer that is a success.

        Raises:
            CommandError: it is none, with the service's own explanation.
        """
        return _successful(self._answer(method, path, **options))

    def json(self, method: str, path: str, **options: Any) -> Thing:
        return json_object(self._client, self.call(method, path, **options), INGEST_VARIABLE)

    def find(self, path: str) -> Thing | None:
        """Return what is there, or None."""
        answer = self._answer("GET", path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return json_object(self._client, _successful(answer), INGEST_VARIABLE)

    def pages(self, path: str, **parameters: str) -> Iterator[Thing]:
        """Yield the items of a list, page after page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.json("GET", path, params={"limit": str(PAGE)} | parameters | cursor)
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    def _answer(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise CommandError(unreachable(self._client, INGEST_VARIABLE, error)) from None


def _successful(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise CommandError(problem_text(answer))
    return answer


@contextmanager
def ingest_service() -> Iterator[Service]:
    """Talk to the service at THEMELINE_INGEST_URL."""
    with make_client(ingest_url()) as client:
        yield Service(client)


def text_of(argument: str) -> str:
    """An argument as text: the terminal may hand over bytes that are none."""
    return argument.encode(errors="replace").decode()


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under a head; strangers' words are shown as they are, without markup or control characters."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else UNBOUNDED_WIDTH).print(table)


def one_line(text: str) -> str:
    """Strangers' words without what could move the cursor."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
