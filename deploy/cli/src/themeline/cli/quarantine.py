"""`themeline quarantine`: lists what was set aside, tries it again, or drops it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import click
import httpx

from themeline.cli.errors import CommandError
from themeline.cli.managing import PAGE, one_line, print_json
from themeline.cli.services import (
    INGEST_VARIABLE,
    api_url,
    get_json,
    ingest_url,
    make_client,
    problem_text,
    unreachable,
)

NOTHING = "Nothing is in quarantine."
# Of a time, `2025-07-12T09:13:02`.
SECONDS = 19

# An article's id, and what the service answered.
Ask = Callable[[httpx.Client, str], httpx.Response]


class _Id(click.ParamType[str]):
    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(UUID(str(value)))
        except ValueError:
            self.fail(f"{str(value)!r} is no id of an article: `quarantine list` shows them", param, ctx)


ids_argument = click.argument("ids", nargs=-1, type=_Id(), metavar="[ID]...")
all_option = click.option("--all", "everything", is_flag=True, help="Everything that is in quarantine now.")


@click.group("quarantine", short_help="List what was set aside, try it again, or drop it.")
def command() -> None:
    """List, retry or drop articles that were set aside because relating them failed again and again.

    The system is the one at THEMELINE_API_URL and THEMELINE_INGEST_URL.
    """


@command.command("list", short_help="List what is in quarantine.")
@click.option("--json", "as_json", is_flag=True, help="Print the articles as JSON.")
def list_(as_json: bool) -> None:  # noqa: FBT001 (click passes options by name)
    """List the articles in quarantine, the latest first, each with its last error."""
    with make_client(api_url()) as client:
        found = list(quarantined(client))
    if as_json:
        print_json(found)
        return
    for line in quarantine_lines(found):
        click.echo(line)


@command.command("retry", short_help="Try articles again.")
@ids_argument
@all_option
def retry(ids: Sequence[str], everything: bool) -> None:  # noqa: FBT001 (as above)
    """Try the articles with these IDs again, as new versions whose attempts are counted anew."""
    _each(_chosen(ids, everything=everything), lambda client, id_: client.post(f"/v1/articles/{id_}/retry"), "retried")


@command.command("drop", short_help="Withdraw articles.")
@ids_argument
@all_option
def drop(ids: Sequence[str], everything: bool) -> None:  # noqa: FBT001 (as above)
    """Withdraw the articles with these IDs, so that they are gone everywhere.

    `POST /v1/articles/{id}/restore` brings one back.
    """
    _each(_chosen(ids, everything=everything), lambda client, id_: client.delete(f"/v1/articles/{id_}"), "dropped")


def quarantined(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """Yield every article in quarantine, page after page."""
    cursor: dict[str, str] = {}
    while True:
        page = get_json(client, "/v1/quarantine", limit=PAGE, **cursor)
        yield from page["items"]
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def _chosen(ids: Sequence[str], *, everything: bool) -> list[str]:
    if everything == bool(ids):
        raise click.UsageError("Name the articles by their IDs, or give --all, and not both.")
    if not everything:
        return list(dict.fromkeys(ids))
    with make_client(api_url()) as client:
        return [article["id"] for article in quarantined(client)]


def _each(ids: Sequence[str], ask: Ask, done: str) -> None:
    """Ask for each article; tell each failure in one line, and at the end how many there were."""
    failed = 0
    with make_client(ingest_url()) as client:
        for id_ in ids:
            try:
                answer = ask(client, id_)
            except httpx.HTTPError as error:
                raise CommandError(unreachable(client, INGEST_VARIABLE, error)) from None
            if not answer.is_success:
                failed += 1
                click.echo(f"{id_}: {problem_text(answer)}", err=True)
    if failed:
        raise CommandError(f"{failed} of {len(ids)} could not be {done}; {len(ids) - failed} {done}")
    click.echo(f"{len(ids)} {done}" if ids else NOTHING)


def quarantine_lines(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Two lines for each article: what it is, and why it is here."""
    if not found:
        yield NOTHING
    for article in found:
        since = str(article["since"])[:SECONDS].replace("T", " ")
        yield one_line(f"{since} {article['id']} {article['source']}: {article['title']}")
        yield one_line(f"{article['attempts']} attempts: {article['last_error'] or 'no error is known'}")
