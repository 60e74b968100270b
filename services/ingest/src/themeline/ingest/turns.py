"""Waiting for one's turn at a host, so that no host is asked more often than it likes, by however many processes."""

import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from themeline.ingest.store import hosts
from themeline.shared.db import Sessions, unit_of_work

# A turn that comes later than this is not waited for: whoever wants it comes back, and its thread reads another host.
PATIENCE = timedelta(seconds=0.25)
# Whoever is in the middle of something waits for the next turn rather than beginning again.
LONG_PATIENCE = timedelta(seconds=5)
# What robots.txt may ask for at most; Bing and Yandex stop at 30 s as well.
LONGEST_DELAY = timedelta(seconds=30)
# A host that asks to be left alone for longer is asked after a day all the same.
LONGEST_REST_S = 86_400.0


class NotNowError(Exception):
    """The host's next turn is too far away."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"the host's next turn is at {at.isoformat()}")
        self.at = at


class Turns:
    """Takes turns at hosts. `stop` ends the waiting."""

    def __init__(self, sessions: Sessions, *, pause: timedelta, stop: threading.Event) -> None:
        self._sessions = sessions
        self._pause = pause
        self._stop = stop

    def wait(self, url: str, *, delay: timedelta = timedelta(0), patience: timedelta = PATIENCE) -> None:
        """Return when the host of `url` may be asked; raise NotNowError when that is not soon.

        Args:
            url: what is about to be read.
            delay: what its source or its robots.txt asks for between two requests.
            patience: the longest wait.
        """
        now = datetime.now(UTC)
        pause = max(self._pause, min(delay, LONGEST_DELAY))
        with unit_of_work(self._sessions) as session:
            turn = hosts.take_turn(session, origin(url), pause=pause, patience=patience, now=now)
        if not turn.taken:
            raise NotNowError(turn.at)
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
