"""What a host's robots.txt lets us read, asked for once a day and kept for every process."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from themeline.ingest.core import robots as rules
from themeline.ingest.fetch import Fetcher, FetchError
from themeline.ingest.store import hosts
from themeline.ingest.turns import NotNowError, Turns, origin
from themeline.shared.db import Sessions, read_only, unit_of_work

# RFC 9309, section 2.4: not to be used for more than 24 hours.
KEPT_FOR = timedelta(hours=24)
# A host that fails forbids everything for now (section 2.3.1.4) and is asked again sooner.
KEPT_UNREACHABLE = timedelta(minutes=30)
# What robots.txt may ask for at most; Bing and Yandex stop at 30 s as well.
LONGEST_DELAY_S = 30.0
# Rules that were parsed are kept: the pages of one host come in a row, and half a megabyte takes 0.3 s to parse.
PARSED = 64
SERVER_ERROR = 500
CLIENT_ERROR = 400  # from here on there is no file
TOO_MANY_REQUESTS = 429
# Stands for no answer at all, which counts as a server's error.
UNREACHABLE_STATUS = 599


class Robots:
    """Answers for every host; one that is not known yet is asked first, in its turn."""

    def __init__(self, sessions: Sessions, fetcher: Fetcher, turns: Turns) -> None:
        self._sessions = sessions
        self._fetcher = fetcher
        self._turns = turns

    def of(self, url: str) -> "HostRobots":
        """Return the rules of the host of `url`; raise NotNowError when its turn to be asked is far away."""
        now = datetime.now(UTC)
        with read_only(self._sessions) as session:
            known = hosts.robots(session, origin(url), now)
        if known is None:
            known = self._asked(url, now)
            with unit_of_work(self._sessions) as session:
                hosts.keep_robots(session, origin(url), known)
        return HostRobots(_parsed(known.status, known.text or ""), is_known=not _is_trouble(known.status))

    def _asked(self, url: str, now: datetime) -> hosts.RobotsRow:
        self._turns.wait(url)
        try:
            # One byte more than is read, so that a line cut in two is seen.
            answer = self._fetcher.get(f"{origin(url)}/robots.txt", limit_bytes=rules.LARGEST_ROBOTS + 1, cut_off=True)
        except FetchError as error:
            if self._turns.are_ending:
                raise NotNowError(now) from error
            # Redirects without an end mean that there is no file (section 2.3.1.2).
            if error.type in {"redirect-loop", "too-many-redirects"}:
                return hosts.RobotsRow(CLIENT_ERROR, None, now + KEPT_FOR)
            return hosts.RobotsRow(UNREACHABLE_STATUS, None, now + KEPT_UNREACHABLE)
        text = rules.robots_text(answer.body).replace("\0", "")
        kept = KEPT_UNREACHABLE if _is_trouble(answer.status) else KEPT_FOR
        return hosts.RobotsRow(answer.status, text if answer.status < CLIENT_ERROR else None, now + kept)


def _is_trouble(status: int) -> bool:
    return status == TOO_MANY_REQUESTS or status >= SERVER_ERROR


@lru_cache(maxsize=PARSED)
def _parsed(status: int, text: str) -> rules.Rules:
    return rules.rules_of(status, text)


class HostRobots:
    """The rules of one host for our own user agent; a host in trouble has none (`is_known`) and forbids everything."""

    def __init__(self, found: rules.Rules, *, is_known: bool) -> None:
        self._rules = found
        self.is_known = is_known

    def may_read(self, url: str) -> bool:
        return rules.may_read(self._rules, url, rules.AGENT)

    @property
    def delay(self) -> timedelta:
        """What the host asks for between two requests."""
        return timedelta(seconds=min(rules.crawl_delay(self._rules, rules.AGENT) or 0.0, LONGEST_DELAY_S))
