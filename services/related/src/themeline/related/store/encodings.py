"""Which encoders articles have vectors of, and how far each is.

Whoever saves vectors or searches with them keeps the state as it is until his transaction ends; whoever changes what is
served waits for all of them, so that no article is saved without a vector that is about to be needed. The lock is
taken first in a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from themeline.shared.models import Encoding, FeatureRow, Vector

# Any number will do that no other lock has.
STATE_LOCK = 7_424_119

# Articles wait for so long at most while an index is removed; it is tried again.
LOCK_TIMEOUT = "2s"

SERVING, FILLING, RETIRED = "serving", "filling", "retired"


@dataclass(frozen=True)
class EncoderState:
    """An encoder that articles have vectors of; `cursor` is the last article that is done, none when all are."""

    encoder: str
    kind: str
    dimensions: int
    state: str
    cursor: int | None = None
    rescore: bool = False
    started_at: datetime | None = None


# Before the first encoder is adopted: searches with it find no vector, and articles are scored without.
NO_ENCODER = EncoderState("none", "", 1, SERVING)


@dataclass(frozen=True)
class InUse:
    """What vectors are made and searched with now: one serves, another one may be filling."""

    serving: EncoderState
    filling: EncoderState | None = None

    @property
    def wanted(self) -> tuple[EncoderState, ...]:
        """Those whose vectors every article gets."""
        found = (self.serving, self.filling)
        return tuple(one for one in found if one is not None and one is not NO_ENCODER)


def states(session: Session) -> list[EncoderState]:
    """Every encoder with vectors."""
    rows = session.execute(
        select(
            Encoding.encoder,
            Encoding.kind,
            Encoding.dimensions,
            Encoding.state,
            Encoding.cursor,
            Encoding.rescore,
            Encoding.started_at,
        ).order_by(Encoding.encoder)
    )
    return [EncoderState(*row) for row in rows]


def current(session: Session) -> InUse:
    """What vectors are made and searched with; it may change at any moment."""
    found = {state.state: state for state in states(session)}
    return InUse(found.get(SERVING, NO_ENCODER), found.get(FILLING))


def held(session: Session) -> InUse:
    """What vectors are made and searched with, and will be until the transaction ends."""
    session.execute(text("select pg_advisory_xact_lock_shared(:key)"), {"key": STATE_LOCK})
    return current(session)


def hold_alone(session: Session) -> None:
    """Wait until nobody saves or searches vectors, and keep it so until the transaction ends."""
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": STATE_LOCK})


def adopt(session: Session, encoder: str, kind: str, dimensions: int) -> None:
    """Let an encoder serve where none does yet. Articles that are stored already get their vectors later."""
    hold_alone(session)
    if current(session).serving is not NO_ENCODER:
        return
    waiting = session.scalar(select(select(FeatureRow.article_id).exists()))
    _enter(session, encoder, kind, dimensions, SERVING, cursor=0 if waiting else None)


def fill(session: Session, encoder: str, kind: str, dimensions: int, *, rescore: bool) -> None:
    """Let an encoder's vectors be filled."""
    hold_alone(session)
    _enter(session, encoder, kind, dimensions, FILLING, cursor=0, rescore=rescore)


def _enter(
    session: Session,
    encoder: str,
    kind: str,
    dimensions: int,
    state: str,
    *,
    cursor: int | None,
    rescore: bool = False,
) -> None:
    values = {
        "kind": kind,
        "dimensions": dimensions,
        "state": state,
        "cursor": cursor,
        "rescore": rescore,
        "started_at": func.now(),
        "updated_at": func.now(),
    }
    session.execute(
        insert(Encoding)
        .values(encoder=encoder, **values)
        .on_conflict_do_update(index_elements=[Encoding.encoder], set_=values)
    )
    parameters = {"encoder": encoder, "dimensions": dimensions}
    session.execute(text("select add_vector_index(:encoder, :dimensions)"), parameters)


def advance(session: Session, state: EncoderState, cursor: int | None) -> bool:
    """Move an encoder's cursor; false when somebody else has moved it."""
    moved = session.execute(
        update(Encoding)
        .where(
            Encoding.encoder == state.encoder,
            Encoding.state == state.state,
            Encoding.cursor.is_not_distinct_from(state.cursor),
        )
        .values(cursor=cursor, updated_at=func.now(), rescore=Encoding.rescore if cursor is not None else False)
        .returning(Encoding.encoder)
    )
    return moved.first() is not None


