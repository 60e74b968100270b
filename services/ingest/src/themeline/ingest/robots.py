"""What a host's robots.txt lets us read, asked for once a day and kept for every process."""

from datetime import UTC, datetime, timedelta

from themeline.ingest.core import robots as rules
from themeline.ingest.fetch import Fetcher, FetchError
from themeline.ingest.store import hosts
from themeline.ingest.turns import Turns, origin
from themeline.shared.db import Sessions, read_only, unit_of_work

# RFC 9309, section 2.4: not to be used for more than 24 hours.
KEPT_FOR = timedelta(hours=24)
# A host that fails forbids everything for now (section 2.3.1.4) and is asked again sooner.
KEPT_UNREACHABLE = timedelta(minutes=30)
# Section 2.5: at least 500 KiB must be read, and no more need be.
LARGEST = 500 * 1024
UNREACHABLE_STATUS = 599  # stands for no answer at all, which counts as a server's error


class Robots:
    """Answers for every host; one that is not known yet is asked first, in its turn."""

    def __init__(self, sessions: Sessions, fetcher: Fetcher, turns: Turns, agent: str) -> None:
        self._sessions = sessions
        self._fetcher = fetcher
        self._turns = turns
        self._agent = agent

    def of(self, url: str) -> "HostRobots":
        """Return the rules of the host of `url`; raise NotNowError when its turn to be asked is far away."""
        now = datetime.now(UTC)
        with read_only(self._sessions) as session:
            known = hosts.robots(session, origin(url), now)
        if known is None:
            known = self._asked(url, now)
            with unit_of_work(self._sessions) as session:
                hosts.keep_robots(session, origin(url), known)
        return HostRobots(rules.rules_of(known.status, known.text or ""), self._agent)

    def _asked(self, url: str, now: datetime) -> hosts.RobotsRow:
        self._turns.wait(url)
        try:
            answer = self._fetcher.get(f"{origin(url)}/robots.txt", limit_bytes=LARGEST)
        except FetchError as error:
            # What is too large is read no further, and nothing of it is known: as if it were not there.
            status = 404 if error.type in {"too-large", "compressed-too-large"} else UNREACHABLE_STATUS
            return hosts.RobotsRow(status, None, now + (KEPT_FOR if status == 404 else KEPT_UNREACHABLE))  # noqa: PLR2004
        is_error = answer.status >= 500  # noqa: PLR2004  a server's error by RFC 9110
        text = answer.body.decode("utf-8", "replace").replace("\0", "")
        return hosts.RobotsRow(answer.status, text, now + (KEPT_UNREACHABLE if is_error else KEPT_FOR))


class HostRobots:
    """The rules of one host for our own user agent."""

    def __init__(self, found: rules.Rules, agent: str) -> None:
        self._rules = found
        self._agent = agent

    def may_read(self, url: str) -> bool:
        return rules.may_read(self._rules, url, self._agent)

    @property
    def delay(self) -> timedelta:
        """What the host asks for between two requests."""
        return timedelta(seconds=rules.crawl_delay(self._rules, self._agent) or 0)
