"""`themeline demo`: the whole system, fed with the bundled sample, and one article's box."""

import re
import socket
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import httpx
from click.core import ParameterSource

from themeline.cli.box import box_lines
from themeline.cli.errors import CommandError
from themeline.cli.ingest import progress, send
from themeline.cli.options import default_data_dir, system_options
from themeline.cli.pushing import Pusher
from themeline.cli.related import get_box
from themeline.cli.services import get_json, make_client
from themeline.cli.tally import Tally
from themeline.cli.up import say
from themeline.embedded.errors import EmbeddedError
from themeline.embedded.ports import is_free
from themeline.embedded.system import System, SystemOptions

SAMPLE = ("articles.jsonl", "page.txt")
DEMO_ARTICLE = re.compile(r"^demo article: (\S+)", re.MULTILINE)
FEWEST_ENTRIES = 5
# The sample is related within seconds; a first start on a slow machine takes longer.
PATIENCE_SECONDS = 90.0
POLL_SECONDS = 0.05
PORTS = ("api_port", "ingest_port", "metrics_port")


@click.command("demo", short_help="Try it: the whole system with sample articles.")
@click.option("--once", is_flag=True, help="Print the box, stop everything and end.")
@system_options
@click.pass_context
def command(ctx: click.Context, /, *, once: bool, data_dir: Path, workers: int, **ports: int) -> None:
    """Run the whole system on embedded servers with the bundled sample, and print one article's box.

    The sample goes into a folder of its own, beside your data. A port that is taken is replaced by a
    free one, unless you chose it.
    """
    chosen = {name: _port(ctx, name, ports[name]) for name in PORTS}
    if ctx.get_parameter_source("data_dir") == ParameterSource.DEFAULT:
        data_dir = default_data_dir() / "demo"
    options = SystemOptions(data_dir=data_dir, workers=workers, embedded_only=True, **chosen)
    demo = Demo(once=once)
    try:
        System(options, say).run(demo.ready)
    except EmbeddedError as error:
        raise CommandError(str(error)) from None
    if demo.failure:
        raise CommandError(demo.failure)
    if once and not demo.done:
        raise CommandError("the demo was stopped before its box was ready")


class Demo:
    """What happens once the system is ready; runs in a thread beside the supervisor."""

    def __init__(self, *, once: bool) -> None:
        self.once = once
        self.done = False
        self.failure: str | None = None

    def ready(self, system: System) -> None:
        try:
            self._show(system)
            self.done = True
        except CommandError as error:
            self.failure = error.message
        except Exception as error:  # noqa: BLE001 (whatever it is, the system must be stopped and the reason told)
            self.failure = f"the demo failed: {type(error).__name__}: {error}"
        if system.stop_asked:  # by a person: what broke off then is no failure
            self.failure = None
        if self.once or self.failure:
            system.ask_stop()

    def _show(self, system: System) -> None:
        with make_client(system.url("ingest")) as ingest, make_client(system.url("api")) as api:
            feed_sample(ingest)
            wait_until_related(api)
            box = demo_box(api)
            for line in ("", *box_lines(box), *urls(system, box)):
                say(line)
        if not self.once:
            say("ready: the system runs until Ctrl-C")


def feed_sample(ingest: httpx.Client) -> None:
    """Send the bundled sample."""
    tally = Tally()
    folder = files("themeline.embedded") / "sample"
    with progress() as shown:
        send(Pusher(ingest), [str(folder / name) for name in SAMPLE], tally, shown)
    if not tally.is_success:
        raise CommandError(f"the sample was not accepted: {'; '.join([*tally.lines(), *tally.failures()])}")
    say(f"sample: {next(tally.lines())}")


def wait_until_related(api: httpx.Client) -> None:
    """Wait until no article is pending."""

    def is_done() -> bool:
        return not get_json(api, "/v1/articles", state="pending", limit=1)["items"]

    _wait(is_done, "the sample was not related")


def demo_box(api: httpx.Client) -> dict[str, Any]:
    """Return the demo article's box, which has at least FEWEST_ENTRIES entries."""
    readme = (files("themeline.embedded") / "sample" / "README.md").read_text(encoding="utf-8")
    named = DEMO_ARTICLE.search(readme)
    if named is None:
        raise CommandError("the bundled sample names no demo article: its README.md is damaged")
    box = get_box(api, named[1])
    if len(box["items"]) < FEWEST_ENTRIES:
        raise CommandError(
            f"the demo article's box has {len(box['items'])} entries, fewer than {FEWEST_ENTRIES}: "
            f"the logs may say why; with an older data folder, name a new one with --data-dir"
        )
    return box


def urls(system: System, box: Mapping[str, Any]) -> list[str]:
    """Where to look next: the calls, the article's page, the metrics."""
    return [
        f"API docs:     {system.url('api')}/docs",
        f"Reader page:  {system.url('api')}/read/{box['article']['id']}",
        f"Ingest docs:  {system.url('ingest')}/docs",
        *(f"Metrics:      {system.url(name)}/metrics" for name in ("api", "ingest", "metrics")),
    ]


def _wait(condition: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise CommandError(f"{failure} within {PATIENCE_SECONDS:.0f} s: see the logs in the data folder")
        time.sleep(POLL_SECONDS)


def _port(ctx: click.Context, name: str, number: int) -> int:
    """The chosen port; for one that nobody chose and that is taken, a free one."""
    if ctx.get_parameter_source(name) != ParameterSource.DEFAULT or is_free(number):
        return number
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    say(f"port {number} is taken; using {free}")
    return free
