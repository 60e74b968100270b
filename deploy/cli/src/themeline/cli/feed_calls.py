"""What the commands on feeds ask of the ingest service."""

import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from themeline.cli.errors import CommandError
from themeline.cli.feed_lines import PATIENCE, is_postponed, is_settled
from themeline.cli.managing import Service, Thing, text_of

FEEDS = "/v1/feeds"
LOOK_SECONDS = 0.25


def find_feed(service: Service, name: str) -> Thing:
    """Return the feed of an id or address.

    Raises:
        CommandError: there is none, or more than one came from the address.
    """
    name = text_of(name)
    if _is_id(name):
        return service.json("GET", f"{FEEDS}/{name}")
    found = list(service.pages(FEEDS, url=name))
    if not found:
        raise CommandError(f"no feed is read at {name}: `./themeline feeds add` adds it, `feeds list` shows all")
    if len(found) > 1:
        known = ", ".join(f"{feed['id']} ({feed['url']})" for feed in found)
        raise CommandError(f"several feeds came from {name}: name one by its id: {known}")
    return found[0]


def add_feed(service: Service, form: Mapping[str, Any]) -> tuple[Thing, bool]:
    """Return the feed, and whether it is new."""
    answer = service.call("POST", FEEDS, json=form)
    feed: Thing = answer.json()
    return feed, answer.status_code == 201  # noqa: PLR2004  RFC 9110: created


def poll_feed(service: Service, feed: Thing) -> Thing:
    """Have a feed polled; return how it was before.

    Raises:
        CommandError: it is paused or retired.
    """
    if feed["state"] != "active":
        raise CommandError(f"the feed is {feed['state']}: `./themeline feeds resume {feed['id']}` has it polled")
    return service.json("POST", f"{FEEDS}/{feed['id']}/poll")


def settle(service: Service, before: Sequence[Thing]) -> list[Thing]:
    """Wait until each feed was polled or put off, or the patience ends; return the feeds as they are then, in order."""
    deadline = time.monotonic() + PATIENCE.total_seconds()
    now = {feed["id"]: feed for feed in before}
    waiting = {feed["id"]: feed for feed in before}
    while True:
        for id_, earlier in list(waiting.items()):
            now[id_] = service.json("GET", f"{FEEDS}/{id_}")
            if is_settled(now[id_], earlier) or is_postponed(now[id_], earlier):
                del waiting[id_]
        if not waiting or time.monotonic() > deadline:
            return [now[feed["id"]] for feed in before]
        time.sleep(LOOK_SECONDS)


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name.lower()
    except ValueError:
        return False
