"""The use case: store what was pushed, and the events about it, in the caller's one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from themeline.ingest.core.blocking import blocked, blocking_pattern
from themeline.ingest.core.decisions import (
    Create,
    Decision,
    Provisional,
    Refused,
    StoredArticle,
    Unchanged,
    Update,
)
from themeline.ingest.core.drafts import Draft, Rejection
from themeline.ingest.core.identity import decide
from themeline.ingest.core.keys import Key, all_digests, keys_of
from themeline.ingest.core.ways import PUSH, Way
from themeline.ingest.outbox import URGENCIES
from themeline.ingest.store import articles
from themeline.ingest.store.sources import SourceRow, ensure_sources
from themeline.shared.notifications import OUTBOX_CHANNEL, notify

# An article that is stored, or the one that an item of this request creates.
Target = int | Provisional


@dataclass(frozen=True)
class Published:
    """What became of one draft: created, updated, unchanged, or rejected with its reason.

    Attributes:
        external_id: the publisher's identifier by which the article is known.
        foreign: a feed met the article of another source, which it does not change.
    """

    status: str
    id: str | None = None
    url: str | None = None
    notices: tuple[str, ...] = ()
    rejection: Rejection | None = None
    external_id: str | None = None
    foreign: bool = False


def publish(
    session: Session, drafts: Sequence[Draft], *, now: datetime, correlation_id: str, way: Way = PUSH
) -> list[Published]:
    """Store each draft as its identity says; return what became of each, in order.

    Two requests that claim one key at once: the later one's insert fails and the caller repeats it.
    """
    if not drafts:
        return []
    # the name first written stands
    names = {draft.source_key: draft.source_name for draft in reversed(drafts)}
    sources = ensure_sources(session, names)
    refused = [_blocked(draft, sources) for draft in drafts]
    allowed = [draft for draft, refusal in zip(drafts, refused, strict=True) if refusal is None]
    results = iter(_publish(session, allowed, sources, _Arrival(way, now, correlation_id)))
    return [refusal or next(results) for refusal in refused]


def _blocked(draft: Draft, sources: Mapping[str, SourceRow]) -> Published | None:
    pattern = blocking_pattern(sources[draft.source_key].blocked, url=draft.url, title=draft.title)
    return None if pattern is None else Published("rejected", url=draft.url, rejection=blocked(pattern))


def _publish(
    session: Session, drafts: Sequence[Draft], sources: Mapping[str, SourceRow], arrival: "_Arrival"
) -> list[Published]:
    keyed = [(draft, _keys(draft, sources[draft.source_key])) for draft in drafts]
    stored = articles.load_owners(session, set(all_digests(keyed)))
    way = arrival.way
    decisions = decide(keyed, stored, feed_id=way.feed_id, is_read=way.origin == "feed")
    writing = _Writing(sources, stored.values(), arrival)
    for item, decision in enumerate(decisions):
        writing.add(item, decision)
    writing.write(session)
    return [writing.result(item, draft, decisions[item]) for item, draft in enumerate(drafts)]


def _keys(draft: Draft, source: SourceRow) -> tuple[Key, ...]:
    return keys_of(draft, source.zone, day_first=source.day_first)


@dataclass(frozen=True)
class _Arrival:
    """How, when and by which request the drafts came in."""

    way: Way
    now: datetime
    correlation_id: str


class _Writing:
    """The decisions of one request, gathered so that rows of one kind are written together."""

    def __init__(self, sources: Mapping[str, SourceRow], stored: Iterable[StoredArticle], arrival: _Arrival) -> None:
        self._sources = sources
        self._arrival = arrival
        self._created: dict[Provisional, articles.Row] = {}
        # The n-th mapping holds the n-th new versions of articles: two items may revise one article.
        self._revised: list[dict[Target, articles.Row]] = []
        self._identities: dict[Target, articles.Identity] = {a.id: (a.external_id, a.url) for a in stored}
        self._adopted: dict[Target, articles.Identity] = {}
        self._keys: list[tuple[Key, Target]] = []
        self._announced: dict[Target, tuple[int, int]] = {}
        self._ids: dict[Provisional, int] = {}
        self._public: dict[int, str] = {}

    def add(self, item: int, decision: Decision) -> None:
        target = _target(item, decision)
        if isinstance(decision, Refused):
            return
        if isinstance(decision, Create):
            self._create(item, decision)
        elif isinstance(decision, Update):
            self._revise(target, decision)
        elif self._identities[target] != (decision.external_id, decision.url):
            self._adopted[target] = self._identities[target] = (decision.external_id, decision.url)
        self._keys += [(key, target) for key in decision.keys]

    def write(self, session: Session) -> None:
        """Write everything: the rows of articles first, which the keys and the outbox refer to."""
        inserted = articles.insert_articles(session, list(self._created.values()))
        self._public = dict(inserted)
        self._ids = {target: id_ for target, (id_, _) in zip(self._created, inserted, strict=True)}
        for rows in self._revised:
            articles.new_versions(session, {self._id(target): row for target, row in rows.items()})
        articles.adopt(session, {self._id(target): identity for target, identity in self._adopted.items()})
        articles.insert_keys(session, [(key, self._id(target)) for key, target in self._keys])
        self._announce(session)
        self._public |= articles.public_ids(session, [id_ for id_ in self._identities if isinstance(id_, int)])

    def result(self, item: int, draft: Draft, decision: Decision) -> Published:
        id_ = self._public[self._id(_target(item, decision))]
        if isinstance(decision, Refused):
            return Published("rejected", id_, draft.url, rejection=decision.rejection)
        status = {Create: "created", Update: "updated", Unchanged: "unchanged"}[type(decision)]
        named = draft if isinstance(decision, Create) else decision
        notices = (*draft.notices, *((decision.notice,) if decision.notice else ()))
        foreign = isinstance(decision, Unchanged) and decision.foreign
        return Published(status, id_, named.url, notices, external_id=named.external_id, foreign=foreign)

    def _create(self, item: int, decision: Create) -> None:
        target, draft = Provisional(item), decision.draft
        self._created[target] = self._row(decision, draft.url) | {"cause": "published"}
        self._identities[target] = (draft.external_id, draft.url)
        self._announced[target] = (1, URGENCIES[draft.priority])

    def _revise(self, target: Target, decision: Update) -> None:
        row = self._row(decision, decision.url)
        row |= {"external_id": decision.external_id, "version": decision.version, "cause": decision.cause}
        earlier = sum(target in rows for rows in self._revised)
        if earlier == len(self._revised):
            self._revised.append({})
        self._revised[earlier][target] = row
        self._identities[target] = (decision.external_id, decision.url)
        self._adopted.pop(target, None)
        self._announced[target] = (decision.version, URGENCIES[decision.draft.priority])

    def _announce(self, session: Session) -> None:
        """Put one outbox row for each article that has a new version, and wake the relay."""
        if self._announced:
            entries = [articles.Announcement(self._id(target), *entry) for target, entry in self._announced.items()]
            articles.insert_outbox(session, entries, self._arrival.correlation_id)
            notify(session, OUTBOX_CHANNEL)

    def _id(self, target: Target) -> int:
        return self._ids[target] if isinstance(target, Provisional) else target

    def _row(self, decision: Create | Update, url: str | None) -> articles.Row:
        draft, arrival = decision.draft, self._arrival
        source = self._sources[draft.source_key]
        row = articles.article_row(
            draft, source, arrival.way, content_hash=decision.content_hash, url=url, now=arrival.now
        )
        return row | {"correlation_id": arrival.correlation_id}


def _target(item: int, decision: Decision) -> Target:
    return Provisional(item) if isinstance(decision, Create) else decision.target
