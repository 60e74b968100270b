"""`themeline sources`: how each publisher is treated."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from themeline.cli.errors import CommandError
from themeline.cli.managing import Thing, ingest_service, one_line, print_json, print_table, text_of
from themeline.cli.source_calls import SOURCES, source_path

HEAD = ("KEY", "NAME", "OWNER", "ZONE", "DATES", "LANGUAGE", "TEXT", "BLOCKED", "FEEDS", "ARTICLES", "LAST")
# In figures: 3 April is 03/04 with the day first, 04/03 with the month first.
DATES = {True: "day first", False: "month first", None: "–"}
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group("sources", short_help="Manage how publishers are treated.")
def command() -> None:
    """Manage how publishers are treated: the zone of their times, their language, what is read and what is blocked.

    The system is the one at THEMELINE_INGEST_URL.
    """


@command.command("list", short_help="Show the sources.")
@json_option
def list_sources(*, as_json: bool) -> None:
    """Show the sources, and what came from each."""
    with ingest_service() as service:
        sources = list(service.pages(SOURCES))
    if as_json:
        print_json(sources)
    elif sources:
        print_table(HEAD, map(_row, sources))
    else:
        click.echo("there is no source: one is made by its first article or feed, or by `./themeline sources set`")


@command.command("show", short_help="Show one source.")
@click.argument("key")
@json_option
def show(key: str, *, as_json: bool) -> None:
    """Show the source KEY, its key or first name."""
    with ingest_service() as service:
        _tell(service.json("GET", source_path(key)), as_json=as_json)


@command.command("set", short_help="Change a source, or create it.")
@click.argument("key")
@click.option("--name", help="What readers see.")
@click.option("--owner", help='Group that it belongs to; "" for none.')
@click.option("--zone", help="Zone of times that name none, such as Europe/Kyiv.")
@click.option("--day-first/--month-first", default=None, help="Order in dates written in figures.")
@click.option("--language", help='Language of articles that name none, such as pt-BR; "": detected.')
@click.option("--crawl-delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Time between two requests.")
@click.option("--full-text/--no-full-text", default=None, help="Whether linked pages may be read for their text.")
@click.option("--block", multiple=True, metavar="PATTERN", help="Accept no address or title like this; several times.")
@click.option("--unblock", multiple=True, metavar="PATTERN", help="Take a pattern back; several times.")
@json_option
def set_source(key: str, block: tuple[str, ...], unblock: tuple[str, ...], *, as_json: bool, **options: Any) -> None:
    """Change what is named of the source KEY; one that is not known is created.

    What is set counts for articles that come from now on.

    \b
    ./themeline sources set "Daily Courier" --zone Europe/Kyiv --day-first
    ./themeline sources set daily-courier --block 'courier.example/horoscope/*' --no-full-text
    """
    form = dict(_form(options))
    with ingest_service() as service:
        known = service.find(source_path(key))
        if not known:
            form.setdefault("name", text_of(key).strip())
        if block or unblock:
            present = known["blocked"] if known else []
            form["blocked"] = list(_patterns(present, map(text_of, block), map(text_of, unblock)))
        _tell(service.json("PATCH" if known else "PUT", source_path(key), json=form), as_json=as_json)


def _form(options: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields that were given; an empty text takes a value back."""
    names = {"zone": "default_zone", "crawl_delay": "crawl_delay_seconds"}
    for option, value in options.items():
        if value is not None:
            yield names.get(option, option), (text_of(value) or None) if isinstance(value, str) else value


def _patterns(present: Iterable[str], block: Iterable[str], unblock: Iterable[str]) -> Iterator[str]:
    """The patterns after a change.

    Raises:
        CommandError: one that is to be taken back is not there.
    """
    patterns = dict.fromkeys([*present, *block])
    for pattern in unblock:
        if pattern not in patterns:
            raise CommandError(f"nothing is blocked by {pattern!r}: `./themeline sources show` lists the patterns")
        del patterns[pattern]
    yield from patterns


def _row(source: Thing) -> tuple[str, ...]:
    return (
        source["key"],
        source["name"],
        source["owner"] or "–",
        source["default_zone"],
        DATES[source["day_first"]],
        source["language"] or "–",
        "yes" if source["full_text"] else "no",
        f"{len(source['blocked']):,}",
        f"{source['feeds']:,}",
        f"{source['articles']:,}",
        _day(source["last_article_at"]),
    )


def _tell(source: Thing, *, as_json: bool) -> None:
    if as_json:
        print_json(source)
        return
    for line in source_lines(source):
        click.echo(line)


def source_lines(source: Thing) -> Iterator[str]:
    """A source for reading: a line for each setting."""
    delay = source["crawl_delay_seconds"]
    values = {
        "key": source["key"],
        "name": source["name"],
        "owner": source["owner"] or "–",
        "zone": source["default_zone"],
        "dates": DATES[source["day_first"]],
        "language": source["language"] or "detected",
        "crawl delay": f"{delay:g} s" if delay is not None else "as robots.txt says",
        "full text": "yes" if source["full_text"] else "no",
        "feeds": f"{source['feeds']:,}",
        "articles": f"{source['articles']:,}, the last {_day(source['last_article_at'])}",
    }
    for name, value in values.items():
        yield f"{name:<13}{one_line(str(value))}"
    for pattern in source["blocked"]:
        yield f"{'blocked':<13}{one_line(pattern)}"


def _day(at: str | None) -> str:
    return f"{at[:16].replace('T', ' ')} UTC" if at else "–"
