"""What is to be so of a feed: what of it is not yet, and the commands that make it so."""

import shlex
from collections.abc import Iterator
from typing import Any

from themeline.cli.feed_lines import UNITS
from themeline.cli.managing import Service, Thing
from themeline.cli.source_calls import source_path
from themeline.ingest.core.drafts import source_key


def not_applied(service: Service, feed: Thing, form: Thing) -> Iterator[str]:
    """A line for each option that was given with a feed that is known, and that is not so: how to make it so."""
    options = " ".join(_options(feed, form))
    if options:
        yield f"not applied: {options}: `./themeline feeds set {shlex.quote(feed['url'])} {options}` does it"
    key = feed["source"]["key"]
    if form.get("full_text") is False and service.json("GET", source_path(key))["full_text"]:
        yield f"not applied: --no-full-text: `./themeline sources set {key} --no-full-text` does it for its source"


def _options(feed: Thing, form: Thing) -> Iterator[str]:
    seconds = form.get("interval_seconds")
    if seconds is not None and seconds != feed["fixed_interval_seconds"]:
        yield f"--interval {interval_text(seconds)}"
    source = form.get("source")
    if source is not None and source_key(source) != feed["source"]["key"]:
        yield f"--source {shlex.quote(source)}"


def interval_text(seconds: int) -> str:
    """A length of time as it is typed, in the largest unit that it is a whole number of: `90s`, `5m`."""
    return next(f"{seconds // size}{unit}" for unit, size in UNITS if seconds % size == 0)


def change_form(
    *, interval: int | None, adapt: bool, source: str | None, url: str | None, title: str | None
) -> dict[str, Any]:
    """What is sent to change a feed; what is None stays, and an empty title gives way to the feed's own."""
    named = {"interval_seconds": interval, "source": source, "url": url, "title": title}
    form: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    if title == "":
        form["title"] = None
    return form | {"interval_seconds": None} if adapt else form
