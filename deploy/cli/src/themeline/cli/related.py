"""`themeline related`: prints the box of an article."""

from typing import Any
from uuid import UUID

import click
import httpx

from themeline.cli.box import box_lines
from themeline.cli.errors import CommandError
from themeline.cli.services import api_url, get_json, make_client


@click.command("related", short_help="Print the box of an article.")
@click.argument("article")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True, help="Most entries.")
@click.option(
    "--level",
    type=click.Choice(["theme", "story"]),
    default="theme",
    show_default=True,
    help="What the entries share.",
)
@click.option("--window", default="7d", show_default=True, help="Most time between two articles: 24h, 7d, all.")
def command(article: str, limit: int, level: str, window: str) -> None:
    """Print the box More on theme of ARTICLE, an id or an address.

    The system is the one at THEMELINE_API_URL.
    """
    with make_client(api_url()) as client:
        box = get_box(client, article, limit=limit, level=level, window=window)
    if box.get("pending"):
        raise CommandError("the article is stored but not related yet: ask again in a moment")
    for line in box_lines(box):
        click.echo(line)


def get_box(client: httpx.Client, article: str, **parameters: str | int) -> dict[str, Any]:
    """Return the box of an article that is named by its id or its address."""
    # The terminal may hand over bytes that are no text, and no address holds any.
    article = article.encode(errors="replace").decode()
    identifier = _as_id(article) or str(get_json(client, "/v1/articles", url=article)["id"])
    return get_json(client, f"/v1/articles/{identifier}/related", **parameters)


def _as_id(article: str) -> str | None:
    try:
        return str(UUID(article))
    except ValueError:
        return None
