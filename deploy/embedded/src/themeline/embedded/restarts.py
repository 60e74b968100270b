"""When a crashed child is started again, and when it is given up. Pure: the clock is an argument."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RestartPolicy:
    """Waits that double from `first_wait` to `longest_wait` seconds, until `most_deaths` within `window`.

    A start takes up to 3 s of imports, so that five deaths in a row fit into the window with their waits.
    """

    first_wait: float = 0.5
    longest_wait: float = 10.0
    most_deaths: int = 5
    window: float = 60.0


@dataclass
class Deaths:
    """The recent deaths of one child."""

    policy: RestartPolicy = field(default_factory=RestartPolicy)
    times: deque[float] = field(default_factory=deque)

    def record(self, now: float) -> float | None:
        """Note a death at `now` (seconds); return the wait before the next start, None to give up."""
        while self.times and now - self.times[0] > self.policy.window:
            self.times.popleft()
        self.times.append(now)
        if len(self.times) >= self.policy.most_deaths:
            return None
        wait: float = self.policy.first_wait * 2 ** (len(self.times) - 1)
        return min(wait, self.policy.longest_wait)
