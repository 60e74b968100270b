"""`themeline trace`: tells where an article is, and what became of it on its way."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import click
import httpx

from themeline.cli.managing import one_line, print_json, text_of
from themeline.cli.services import api_url, get_json, make_client

UNKNOWN = "never accepted"
# `2025-07-12 09:13:02.731`: what is finer says nothing at a terminal.
TIME_WIDTH = 23


@click.command("trace", short_help="Tell where an article is, and what became of it on its way.")
@click.argument("article")
@click.option("--source", metavar="NAME", help="ARTICLE is this publisher's own identifier.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def command(article: str, source: str | None, as_json: bool) -> None:  # noqa: FBT001 (click passes options by name)
    """Tell where ARTICLE, an id or an address, is: when it was received, sent, tried, related, and what is wrong.

    Also tells why an address was never accepted. The system is the one at THEMELINE_API_URL.
    """
    with make_client(api_url()) as client:
        found = get_trace(client, text_of(article), source and text_of(source))
    if as_json:
        print_json(found)
        return
    for line in trace_lines(found):
        click.echo(line)


def get_trace(client: httpx.Client, article: str, source: str | None = None) -> dict[str, Any]:
    """Return the trace of an article that is named by its id, its address, or its publisher's identifier."""
    if source is not None:
        return get_json(client, "/v1/trace", external_id=article, source=source)
    try:
        return get_json(client, "/v1/trace", id=str(UUID(article)))
    except ValueError:
        return get_json(client, "/v1/trace", url=article)


def trace_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """What it is, where it is in one line, and a line for each step."""
    name = " ".join(str(part) for part in (found["id"], found["url"]) if part)
    yield f"{one_line(name)} {found['state'] or UNKNOWN}".strip()
    yield one_line(found["summary"])
    yield ""
    for step in found["steps"]:
        yield _line(step)


def _line(step: Mapping[str, Any]) -> str:
    version = f"v{step['version']}" if step["version"] else ""
    request = f"[request {step['correlation_id']}]" if step["correlation_id"] else ""
    head = f"{_time(step['at'])}  {version:<4}{step['step']:<10}{step['outcome']:<14}"
    return _columns(head, step["detail"] or "", request)


def _columns(head: str, *parts: str) -> str:
    """A line whose columns stay where they are, and whose strangers' words cannot move the cursor."""
    return f"{head}{' '.join(one_line(part) for part in parts if part)}".rstrip()


def _time(at: str) -> str:
    date, _, time = at.removesuffix("Z").partition("T")
    clock, _, fraction = time.partition(".")
    return f"{date} {clock}.{fraction:0<3}"[:TIME_WIDTH]
