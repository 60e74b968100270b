"""Waiting for one's turn at a host, so that no host is asked more often than it likes, by however many processes."""

import random
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from themeline.ingest.store import hosts
from themeline.shared.db import Sessions, unit_of_work

# A turn that comes later than this is not waited for: whoever wants it comes back, and its thread reads another host.
PATIENCE = timedelta(seconds=0.25)
# Whoever is in the middle of something waits for the next turn rather than beginning again.
LONG_PATIENCE = timedelta(seconds=5)
# A host that asks to be left alone for longer is asked after a day all the same.
LONGEST_REST_S = 86_400.0


# Twice as many come back as there are turns, so that one who is late leaves none unused.
SHARE_OF_PAUSE = 0.5
# Who waits behind so many comes back at any time before their end, and is told anew.
LONGEST_QUEUE = timedelta(minutes=10)
# A host is remembered while somebody waits for it; of so many, those are forgotten for which nobody does any more.
MOST_HOSTS = 10_000


class NotNowError(Exception):
    """The host's next turn is too far away: `at` is when to come back, not the same for all who wait for it."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"the host's next turn is at {at.isoformat()}")
        self.at = at


class _Queues:
    """Who is turned away comes back after those who were before: else thousands would try for each turn."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[str, datetime] = {}

    def place(self, host: str, at: datetime, pause: timedelta) -> datetime:
        """Return when to come back for a turn at a host whose next one is `at`."""
        with self._lock:
            place = max(at, self._ends.get(host, at))
            if place - at > LONGEST_QUEUE:
                return at + random.random() * LONGEST_QUEUE  # noqa: S311  spreads load, hides nothing
            if len(self._ends) >= MOST_HOSTS:
                self._ends = {name: end for name, end in self._ends.items() if end > at}
            self._ends[host] = place + pause * SHARE_OF_PAUSE
            return place


class Turns:
    """Takes turns at hosts. `stop` ends the waiting."""

    def __init__(self, sessions: Sessions, *, pause: timedelta, stop: threading.Event) -> None:
        self._sessions = sessions
        self._pause = pause
        self._stop = stop
        self._queues = _Queues()

    def wait(self, url: str, *, delay: timedelta = timedelta(0), patience: timedelta = PATIENCE) -> None:
        """Return when the host of `url` may be asked; raise NotNowError when that is not soon.

        Args:
            url: what is about to be read.
            delay: what is asked for between two requests.
            patience: the longest wait.
        """
        now = datetime.now(UTC)
        pause = max(self._pause, delay)
        with unit_of_work(self._sessions) as session:
            turn = hosts.take_turn(session, origin(url), pause=pause, patience=patience, now=now)
        if not turn.taken:
            raise NotNowError(self._queues.place(origin(url), turn.at, pause))
        if self._stop.wait(max(0.0, (turn.at - now).total_seconds())):
            raise NotNowError(now)

    @property
    def are_ending(self) -> bool:
        """Whether this process is told to stop: what fails from then on is nobody's fault."""
        return self._stop.is_set()

    def leave_alone(self, url: str, seconds: float) -> datetime:
        """Ask nothing more of the host of `url`, which asked for that, for so long; return until when."""
        until = datetime.now(UTC) + timedelta(seconds=min(seconds, LONGEST_REST_S))
        with unit_of_work(self._sessions) as session:
            hosts.leave_alone(session, origin(url), until)
        return until


def origin(url: str) -> str:
    """Scheme, host and port of an address, as robots.txt has them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