def touch(session: Session, encoder: str) -> None:
    """Remember that work on an encoder was tried just now."""
    session.execute(update(Encoding).where(Encoding.encoder == encoder).values(updated_at=func.now()))


def note_gap(session: Session, encoder: str, articles: Sequence[int]) -> None:
    """Remember that these articles have no vector of the encoder yet."""
    before = min(articles) - 1
    session.execute(
        update(Encoding)
        .where(Encoding.encoder == encoder)
        .values(cursor=func.least(func.coalesce(Encoding.cursor, before), before))
    )


def switch(session: Session, serving: EncoderState | None, filling: EncoderState) -> None:
    """Let the filled encoder serve; the one that served is retired. Where relations are to be scored again, the
    cursor starts anew."""
    if serving is not None:
        retire(session, serving.encoder)
    session.execute(
        update(Encoding)
        .where(Encoding.encoder == filling.encoder)
        .values(state=SERVING, cursor=0 if filling.rescore else None, updated_at=func.now())
    )


def retire(session: Session, encoder: str) -> None:
    """Let an encoder's vectors be removed."""
    session.execute(
        update(Encoding)
        .where(Encoding.encoder == encoder)
        .values(state=RETIRED, cursor=0, rescore=False, updated_at=func.now())
    )


def remove(session: Session, encoder: str) -> None:
    """Forget an encoder, and the index of its vectors."""
    # Removing an index waits for everybody who uses the table, and everybody then waits for it.
    session.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
    session.execute(text("select drop_vector_index(:encoder)"), {"encoder": encoder})
    session.execute(delete(Encoding).where(Encoding.encoder == encoder))


def drop_vectors(session: Session, encoder: str, limit: int) -> int:
    """Remove some of an encoder's vectors; return how many."""
    some = select(Vector.article_id).where(Vector.encoder == encoder).limit(limit)
    removed = session.execute(
        delete(Vector).where(Vector.encoder == encoder, Vector.article_id.in_(some)).returning(Vector.article_id)
    )
    return len(removed.all())


def without_vector(session: Session, encoder: str, after: int, limit: int) -> list[int]:
    """The next articles that have features and no vector of this encoder, in id order."""
    vector = select(Vector.article_id).where(Vector.article_id == FeatureRow.article_id, Vector.encoder == encoder)
    return _next(session, after, limit, ~vector.exists())


def lacking(session: Session, encoder: str, articles: Sequence[int]) -> list[int]:
    """Those of the articles that have no vector of this encoder, in id order."""
    having = select(Vector.article_id).where(Vector.encoder == encoder, Vector.article_id.in_(articles))
    return sorted(set(articles) - set(session.scalars(having)))


def after(session: Session, cursor: int, limit: int) -> list[int]:
    """The next articles that have features, in id order."""
    return _next(session, cursor, limit)


def _next(session: Session, after: int, limit: int, *conditions: object) -> list[int]:
    statement = select(FeatureRow.article_id).where(FeatureRow.article_id > after, *conditions)  # type: ignore[arg-type] # a condition of SQL
    return list(session.scalars(statement.order_by(FeatureRow.article_id).limit(limit)))


def idle(session: Session, patience: timedelta) -> list[EncoderState]:
    """Encoders with something left to do that nobody has worked on for so long."""
    waiting = select(Encoding.encoder).where(Encoding.cursor.is_not(None), Encoding.updated_at < func.now() - patience)
    names = set(session.scalars(waiting))
    return [state for state in states(session) if state.encoder in names]


@dataclass(frozen=True)
class Progress:
    """How many of the articles that are searchable have what an encoder is to give them."""

    state: EncoderState
    done: int
    total: int


def progress(session: Session) -> list[Progress]:
    """How far each encoder is."""
    total = session.scalar(select(func.count()).select_from(FeatureRow)) or 0
    rows = session.execute(select(Vector.encoder, func.count()).group_by(Vector.encoder))
    stored = {row[0]: row[1] for row in rows}
    return [Progress(state, stored.get(state.encoder, 0), total) for state in states(session)]


def scored_again(session: Session, cursor: int) -> int:
    """How many articles are at or before the cursor."""
    return session.scalar(select(func.count()).select_from(FeatureRow).where(FeatureRow.article_id <= cursor)) or 0
