"""How feeds are told of at a terminal: a row in a table, a line after a poll. The clock is an argument."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from themeline.cli.managing import one_line

Feed = Mapping[str, Any]

# A feed answers within a second, a site that has to be searched for one within several; a slow host is left alone.
PATIENCE = timedelta(seconds=30)

HEAD = ("HEALTH", "SOURCE", "TITLE", "ADDRESS", "READ", "NEXT", "EVERY", "PROBLEM")
# What a person can do about an error, by its short name; the others pass by themselves, or are the publisher's.
REMEDIES = {
    "no-feed-found": "give the address of the feed itself",
    "not-a-feed": "give the address of the feed itself",
    "invalid-address": "correct the address",
    "scheme": "correct the address",
    "address-refused": "if the network is yours, name it in THEMELINE_FETCH_ALLOW",
}
BY_ITSELF = "it is tried again by itself"
# A table of feeds is read by their addresses; more of a title than this only parts the columns.
WIDEST_TITLE = 40
UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def row(feed: Feed, now: datetime) -> Sequence[str]:
    """The cells of a feed under `HEAD`."""
    return (
        str(feed["health"]),
        str(feed["source"]["name"]),
        _cut(one_line(str(feed["title"] or "–"))),
        str(feed["url"]),
        _ago(feed["succeeded_at"], now),
        _ahead(feed["next_poll_at"], now),
        length(timedelta(seconds=feed["interval_seconds"])) + (" (fixed)" if feed["fixed_interval_seconds"] else ""),
        _problem(feed),
    )


def told(feed: Feed) -> str:
    """One line on what came of the last poll."""
    url = str(feed["url"])
    if feed["state"] == "retired":
        return _line("retired", f"{url}: {feed['reason'] or 'the feed is gone'}")
    if feed["failures"]:
        error = str(feed["last_error"] or "unknown")
        return _line("FAILING", f"{url}: {error}; {REMEDIES.get(error.partition(':')[0], BY_ITSELF)}")
    numbers = [_count(feed["entries"], "entry", "entries"), _count(feed["articles"], "article", "articles")]
    if feed["rejected"]:
        numbers.append(f"{feed['rejected']:,} rejected")
    title = f"“{feed['title']}”" if feed["title"] else "without title"
    return _line("reads", f"{url}: {title}, {feed['format'] or 'unknown format'}, {', '.join(numbers)}")


def told_of_wait(feed: Feed, before: Feed) -> str:
    """One line on why a poll has not ended."""
    why = "not polled yet; see `feeds list`"
    if is_postponed(feed, before):
        at = datetime.fromisoformat(feed["next_poll_at"]).astimezone(UTC)
        why = f"its host is to be left alone until {at:%Y-%m-%d %H:%M:%S} UTC; it is polled then"
    return _line("waits", f"{feed['url']}: {why}")


def told_of_settings(feed: Feed) -> str:
    """One line on how a feed is read."""
    every = length(timedelta(seconds=feed["interval_seconds"]))
    how = f"every {every}" if feed["fixed_interval_seconds"] else f"adapted, now every {every}"
    title = f"“{feed['title']}”" if feed["title"] else "without title"
    return _line("set", f"{feed['url']}: {title}, of {feed['source']['name']}, {how}")


def _line(word: str, rest: str) -> str:
    return f"{word:<8} {one_line(rest)}"


def is_settled(feed: Feed, before: Feed) -> bool:
    """Whether a poll has ended since `before`. That a site's feed was found is no end: it is polled next."""
    if feed["state"] != "active":
        return True
    has_ended = feed["failures"] > 0 or feed["succeeded_at"] != before["succeeded_at"]
    return bool(feed["polls"] > before["polls"] and has_ended)


def is_postponed(feed: Feed, before: Feed, patience: timedelta = PATIENCE) -> bool:
    """Whether a poll that was due in `before` waits for longer than anybody does at a terminal."""
    if is_settled(feed, before) or not before["next_poll_at"]:
        return False
    ahead = datetime.fromisoformat(feed["next_poll_at"]) - datetime.fromisoformat(before["next_poll_at"])
    return ahead > patience


def length(span: timedelta) -> str:
    """A length of time in its largest unit: `15m`, `6h`."""
    seconds = max(0, round(span.total_seconds()))
    return next((f"{seconds // size}{unit}" for unit, size in UNITS if seconds >= size), "0s")


def _ago(at: str | None, now: datetime) -> str:
    return f"{length(now - datetime.fromisoformat(at))} ago" if at else "never"


def _ahead(at: str | None, now: datetime) -> str:
    if at is None:
        return "–"
    ahead = datetime.fromisoformat(at) - now
    return f"in {length(ahead)}" if ahead >= timedelta(seconds=1) else "now"


def _problem(feed: Feed) -> str:
    if feed["state"] == "retired":
        return str(feed["reason"] or "")
    return f"{feed['failures']} × {feed['last_error']}" if feed["failures"] else ""


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST_TITLE else f"{text[: WIDEST_TITLE - 1].rstrip()}…"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
