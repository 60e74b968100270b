"""The answers. Times are RFC 3339 in UTC; `http` is the form of HTTP headers (RFC 9110)."""

from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from themeline.api.parameters import Level, State
from themeline.api.phases import Phase

MICROSECONDS_IN_A_MILLISECOND = 1000


def rfc3339(at: datetime) -> str:
    """Write an instant in UTC, with a fraction of a second only where there is one."""
    utc = at.astimezone(UTC).replace(tzinfo=None)
    fraction = "milliseconds" if utc.microsecond % MICROSECONDS_IN_A_MILLISECOND == 0 else "microseconds"
    return utc.isoformat(timespec=fraction if utc.microsecond else "seconds") + "Z"


def http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


Instant = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Time(Answer):
    """An instant in the two forms that clients ask for."""

    utc: Instant
    http: str

    @classmethod
    def of(cls, at: datetime | None) -> "Time | None":
        return None if at is None else cls(utc=at, http=http_date(at))


class Published(Time):
    """When an article was published, and how sure that is."""

    raw: str | None = Field(description="As the source wrote it.")
    precision: str | None = Field(description="`second`, `minute` or `day`.")
    zone_assumed: bool = Field(description="The source named no zone; its default was taken.")
    evidence: str | None = Field(description="Where the time comes from.")
    flags: list[str] = Field(default=[], description="What was odd about it.")


class Ref(Answer):
    """A story or theme by name."""

    id: UUID
    label: str


class EventDate(Answer):
    """A day that an article's text speaks of."""

    date: date
    text: str = Field(description="The words that name it.")
    precision: str = Field(description="`day`, or the part of it: `morning`, `afternoon`, `evening`, `night`.")


class Article(Answer):
    id: UUID
    url: str | None
    title: str
    source: str
    language: str | None
    image: str | None
    published: Published | None = Field(description="`null` for an undated article, or before it is read.")
    undated: bool = Field(description="No usable time is known: it sorts by its ingest time.")
    published_raw: str | None = Field(description="The time as the source wrote it, also when unusable.")
    ingested_at: Instant
    related_at: Instant | None = Field(description="When its relations were last computed.")
    version: int
    corrections: int = Field(description="Versions that said something else than the one before.")
    corrected_at: Instant | None = Field(description="When the last of them came.")
    state: State
    duplicate_of: UUID | None = Field(description="The article whose text this one copies.")
    event_dates: list[EventDate] = Field(description="Days that its text speaks of, in its order; at most ten.")
    story: Ref | None
    theme: Ref | None


class ArticleList(Answer):
    items: list[Article]
    next: str | None = Field(description="Cursor of the next page; `null` on the last.")


class Reason(Answer):
    """A signal that speaks for the relation, and its share of all that does."""

    signal: str
    weight: float
    shared: list[str] = Field(description="Names or words that both articles have.")


class BoxItem(Answer):
    id: UUID
    url: str | None
    title: str
    source: str
    image: str | None
    published: Time | None = Field(description="`null` for an undated article.")
    undated: bool
    score: float = Field(description="Calibrated probability that both belong to the same theme (or story).")
    level: Level = Field(description="The narrowest that the two share.")
    copies: int = Field(description="Articles with this text that the item stands for.")
    sources: list[str] = Field(description="Their publishers.")
    reasons: list[Reason]


class Box(Answer):
    """The box *More on theme* of an article."""

    article: Article
    items: list[BoxItem]
    pending: bool = Field(description="The relations of the first version are not computed yet.")
    notice: str | None = Field(description="Why the box is empty, where it is not for want of relations.")


PhaseSeen = Annotated[
    Phase,
    Field(
        description="`emerging`: its first articles. `active`: it goes on. `fading`: fewer than before, or silent. "
        "`over`: silent for long (a story 14 days, a theme 30)."
    ),
]
SplitFrom = Annotated[UUID | None, Field(description="The story or theme that it was once part of.")]


class StorySummary(Answer):
    id: UUID
    label: str
    article_count: int
    first_at: Instant
    last_at: Instant
    phase: PhaseSeen
    split_from: SplitFrom


class Story(StorySummary):
    theme: Ref
    items: list[Article] = Field(description="Its articles in time order.")
    next: str | None


class Headline(Answer):
    id: UUID
    title: str
    url: str | None
    source: str
    published: Time | None


class ThemeSummary(Answer):
    id: UUID
    label: str
    article_count: int
    story_count: int
    first_at: Instant
    last_at: Instant
    phase: PhaseSeen
    split_from: SplitFrom
    latest: Headline = Field(description="The latest article.")


class ThemeList(Answer):
    items: list[ThemeSummary]
    next: str | None


class Theme(ThemeSummary):
    stories: list[StorySummary] = Field(description="Its stories, the latest active first.")
    items: list[Article] = Field(description="Its articles in time order.")
    next: str | None


class ExplainedArticle(Answer):
    """One of the two articles of an explanation."""

    id: UUID
    url: str | None
    title: str
    source: str
    published: Time | None
    state: State
    duplicate_of: UUID | None
    story: Ref | None
    theme: Ref | None


class Signal(Answer):
    """One signal of a pair, whether it speaks for the relation or against it."""

    signal: str
    value: float = Field(description="As it was measured; what it means differs from signal to signal.")
    weight: float = Field(description="What the model multiplies it by, for texts of these lengths.")
    contribution: float = Field(
        description="What it adds to the log-odds of one theme, beyond its usual value between unrelated articles."
    )
    shared: list[str] = Field(description="Names or words that both articles have.")


class StoredRelation(Answer):
    """The relation that boxes show."""

    theme: float
    story: float
    epoch: int = Field(description="The word frequencies that it was computed with.")
    at: Instant = Field(description="When it was computed.")


class Explanation(Answer):
    """Why two articles are related, or are not."""

    a: ExplainedArticle
    b: ExplainedArticle
    related: bool = Field(
        description="Each stands in the other's box, given a window and a limit that are wide enough."
    )
    level: Level | None = Field(description="The narrowest that the two share.")
    same_text: bool = Field(description="They count as copies of one text, which boxes show once.")
    theme: float | None = Field(
        description="Probability of one theme, computed now from the two alone; `null` while one is not read."
    )
    story: float | None = Field(description="Probability of one story, computed likewise.")
    floor: float = Field(description="The least score that a box shows.")
    why: list[str] = Field(description="Sentences from the verdict to the evidence.")
    signals: list[Signal] = Field(description="Every signal, the one that speaks most for the relation first.")
    stored: StoredRelation | None
    found_by: list[str] = Field(description="The ways of the search that find one from the other: `vectors`, `words`.")
    hours_apart: float | None
    horizon_hours: float = Field(description="Articles farther apart are not compared.")
    encoder: str = Field(description="What made the vectors.")
    epoch: int = Field(description="The word frequencies that the signals are computed with.")


class Health(Answer):
    status: Literal["alive", "ready", "degraded"]
    missing: list[str] = []
