"""The use case: one page read for the text of its article, where the source, its host and the page allow it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from themeline.ingest.accept import accept
from themeline.ingest.core.completion import completed
from themeline.ingest.core.htmlpages import PageArticle, read_page
from themeline.ingest.core.robots import opts_out
from themeline.ingest.core.ways import Way
from themeline.ingest.fetch import Answer, Fetcher, FetchError
from themeline.ingest.robots import HostRobots, Robots
from themeline.ingest.sandbox import Sandbox, SandboxError
from themeline.ingest.store import pages, polls
from themeline.ingest.store.pages import ClaimedPage
from themeline.ingest.turns import NotNowError, Turns
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.process import first_line
from themeline.shared.telemetry.logging import logger

log = logger(__name__)

ACCEPT = "text/html,application/xhtml+xml;q=0.9"
# A page that takes longer is dead: robots.txt and the page (30 s each at most), then parsing (10 s) and storing.
LEASE = timedelta(seconds=150)
# A page that fails is tried again after these; news that is older than a day has found its theme without it.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=12))
MOST_REASON = 300
# What a server says when it is not the page's fault, besides that it fails (500 and above, named or not).
PASSING = frozenset({404, 408, 425, 429})
SERVER_ERROR = 500
# What asking again does not mend.
LASTING = frozenset({"address-refused", "invalid-address", "scheme", "too-large", "compressed-too-large"})


@dataclass(frozen=True)
class PageRead:
    """What came of a page: `read`, `refused`, `postponed`, `again` or `failed`, and why."""

    outcome: str
    page_id: int
    url: str
    reason: str | None = None


class RefusedError(Exception):
    """The page may not be read, or is no article: there is nothing to try again."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class FaultyError(Exception):
    """Something was in the way that may be gone next time, though not before the instant that was asked for."""

    def __init__(self, reason: str, status: int | None = None, *, not_before: datetime | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.not_before = not_before


class PageReader:
    """Reads pages that wait."""

    def __init__(self, sessions: Sessions, fetcher: Fetcher, sandbox: Sandbox, turns: Turns, robots: Robots) -> None:
        self._sessions = sessions
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._turns = turns
        self._robots = robots

    def read(self, page_id: int, *, correlation_id: str) -> PageRead | None:
        """Read a page; None where it does not wait or somebody else is at it."""
        now, lease = datetime.now(UTC), uuid4()
        with unit_of_work(self._sessions) as session:
            claimed = pages.claim(session, page_id, lease, now=now, until=now + LEASE)
        if claimed is None:
            return None
        came, values = self._came(claimed, correlation_id)
        with unit_of_work(self._sessions) as session:
            pages.release(session, page_id, lease, values)
        return came

    def _came(self, claimed: ClaimedPage, correlation_id: str) -> tuple[PageRead, dict[str, Any]]:
        row = claimed.row
        try:
            values = self._read(claimed, correlation_id)
        except NotNowError as later:
            return PageRead("postponed", row.id, row.url), {"next_try_at": later.at}
        except RefusedError as error:
            return _ended(claimed, "refused", str(error), error.status)
        except Exception as error:  # noqa: BLE001  a page that we fail at is tried again
            if self._turns.are_ending:
                return PageRead("postponed", row.id, row.url), {"next_try_at": datetime.now(UTC)}
            fault = _fault(claimed, error)
            if isinstance(error, FetchError) and error.type in LASTING:
                return _ended(claimed, "failed", str(fault), None)
            return _again(claimed, fault)
        return PageRead("read", row.id, row.url), values

    def _read(self, claimed: ClaimedPage, correlation_id: str) -> dict[str, Any]:
        answer = self._fetched(claimed)
        page = self._sandbox.run(read_page, answer.body, answer.url, answer.charset, datetime.now(UTC).date())
        _check(page)
        item = completed({**claimed.row.entry, "url": claimed.row.entry.get("url") or claimed.row.url}, page)
        (result,) = accept(
            self._sessions,
            [item],
            Way("feed", "page", claimed.row.feed_id),
            correlation_id=correlation_id,
        )
        if result.rejection is not None:
            raise RefusedError(f"{result.rejection.type}: {result.rejection.detail}", answer.status)
        with unit_of_work(self._sessions) as session:
            ids = polls.article_ids(session, [result.id] if result.id else [])
        ended = {"state": "read", "status": answer.status, "reason": None, "ended_at": datetime.now(UTC)}
        return ended | {"attempts": claimed.row.attempts + 1, "article_id": next(iter(ids.values()), None)}

    def _fetched(self, claimed: ClaimedPage) -> Answer:
        url = claimed.row.url
        self._turns.wait(url, delay=max(claimed.crawl_delay, self._delay(claimed)))
        answer = self._fetcher.get(url, accept=ACCEPT)
        self._check_answer(answer)
        # Where a redirect led may be another host's page, with other rules.
        if answer.url != claimed.row.url:
            _check_robots(self._robots.of(answer.url), answer.url)
        return answer

    def _delay(self, claimed: ClaimedPage) -> timedelta:
        """What the host asks for between two requests; raise where the page must not be asked for at all."""
        if not claimed.full_text:
            raise RefusedError("the source does not permit its pages to be read")
        if claimed.withdrawn:
            raise RefusedError("the article is withdrawn")
        robots = self._robots.of(claimed.row.url)
        _check_robots(robots, claimed.row.url)
        return robots.delay

    def _check_answer(self, answer: Answer) -> None:
        if answer.status in PASSING or answer.status >= SERVER_ERROR:
            rest = self._turns.leave_alone(answer.url, answer.retry_after) if answer.retry_after else None
            raise FaultyError(f"it answered {answer.status_in_words}", answer.status, not_before=rest)
        if answer.status != HTTPStatus.OK:
            raise RefusedError(f"it answered {answer.status}", answer.status)
        if answer.content_type not in ("text/html", "application/xhtml+xml", ""):
            raise RefusedError(f"it is {answer.content_type}, no page", answer.status)
        if answer.tdm_reservation or opts_out(answer.robots_tags):
            raise RefusedError(
                "the server does not want it to be kept (X-Robots-Tag or tdm-reservation)", answer.status
            )


def _check_robots(robots: HostRobots, url: str) -> None:
    if not robots.is_known:
        raise FaultyError("robots.txt cannot be read, so nothing may be")
    if not robots.may_read(url):
        raise RefusedError("robots.txt does not allow it")


def _check(page: PageArticle) -> None:
    unwanted = sorted({"noarchive", "noai", "none", "tdm"} & set(page.opt_outs))
    if unwanted:
        raise RefusedError(f"the page does not want to be kept ({', '.join(unwanted)})")
    if page.problem is not None:
        raise RefusedError(f"{page.problem}: it is not the page of an article")


def _fault(claimed: ClaimedPage, error: Exception) -> FaultyError:
    """What went wrong, as a clause, and the status that was answered."""
    if isinstance(error, FaultyError):
        return error
    if isinstance(error, FetchError | SandboxError):
        return FaultyError(f"{error.type}: {error.reason}")
    log.error("a page failed unexpectedly", page=claimed.row.id, url=claimed.row.url, exc_info=error)
    return FaultyError(f"{type(error).__name__}: {first_line(error)}")


def _ended(claimed: ClaimedPage, outcome: str, reason: str, status: int | None) -> tuple[PageRead, dict[str, Any]]:
    row = claimed.row
    values = {"state": outcome, "reason": reason[:MOST_REASON], "status": status, "attempts": row.attempts + 1}
    return PageRead(outcome, row.id, row.url, reason), values | {"ended_at": datetime.now(UTC)}


def _again(claimed: ClaimedPage, fault: FaultyError) -> tuple[PageRead, dict[str, Any]]:
    row, reason = claimed.row, str(fault)
    if row.attempts >= len(PAUSES):
        return _ended(claimed, "failed", reason, fault.status)
    values = {"attempts": row.attempts + 1, "reason": reason[:MOST_REASON], "status": fault.status}
    soon = datetime.now(UTC) + PAUSES[row.attempts]
    values["next_try_at"] = max(soon, fault.not_before or soon)
    return PageRead("again", row.id, row.url, reason), values
