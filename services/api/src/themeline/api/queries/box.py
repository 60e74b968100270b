"""The box *More on theme*: the related articles of one article."""

from functools import cache
from typing import Any

from sqlalchemy import (
    REAL,
    BindParameter,
    ColumnElement,
    Subquery,
    bindparam,
    cast,
    desc,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from themeline.api import schemas
from themeline.api.parameters import BoxParameters, Level
from themeline.api.queries.articles import to_article
from themeline.api.queries.rows import AnyRow, AnySelect
from themeline.api.queries.visibility import visible
from themeline.shared.core.reasons import decode_reasons
from themeline.shared.core.scores import FLOOR
from themeline.shared.core.sharing import Shown
from themeline.shared.models import Article, Placement, Relation, Source

# The least score of an item unless the client says otherwise: likelier than not to belong together. Scores are
# calibrated probabilities, so that this needs no refitting when the weights change.
FLOORS: dict[Level, float] = {"theme": FLOOR, "story": FLOOR}

PENDING = "The relations of this article are being computed; ask again in a moment."
QUARANTINED = "The relations of this article could not be computed; it is set aside until someone looks."

_PROBABILITIES: dict[Level, InstrumentedAttribute[float]] = {"theme": Relation.theme, "story": Relation.story}


def box(session: Session, row: AnyRow, wanted: BoxParameters) -> schemas.Box:
    """Return the box of the article at `row`."""
    article = to_article(row)
    if row.placed_version is None:
        pending = article.state == "pending"
        return schemas.Box(article=article, items=[], pending=pending, notice=PENDING if pending else QUARANTINED)
    return schemas.Box(article=article, items=_items(session, row, wanted), pending=False, notice=None)


def _items(session: Session, row: AnyRow, wanted: BoxParameters) -> list[schemas.BoxItem]:
    """Choose the best by score, then put them in the order asked for."""
    floor = FLOORS[wanted.level] if wanted.min_score is None else wanted.min_score
    parameters = {"id": row.id, "text_key": row.text_key, "floor": floor, "limit": wanted.limit}
    if (reach := wanted.reach) is not None:
        parameters |= {"earliest": row.sort_at - reach, "latest": row.sort_at + reach}
    collapsed = wanted.duplicates == "collapse"
    statement = _statement(wanted.level, collapsed=collapsed, bounded=reach is not None)
    found = session.execute(statement, parameters).all()
    if wanted.order == "published":
        found = sorted(found, key=lambda item: (item.sort_at, item.id), reverse=True)
    return [_to_item(item, row) for item in found]


@cache
def _statement(level: Level, *, collapsed: bool, bounded: bool) -> AnySelect:
    """Build the one SELECT of a box; a pair's row is found from either of its articles."""
    pairs = _pairs(_PROBABILITIES[level])
    text_key = func.coalesce(Placement.duplicate_of, Placement.article_id)
    related = (
        select(
            Article.id,
            Article.public_id,
            Article.url,
            Article.title,
            Source.name.label("source"),
            Article.image,
            Placement.published_at,
            Placement.sort_at,
            Placement.story_id,
            Placement.names,
            Placement.terms,
            pairs.c.score,
            pairs.c.signals,
            *(_copies(text_key, pairs.c.score) if collapsed else ()),
        )
        .select_from(pairs)
        .join(Placement, Placement.article_id == pairs.c.id)
        .join(Article, Article.id == pairs.c.id)
        .join(Source, Source.id == Article.source_id)
        .where(visible())
    )
    if bounded:
        related = related.where(Placement.sort_at.between(bindparam("earliest"), bindparam("latest")))
    if collapsed:
        entries = related.where(text_key != bindparam("text_key")).subquery("entries")
        related = select(entries).where(entries.c.place == 1)
    return related.order_by(desc("score"), desc("id")).limit(bindparam("limit"))


def _pairs(probability: InstrumentedAttribute[float]) -> Subquery:
    """The other article of each pair at or above the floor, which is rounded as the stored scores are."""
    own: BindParameter[int] = bindparam("id")
    floor = cast(bindparam("floor"), REAL)
    return union_all(
        *(
            select(other.label("id"), probability.label("score"), Relation.signals).where(
                this == own, probability >= floor
            )
            for this, other in ((Relation.high, Relation.low), (Relation.low, Relation.high))
        )
    ).subquery("pairs")


def _copies(text_key: ColumnElement[int], score: ColumnElement[float]) -> tuple[ColumnElement[Any], ...]:
    """Windows over the copies of one text: the original stands for them where it is there, else the best."""
    original: ColumnElement[bool] = Placement.article_id == text_key
    best_first = (original.desc(), score.desc(), Placement.article_id.desc())
    return (
        func.row_number().over(partition_by=text_key, order_by=best_first).label("place"),
        func.array_agg(Source.name)
        .over(partition_by=text_key, order_by=best_first, rows=(None, None))
        .label("sources"),
    )


def _to_item(item: AnyRow, own: AnyRow) -> schemas.BoxItem:
    sources = getattr(item, "sources", [item.source])
    reasons = decode_reasons(item.signals, _shown(own), _shown(item))
    return schemas.BoxItem(
        id=item.public_id,
        url=item.url,
        title=item.title,
        source=item.source,
        image=item.image,
        published=schemas.Time.of(item.published_at),
        undated=item.published_at is None,
        score=item.score,
        level="story" if item.story_id == own.story_key else "theme",
        copies=len(sources),
        sources=list(dict.fromkeys(sources)),
        reasons=[
            schemas.Reason(signal=reason.signal, weight=reason.weight, shared=list(reason.shared)) for reason in reasons
        ],
    )


def _shown(row: AnyRow) -> Shown:
    return Shown(row.names, row.terms, row.title)
