"""The use case: store what was pushed, and the events about it, in the caller's one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from themeline.ingest import store
from themeline.ingest.core.drafts import Draft, Rejection
from themeline.ingest.core.identity import (
    Create,
    Decision,
    Key,
    Provisional,
    Refused,
    Unchanged,
    Update,
    all_digests,
    decide,
    keys_of,
)
from themeline.ingest.outbox import URGENCIES
from themeline.shared.notifications import OUTBOX_CHANNEL, notify


@dataclass(frozen=True)
class Published:
    """What became of one draft: created, updated, unchanged, or rejected with its reason."""

    status: str
    id: str | None = None
    url: str | None = None
    notices: tuple[str, ...] = ()
    rejection: Rejection | None = None


def publish(session: Session, drafts: Sequence[Draft], *, now: datetime, correlation_id: str) -> list[Published]:
    """Store each draft as its identity says; return what became of each, in order.

    Two requests that claim one key at once: the later one's insert fails and the caller repeats it.
    """
    if not drafts:
        return []
    sources = store.ensure_sources(session, {draft.source_key: draft.source_name for draft in drafts})
    keyed = [(draft, keys_of(draft, sources[draft.source_key].zone)) for draft in drafts]
    stored = store.load_owners(session, set(all_digests(keyed)))
    decisions = decide(keyed, stored)
    applied = _Applied(session, sources, now)
    applied.create([decision for decision in decisions if isinstance(decision, Create)], decisions)
    applied.revise(decisions)
    applied.announce(correlation_id)
    return [applied.result(draft, decision) for draft, decision in zip(drafts, decisions, strict=True)]


class _Applied:
    """The decisions of one request, as they are written."""

    def __init__(self, session: Session, sources: Mapping[str, store.SourceRow], now: datetime) -> None:
        self._session = session
        self._sources = sources
        self._now = now
        self._created: dict[int, int] = {}
        self._announced: dict[int, store.Announcement] = {}
        self._public: dict[int, str] = {}
        self._items: dict[int, int] = {}

    def create(self, creates: Sequence[Create], decisions: Sequence[Decision]) -> None:
        rows = [self._row(decision.draft, decision.content_hash, decision.draft.url) for decision in creates]
        inserted = store.insert_articles(self._session, rows)
        items = [item for item, decision in enumerate(decisions) if isinstance(decision, Create)]
        for item, decision, (id_, public_id) in zip(items, creates, inserted, strict=True):
            self._created[item] = id_
            self._items[id(decision)] = id_
            self._public[id_] = public_id
            self._announce(id_, 1, decision.draft)
        store.insert_keys(
            self._session,
            [(key, self._items[id(decision)]) for decision in creates for key in decision.keys],
        )

    def revise(self, decisions: Sequence[Decision]) -> None:
        keys: list[tuple[Key, int]] = []
        for decision in decisions:
            if isinstance(decision, Update | Unchanged):
                id_ = self._resolve(decision.target)
                keys += [(key, id_) for key in decision.keys]
                self._revise(id_, decision)
        store.insert_keys(self._session, keys)
        known = [self._resolve(d.target) for d in decisions if not isinstance(d, Create)]
        self._public.update(store.public_ids(self._session, [id_ for id_ in known if id_ not in self._public]))

    def announce(self, correlation_id: str) -> None:
        """Put one outbox row for each article that has a new version, and wake the relay."""
        if self._announced:
            store.insert_outbox(self._session, list(self._announced.values()), correlation_id)
            notify(self._session, OUTBOX_CHANNEL)

    def result(self, draft: Draft, decision: Decision) -> Published:
        if isinstance(decision, Refused):
            id_ = self._public[self._resolve(decision.target)]
            return Published("rejected", id_, draft.url, rejection=decision.rejection)
        status = {Create: "created", Update: "updated", Unchanged: "unchanged"}[type(decision)]
        target = self._items[id(decision)] if isinstance(decision, Create) else self._resolve(decision.target)
        url = draft.url if isinstance(decision, Create) else decision.url
        notices = (*draft.notices, *((decision.notice,) if decision.notice else ()))
        return Published(status, self._public[target], url, notices)

    def _revise(self, id_: int, decision: Update | Unchanged) -> None:
        if isinstance(decision, Unchanged):
            store.adopt(self._session, id_, decision.external_id, decision.url)
            return
        row = self._row(decision.draft, decision.content_hash, decision.url)
        row |= {"external_id": decision.external_id, "version": decision.version}
        store.new_version(self._session, id_, row)
        self._announce(id_, decision.version, decision.draft)

    def _announce(self, id_: int, version: int, draft: Draft) -> None:
        self._announced[id_] = store.Announcement(id_, version, URGENCIES[draft.priority])

    def _resolve(self, target: int | Provisional) -> int:
        return self._created[target.item] if isinstance(target, Provisional) else target

    def _row(self, draft: Draft, content_hash: bytes, url: str | None) -> dict[str, object]:
        source = self._sources[draft.source_key]
        return store.article_row(draft, source, content_hash=content_hash, url=url, now=self._now)
