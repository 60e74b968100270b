"""Sending articles to the ingest service in batches, patiently."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from themeline.cli.errors import CommandError
from themeline.cli.services import INGEST_VARIABLE, json_object, problem_text, unreachable
from themeline.cli.sources import Entry, Found

PATH = "/v1/articles"
NDJSON = {"Content-Type": "application/x-ndjson"}
# A request stays well below the service's largest body (32 MB) and is answered within a second.
MOST_ITEMS = 256
MOST_BYTES = 8 * 1024 * 1024
# How long an overloaded or restarting service is waited for.
PATIENCE_SECONDS = 120.0
LONGEST_WAIT_SECONDS = 15.0
BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Line:
    """One article as it is sent."""

    entry: Entry
    body: bytes


@dataclass
class Batch:
    """What goes in one request, and what was found between its articles that cannot be sent."""

    lines: list[Line] = field(default_factory=list)
    others: list[Found] = field(default_factory=list)
    size: int = 0

    def has_room(self, more: int) -> bool:
        found = len(self.lines) + len(self.others)
        return not found or (found < MOST_ITEMS and self.size + more <= MOST_BYTES)


class BusyError(Exception):
    """The service asked to come back later, or is away for a moment."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


def in_batches(entries: Iterable[Entry]) -> Iterator[list[Line]]:
    """Group articles so that neither their number nor their size is too large for one request."""
    return (batch.lines for batch in batched(entries))


def batched(found: Iterable[Found]) -> Iterator[Batch]:
    """Group what was found in the same way; no batch is empty."""
    batch = Batch()
    for one in found:
        line = Line(one, json.dumps(one.fields).encode() + b"\n") if isinstance(one, Entry) else None
        size = len(line.body) if line else 0
        if not batch.has_room(size):
            yield batch
            batch = Batch()
        if line:
            batch.lines.append(line)
        else:
            batch.others.append(one)
        batch.size += size
    if batch.lines or batch.others:
        yield batch


class Pusher:
    """A client of the ingest service. Sending again is safe: the same article changes nothing.

    Args:
        waiting: told why, each time the service has to be waited for.
    """

    def __init__(self, client: httpx.Client, waiting: Callable[[str], None] = lambda _: None) -> None:
        self._client = client
        self._waiting = waiting
        self._has_answered = False

    def push(self, batch: Sequence[Line]) -> Iterator[tuple[Line, dict[str, Any]]]:
        """Send a batch; yield each article with its result. Raise CommandError when it is refused."""
        answer = self._patiently(b"".join(line.body for line in batch))
        if answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            yield from self._in_smaller_parts(batch, answer)
        elif not answer.is_success:
            raise CommandError(f"the ingest service refused the articles: {problem_text(answer)}")
        else:
            yield from zip(batch, json_object(self._client, answer, INGEST_VARIABLE)["results"], strict=True)

    def _in_smaller_parts(self, batch: Sequence[Line], answer: httpx.Response) -> Iterator[tuple[Line, dict[str, Any]]]:
        if len(batch) == 1:
            yield batch[0], {"status": "rejected", "problem": {"title": problem_text(answer)}}
            return
        lines = iter(batch)
        yield from self.push(list(islice(lines, len(batch) // 2)))
        yield from self.push(list(lines))

    def _patiently(self, body: bytes) -> httpx.Response:
        attempts = Retrying(
            retry=retry_if_exception_type(BusyError),
            wait=_wait,
            stop=stop_after_delay(PATIENCE_SECONDS),
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            return attempts(self._once, body)
        except BusyError as error:
            raise CommandError(
                f"the ingest service is still busy after {PATIENCE_SECONDS:.0f} s ({error}): run the command again "
                f"later; what was accepted stays, and sending it again changes nothing"
            ) from None

    def _tell(self, state: RetryCallState) -> None:
        self._waiting(str(state.outcome.exception()) if state.outcome is not None else "")

    def _once(self, body: bytes) -> httpx.Response:
        try:
            answer = self._client.post(PATH, content=body, headers=NDJSON)
        except httpx.HTTPError as error:
            reason = unreachable(self._client, INGEST_VARIABLE, error)
            # A service that has answered before is restarting; one that never has is not there.
            if self._has_answered:
                raise BusyError(reason) from None
            raise CommandError(reason) from None
        self._has_answered = True
        if answer.status_code in BUSY:
            raise BusyError(problem_text(answer), _retry_after(answer))
        return answer


_grow = wait_exponential_jitter(multiplier=0.2, max=LONGEST_WAIT_SECONDS)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    asked = error.seconds if isinstance(error, BusyError) else None
    return asked if asked is not None else _grow(state)


def _retry_after(answer: httpx.Response) -> float | None:
    value = answer.headers.get("Retry-After", "")
    return min(float(value), PATIENCE_SECONDS) if value.isdigit() else None
