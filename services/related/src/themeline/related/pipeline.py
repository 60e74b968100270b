"""One message through the use case: each step in its own transaction, repeated when the database falters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from themeline.related import regroup, relate
from themeline.related.core.boilerplate import Pages
from themeline.related.core.encoders import EncoderDownError
from themeline.related.core.frequencies import EMPTY
from themeline.related.core.triage import Triage
from themeline.related.store import corpus, encodings, groups, pages, work
from themeline.related.transactions import FALTERING, repeated
from themeline.shared.db import Sessions
from themeline.shared.process import first_line

T = TypeVar("T")

# The encoders in use change while a batch is computed when somebody starts a re-index, and once more when it ends.
MOST_ENCODER_CHANGES = 3


@dataclass(frozen=True)
class Handled:
    """What became of a message; `alone` are to be sent again as messages of their own, after `error` if any."""

    result: relate.Result
    alone: tuple[int, ...] = ()
    error: Exception | None = None


class Pipeline:
    """What one worker process keeps between messages: its sessions, its encoders and the newest epoch."""

    def __init__(self, sessions: Sessions, settings: relate.Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        self._epoch = relate.Epoch(0, EMPTY)
        self._in_use = encodings.InUse(encodings.NO_ENCODER)
        self._pages = Pages()

    def handle(self, ids: Sequence[int]) -> Handled:
        """Relate the articles of one message."""
        plan, settled, articles = self._run(lambda session: self._claim(session, ids))
        if not articles:
            return Handled(settled, plan.alone)
        try:
            placed = self._relate([self._bare(article) for article in articles])
        except FALTERING:
            # No article is to blame: the task fails, and the sweep sends it again.
            raise
        except Exception as error:  # noqa: BLE001  whatever an article does to the engine is its own failure
            text = f"{type(error).__name__}: {first_line(error)}"
            self._run(lambda session: work.note_error(session, plan.run, text))
            return Handled(settled, (*plan.alone, *plan.run), error)
        decided, suspects = (*settled.decided, *placed.decided), settled.suspects | placed.suspects
        return Handled(replace(placed, decided=decided, suspects=suspects), plan.alone)

    def _relate(self, articles: Sequence[work.Loaded]) -> relate.Result:
        if self._in_use.serving is encodings.NO_ENCODER:
            self._adopt()
        for _ in range(MOST_ENCODER_CHANGES):
            computed = relate.compute(articles, self._epoch, self._in_use.wanted, self._settings)
            if self._run(partial(relate.prepare, computed=computed, settings=self._settings)):
                break
            self._in_use = self._run(encodings.current)
        return self._run(partial(relate.place, computed=computed, epoch=self._epoch, settings=self._settings))

    def _bare(self, article: work.Loaded) -> work.Loaded:
        return replace(article, raw=self._pages.bare(article.source_id, article.raw))

    def _adopt(self) -> None:
        """Let the encoder of the settings serve a database that has no vectors; without it articles wait for theirs."""
        kind = self._settings.encoders.configured
        try:
            encoder = self._settings.encoders.get(kind)
            name, dimensions = encoder.name, encoder.dimensions
        except EncoderDownError:
            return
        self._run(partial(encodings.adopt, encoder=name, kind=kind, dimensions=dimensions))
        self._in_use = self._run(encodings.current)

    def put_right(self, handled: Handled) -> regroup.Changes:
        """Merge and split the stories and themes that a message gave reason to look at; call after each message.

        A transaction of its own: what is ready to be read does not wait for it.
        """
        suspects, horizon = handled.result.suspects, self._settings.horizon / timedelta(hours=1)
        if not suspects:
            return regroup.Changes()
        with self._settings.timer("regroup"):
            return self._run(lambda session: regroup.put_right(session, suspects, horizon))

    def advance_epoch(self) -> None:
        """Begin the next epoch once enough articles have come; call after each message."""
        self._run(self._advance_epoch)

    def _claim(self, session: Session, ids: Sequence[int]) -> tuple[Triage, relate.Result, list[work.Loaded]]:
        plan, settled = relate.claim(session, ids, self._settings)
        articles = work.load(session, plan.run) if plan.run else []
        pages.recall(session, self._pages, articles)
        self._in_use = encodings.current(session)
        newest = corpus.latest_epoch(session)
        if articles and newest != self._epoch.id:
            self._epoch = relate.Epoch(newest, corpus.load_epoch(session, newest))
        return plan, settled, articles

    def _advance_epoch(self, session: Session) -> None:
        due = partial(corpus.epoch_is_due, session, self._epoch.frequencies)
        # Looked at again under the lock: another worker may have just begun it.
        if due() and groups.try_lock_epochs(session) and due():
            corpus.begin_epoch(session)

    def _run(self, step: Callable[[Session], T]) -> T:
        return repeated(self._sessions, step)
