"""What is known of the way of an article, and the steps that it is told in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import Field

from themeline.api.parameters import State
from themeline.api.queries.rows import AnyRow
from themeline.api.schemas import Answer, Instant

StepName = Literal[
    "received",
    "asked",
    "disclosed",
    "waiting",
    "sent",
    "tried",
    "decided",
    "placed",
    "merged",
    "seen",
    "page",
    "rejected",
]


class Step(Answer):
    """One thing that happened, or that is waited for."""

    at: Instant
    step: StepName = Field(
        description="`received`: content came in. `asked`: to withdraw, restore or retry. `disclosed`: the embargo"
        " ended. `waiting`: in the outbox. `sent`: to the queue. `tried`: by a worker. `decided`: the end of a version."
        " `placed`: in a story and a theme. `merged`: another story became part of its own. `seen`: last in a feed."
        " `page`: of its address. `rejected`: an item of this address or identifier was not accepted."
    )
    outcome: str = Field(description="In one word or two; for `rejected`, the type of the problem.")
    detail: str | None = None
    version: int | None = None
    correlation_id: str | None = Field(None, description="Of the request or poll, where it is still known.")


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of one subject. Without an article there are pages, rejected items, or nothing."""

    now: datetime
    article: AnyRow | None = None
    versions: list[AnyRow] = field(default_factory=list)
    outcomes: list[AnyRow] = field(default_factory=list)
    waiting: list[AnyRow] = field(default_factory=list)
    sent: AnyRow | None = None
    placement: AnyRow | None = None
    relations: int = 0
    joined: list[AnyRow] = field(default_factory=list)
    seen: list[AnyRow] = field(default_factory=list)
    pages: list[AnyRow] = field(default_factory=list)
    rejected: list[AnyRow] = field(default_factory=list)

    def outcome(self, version: int) -> AnyRow | None:
        return next((row for row in self.outcomes if row.version == version), None)


def state_of(facts: Facts) -> State:
    """The state of the article, derived as everywhere."""
    article = facts.article
    if article is None:
        raise ValueError("there is no article")
    if article.withdrawn_at is not None:
        return "withdrawn"
    if article.quarantined_at is not None:
        return "quarantined"
    return "ready" if facts.placement is not None and facts.placement.version == article.version else "pending"
