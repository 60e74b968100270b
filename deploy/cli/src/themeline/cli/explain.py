"""`themeline explain`: says why two articles are related, or are not."""

from collections.abc import Iterator, Mapping
from typing import Any

import click

from themeline.cli.services import api_url, get_json, make_client

UNDATED = "Undated"


@click.command("explain", short_help="Say why two articles are related, or are not.")
@click.argument("a")
@click.argument("b")
def command(a: str, b: str) -> None:
    """Say why the articles A and B, ids or addresses, are related, or are not.

    The system is the one at THEMELINE_API_URL.
    """
    # The terminal may hand over bytes that are no text, and no address holds any.
    names = {name: value.encode(errors="replace").decode() for name, value in (("a", a), ("b", b))}
    with make_client(api_url()) as client:
        found = get_json(client, "/v1/explain", **names)
    for line in explanation_lines(found):
        click.echo(line)


def explanation_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Both articles, the sentences, and a table of the signals."""
    for side in "ab":
        yield from _article(found[side])
        yield ""
    yield from found["why"]
    if found["signals"]:
        yield ""
        yield from _table(found["signals"])


def _article(article: Mapping[str, Any]) -> Iterator[str]:
    yield str(article["published"]["http"]) if article["published"] else UNDATED
    yield str(article["title"])
    yield str(article["source"])


def _table(signals: list[Mapping[str, Any]]) -> Iterator[str]:
    yield f"{'signal':<10}{'value':>8}{'weight':>9}{'adds':>8}  shared"
    for each in signals:
        # What the surroundings of a pair add is told when it was scored, and has no value of its own.
        told = f"{each['value']:>8.2f}{each['weight']:>9.2f}" if each["value"] or each["weight"] else " " * 17
        line = f"{each['signal']:<10}{told}{each['contribution']:>+8.2f}"
        yield f"{line}  {', '.join(each['shared'])}".rstrip()
