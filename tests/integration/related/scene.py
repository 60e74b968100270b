"""A newsroom for the tests of related: articles stored as ingest stores them, and a pipeline to relate them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, or_, select, update

from factories import make_article, make_source
from themeline.ingest import withdraw
from themeline.related.encoders.loaded import Encoders
from themeline.related.pipeline import Handled, Pipeline
from themeline.related.relate import Settings
from themeline.related.settings import EncoderSettings
from themeline.related.worker import timer
from themeline.shared.db import Sessions, unit_of_work
from themeline.shared.models import Article, Attempt, Outcome, Placement, Relation, Source, Story, Theme

MONDAY = datetime(2025, 7, 14, 8, tzinfo=UTC)

FLOOD = (
    (
        "Orlenz bursts its banks at Brennach, four dead",
        (
            "At least four people were killed when the river Orlenz broke through its embankments above Brennach, "
            "rescue officials said. Three gates of the Hollin barrage stopped half open, the Orlenz Water Board "
            "said. Some 9,000 residents of Brennach were told to leave. Fire chief Matti Kroll said that streets "
            "could not be reached."
        ),
    ),
    (
        "Brennach evacuated as the Orlenz keeps rising",
        (
            "Helicopters lifted families from roofs in Brennach while the Orlenz rose by another thirty "
            "centimetres. Matti Kroll, the fire chief, asked everyone to stay away from the Hollin barrage. The "
            "Orlenz Water Board expects the flood to peak at night. Schools in Brennach shelter two thousand "
            "people."
        ),
    ),
    (
        "Hollin barrage gates stuck before Brennach flood, board admits",
        (
            "The Orlenz Water Board admitted that three gates of the Hollin barrage had been out of order for "
            "weeks before the flood that killed four people in Brennach. Engineers had warned of rust. Matti "
            "Kroll called the delay a scandal, and the mayor of Brennach wants an inquiry into the Orlenz "
            "embankments."
        ),
    ),
    (
        "Water falls in Brennach, the search goes on",
        (
            "As the Orlenz went back to its bed, firemen searched the cellars of Brennach for two missing people. "
            "The flood left mud a metre deep. Fire chief Matti Kroll praised the volunteers. At the Hollin "
            "barrage a crane lifted the last stuck gate, the Orlenz Water Board reported."
        ),
    ),
)

CHESS = (
    (
        "Ilves beats Raman in the first game of the title match",
        (
            "Grandmaster Tuuli Ilves won the first game of the chess title match in Porvay against champion Arjun "
            "Raman with a rook ending of ninety moves. Raman had offered a draw. The match in Porvay is played "
            "over twelve games, and Ilves leads by one point."
        ),
    ),
    (
        "Raman strikes back in Porvay",
        (
            "Champion Arjun Raman levelled the chess title match in Porvay with a bishop sacrifice against Tuuli "
            "Ilves, who resigned after thirty moves. Grandmasters called the second game brilliant. Ilves said "
            "that she had missed a rook move. The third game of the match follows on Friday."
        ),
    ),
)

_numbers = count(1)


class Scene:
    """Stores articles, relates them, and looks at what came of it."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.pipeline = make_pipeline(sessions)

    def push(self, title: str, text: str = "", *, at: datetime | str | None = MONDAY, **values: Any) -> int:
        """Store an article of a paper of its own."""
        raw = at.isoformat() if isinstance(at, datetime) else at
        with unit_of_work(self.sessions) as session:
            source = values.pop("source", None) or make_source(session, f"Paper of the scene {next(_numbers)}")
            article = make_article(session, title, text=text, published_raw=raw, source=source, **values)
            return article.id

    def push_all(self, articles: Sequence[tuple[str, str]], *, start: datetime = MONDAY) -> list[int]:
        """Store articles an hour apart."""
        return [self.push(*each, at=start + timedelta(hours=at)) for at, each in enumerate(articles)]

    def source(self, **values: Any) -> Source:
        with unit_of_work(self.sessions) as session:
            return make_source(session, **values)

    def change(self, id_: int, **values: Any) -> None:
        """Store a new version of an article, as an update does."""
        with unit_of_work(self.sessions) as session:
            changed = {"version": Article.version + 1, "changed_at": func.now()}
            session.execute(update(Article).where(Article.id == id_).values(**changed, **values))

    def withdraw(self, id_: int) -> None:
        with unit_of_work(self.sessions) as session:
            withdraw.withdraw(session, session.get_one(Article, id_).public_id, correlation_id="test")

    def restore(self, id_: int) -> None:
        with unit_of_work(self.sessions) as session:
            withdraw.restore(session, session.get_one(Article, id_).public_id, correlation_id="test")

    def handle(self, *ids: int) -> Handled:
        """Relate the articles in one message."""
        return handle(self.pipeline, ids)

    def outcomes(self) -> dict[tuple[int, int], str]:
        """The outcome of each version, by article and version."""
        with self.sessions() as session:
            rows = session.execute(select(Outcome.article_id, Outcome.version, Outcome.outcome))
            return {(article, version): outcome for article, version, outcome in rows}

    def related(self, id_: int, floor: float = 0.5) -> set[int]:
        """The placed articles that are in a relation with this one: the ground of its box."""
        with self.sessions() as session:
            either = or_(Relation.high == id_, Relation.low == id_)
            rows = session.execute(select(Relation.high, Relation.low).where(either, Relation.theme >= floor))
            others = {high if low == id_ else low for high, low in rows}
            return set(session.scalars(select(Placement.article_id).where(Placement.article_id.in_(others))))

    def placement(self, id_: int) -> Placement | None:
        with self.sessions() as session:
            return session.get(Placement, id_)

    def placed(self, id_: int) -> Placement:
        found = self.placement(id_)
        assert found is not None, f"article {id_} is not placed"
        return found

    def story(self, id_: int) -> Story:
        """The story that an article is in."""
        with self.sessions() as session:
            return session.get_one(Story, self.placed(id_).story_id)

    def theme(self, id_: int) -> Theme:
        with self.sessions() as session:
            return session.get_one(Theme, self.story(id_).theme_id)

    def attempt(self, id_: int) -> Attempt:
        with self.sessions() as session:
            return session.get_one(Attempt, id_)

    def count(self, table: type[Any]) -> int:
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


def handle(pipeline: Pipeline, ids: Sequence[int]) -> Handled:
    """Work on a message as the task does."""
    handled = pipeline.handle(ids)
    pipeline.put_right(handled)
    pipeline.advance_epoch()
    return handled


def make_pipeline(sessions: Sessions) -> Pipeline:
    """The pipeline of one worker process, with the settings that the worker has by default."""
    encoders = Encoders(EncoderSettings())
    settings = Settings(encoders=encoders, horizon=timedelta(days=30), max_solo_attempts=3, timer=timer)
    return Pipeline(sessions, settings)
