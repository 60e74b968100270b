"""Encoders for the tests of related: a re-index begun, worked on step by step, and looked at."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, text

from integration.related.scene import Scene
from themeline.related import refill
from themeline.related.encoders.loaded import Encoders
from themeline.related.refill import Refill
from themeline.related.relate import Settings
from themeline.related.settings import EncoderSettings
from themeline.related.store import encodings
from themeline.related.worker import timer
from themeline.shared.db import unit_of_work
from themeline.shared.models import Vector

OLD, NEW = "wordllama-256", "lexical-256"


def begin(scene: Scene, *, rescore: bool = False) -> None:
    with unit_of_work(scene.sessions) as session:
        encodings.fill(session, NEW, "lexical", 256, rescore=rescore)


def make_settings(kind: str = "static") -> Settings:
    encoders = Encoders(EncoderSettings(encoder=kind))
    return Settings(encoders=encoders, horizon=timedelta(days=30), max_solo_attempts=3, timer=timer)


def make_refill(scene: Scene) -> Refill:
    return Refill(scene.sessions, make_settings())


def run(steps: Refill, wanted: Sequence[refill.Next], most: int = 100) -> list[refill.Next]:
    """Work on messages as the queue would bring them; return what is left after so many."""
    waiting = list(wanted)
    for _ in range(most):
        if not waiting:
            break
        waiting += steps.step(*waiting.pop(0))
    return waiting


def vectors(scene: Scene, encoder: str) -> set[int]:
    with scene.sessions() as session:
        return set(session.scalars(select(Vector.article_id).where(Vector.encoder == encoder)))


def serving(scene: Scene) -> str:
    with scene.sessions() as session:
        return encodings.current(session).serving.encoder


def states(scene: Scene) -> dict[str, str]:
    with scene.sessions() as session:
        return {state.encoder: state.state for state in encodings.states(session)}


def indexes(scene: Scene) -> int:
    with scene.sessions() as session:
        query = text("select count(*) from pg_indexes where tablename = 'vectors' and indexdef like '%hnsw%'")
        return session.scalar(query) or 0
