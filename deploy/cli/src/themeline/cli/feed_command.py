"""`themeline feeds`: what is read again and again."""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from themeline.cli.errors import CommandError
from themeline.cli.feed_calls import FEEDS, add_feed, find_feed, poll_feed, settle
from themeline.cli.feed_changes import change_form, not_applied
from themeline.cli.feed_lines import HEAD, PATIENCE, UNITS, is_settled, row, told, told_of_settings, told_of_wait
from themeline.cli.managing import Service, Thing, ingest_service, one_line, print_json, print_table, text_of

FAILED = 1


class Interval(click.ParamType[int]):
    """`90s`, `15m`, `6h` or `1d`, as seconds."""

    name = "interval"
    _form = re.compile(r"(\d{1,6})([smhd])", re.ASCII)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        match = self._form.fullmatch(value)
        if match is None:
            self.fail(f"{value!r} is no length of time such as 15m, 6h or 1d", param, ctx)
        return int(match[1]) * dict(UNITS)[match[2]]


class Text(click.ParamType[str]):
    """What the terminal handed over, as text."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        return text_of(value)


@click.group("feeds", short_help="Manage the feeds that are read.")
def command() -> None:
    """Manage the feeds that are read: RSS, Atom, JSON Feed, sitemaps, or a site whose feed is to be found.

    The system is the one at THEMELINE_INGEST_URL.
    """


wait_option = click.option(
    "--wait/--no-wait", default=True, show_default=True, help=f"Wait up to {PATIENCE.seconds} s for the poll."
)
feeds_argument = click.argument("feeds", nargs=-1, required=True, metavar="FEED…")


@command.command("add", short_help="Read feeds from now on.")
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option("--source", metavar="NAME", help="Publisher, by name or key; default: the host.")
@click.option("--interval", type=Interval(), metavar="TIME", help="Time between two polls; default: adapted.")
@click.option("--no-full-text", is_flag=True, help="Never read the linked pages of its source for their text.")
@wait_option
def add(urls: tuple[str, ...], source: str | None, interval: int | None, *, no_full_text: bool, wait: bool) -> int:
    """Read the feeds at URL…, or those of the sites there, from now on; exits non-zero where the first poll fails.

    \b
    ./themeline feeds add https://news.example/ --source "Example News"
    ./themeline feeds add https://news.example/rss.xml --interval 5m
    """
    form: Thing = {}
    if source is not None:
        form["source"] = text_of(source)
    if interval is not None:
        form["interval_seconds"] = interval
    if no_full_text:
        form["full_text"] = False
    with ingest_service() as service:
        return _each(urls, lambda url: _added(service, form | {"url": text_of(url)}), _finish(service, wait=wait))


@command.command("list", short_help="Show feeds, and how they are.")
@click.option("--failing", is_flag=True, help="Only those whose last poll failed.")
@click.option("--source", metavar="NAME", help="Only those of a publisher, by name or key.")
@click.option("--json", "as_json", is_flag=True, help="Everything that is known of them, as JSON.")
def list_feeds(source: str | None, *, failing: bool, as_json: bool) -> None:
    """Show the feeds: how they are, when they were read last and will be next, and what went wrong."""
    wanted = {"health": "failing"} if failing else {}
    wanted |= {"source": text_of(source)} if source is not None else {}
    with ingest_service() as service:
        feeds = list(service.pages(FEEDS, **wanted))
    feeds.sort(key=lambda feed: (feed["source"]["key"], feed["url"]))
    if as_json:
        print_json(feeds)
    elif feeds:
        now = datetime.now(UTC)
        print_table(HEAD, (row(feed, now) for feed in feeds))
    else:
        click.echo("no feed is failing" if failing else "there is no feed: `./themeline feeds add URL` adds one")


@command.command("check", short_help="Poll feeds now, and tell what came of it.")
@feeds_argument
@click.option("--json", "as_json", is_flag=True, help="Everything that is known of them, as JSON.")
def check(feeds: tuple[str, ...], *, as_json: bool) -> int:
    """Poll each FEED, an id or address, now, and tell what came of it; exits non-zero where one fails."""
    with ingest_service() as service:
        finish = _finish(service, strict=True, as_json=as_json)
        return _each(feeds, lambda name: poll_feed(service, find_feed(service, name)), finish)


@command.command("import", short_help="Add the feeds of an OPML file.")
@click.argument("file", type=click.File("rb"))
def import_feeds(file: BinaryIO) -> int:
    """Add the feeds of an OPML FILE, - for standard input. Sending it again changes nothing."""
    with ingest_service() as service:
        headers = {"Content-Type": "text/x-opml"}
        answer = service.json("POST", f"{FEEDS}/import", content=file.read(), headers=headers)
    click.echo(f"added {answer['added']:,} · existing {answer['existing']:,} · rejected {answer['rejected']:,}")
    for result in answer["results"]:
        if result["status"] == "rejected":
            title = result["title"] or "a line without title"
            click.echo(f"  {one_line(title)}: {one_line(result['problem']['detail'])}")
    return 0 if answer["added"] + answer["existing"] else FAILED


@command.command("export", short_help="Write all feeds to an OPML file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def export_feeds(file: Path | None) -> None:
    """Write the feeds that are not retired as OPML to FILE, or to standard output."""
    with ingest_service() as service:
        body = service.call("GET", f"{FEEDS}/export").content
    if file is None:
        click.echo(body, nl=False)
        return
    try:
        file.write_bytes(body)
    except OSError as error:
        raise CommandError(f"{file} cannot be written ({error.strerror})") from None


@command.command("remove", short_help="Stop reading feeds, and forget them.")
@feeds_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(feeds: tuple[str, ...], *, yes: bool) -> int:
    """Stop reading each FEED, an id or address, and forget it. Its articles stay."""
    if not yes and not sys.stdin.isatty():
        raise CommandError("nobody can be asked here: say --yes to remove feeds")
    with ingest_service() as service:

        def removed(name: str) -> None:
            feed = find_feed(service, name)
            if yes or click.confirm(f"Remove {feed['url']}?"):
                service.call("DELETE", f"{FEEDS}/{feed['id']}")
                click.echo(f"removed  {feed['url']}")

        return _each(feeds, removed)


@command.command("pause", short_help="Stop polling feeds for now.")
@feeds_argument
def pause(feeds: tuple[str, ...]) -> int:
    """Stop polling each FEED, an id or address, until it is resumed."""
    return _set_state(feeds, "paused", "paused")


@command.command("resume", short_help="Poll feeds again.")
@feeds_argument
def resume(feeds: tuple[str, ...]) -> int:
    """Poll each FEED, an id or address, again: one that was paused, or one that was retired."""
    return _set_state(feeds, "active", "resumed")


@command.command("set", short_help="Change how a feed is read.")
@click.argument("feed", metavar="FEED")
@click.option("--interval", type=Interval(), metavar="TIME", help="Time between two polls.")
@click.option("--adapt", is_flag=True, help="Adapt the time between two polls to how often there is something new.")
@click.option("--source", type=Text(), metavar="NAME", help="Publisher of what is read from now on, by name or key.")
@click.option("--url", type=Text(), metavar="ADDRESS", help="Where it is read from now on; it is polled there at once.")
@click.option("--title", type=Text(), metavar="TEXT", help='What it is called; "": as it calls itself.')
@wait_option
def set_feed(feed: str, *, wait: bool, **options: Any) -> int:
    """Change what is named of FEED, an id or address; the rest stays.

    \b
    ./themeline feeds set https://news.example/rss.xml --interval 5m
    ./themeline feeds set https://news.example/rss.xml --source "Example News" --title "Example: latest"
    """
    form = change_form(**options)
    if not form:
        raise click.UsageError("Nothing is to change: give --interval, --adapt, --source, --url or --title.")
    if options["adapt"] and options["interval"] is not None:
        raise click.UsageError("--interval and --adapt exclude each other.")
    with ingest_service() as service:

        def changed(name: str) -> Thing | None:
            path = f"{FEEDS}/{find_feed(service, name)['id']}"
            found = service.json("PATCH", path, json=form)
            click.echo(told_of_settings(found))
            return found if "url" in form and wait and found["state"] == "active" else None

        return _each([feed], changed, _finish(service))


def _set_state(feeds: Sequence[str], state: str, word: str) -> int:
    with ingest_service() as service:

        def changed(name: str) -> None:
            feed = find_feed(service, name)
            service.call("PATCH", f"{FEEDS}/{feed['id']}", json={"state": state})
            click.echo(f"{word:<8} {feed['url']}")

        return _each(feeds, changed)


def _added(service: Service, form: Thing) -> Thing | None:
    feed, is_new = add_feed(service, form)
    if not is_new:
        click.echo(f"known    {feed['url']}: it is {feed['health']} and stays as it is")
    for line in not_applied(service, feed, form):
        click.echo(f"         {line}")
    return feed if is_new else None


def _each(
    names: Iterable[str],
    do: Callable[[str], Thing | None],
    finish: Callable[[list[Thing]], bool] = lambda _: True,
) -> int:
    """Do something for each name, whatever becomes of the others; return the exit code."""
    done, code = [], 0
    for name in names:
        try:
            done.append(do(name))
        except CommandError as error:
            click.echo(f"themeline: {one_line(name)}: {error.message}", err=True)
            code = FAILED
    return code if finish([feed for feed in done if feed is not None]) else FAILED


def _finish(
    service: Service, *, wait: bool = True, strict: bool = False, as_json: bool = False
) -> Callable[[list[Thing]], bool]:
    """Return what waits for polls and tells of them; it says whether all went well.

    A poll that fails is a failure; with `strict`, one that does not end in time is one, too.
    """

    def finish(before: list[Thing]) -> bool:
        if not wait:
            for feed in before:
                click.echo(f"added    {feed['url']}")
            return True
        after = settle(service, before) if before else []
        if as_json:
            print_json(after)
        is_well = True
        for earlier, feed in zip(before, after, strict=True):
            settled = is_settled(feed, earlier)
            is_well = is_well and (feed["health"] == "healthy" if settled else not strict)
            if not as_json:
                click.echo(told(feed) if settled else told_of_wait(feed, earlier))
        return is_well

    return finish
