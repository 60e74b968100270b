"""Why two articles are related, or are not: both articles, and what related knows of the pair."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from themeline.api import errors, schemas
from themeline.api.parameters import DEFAULT_WINDOW, Level, Pair, parse_window
from themeline.api.queries import articles
from themeline.api.queries.rows import AnyRow

ID_LENGTH = 36

# The default window of a box, which an editor who misses an article has probably not changed.
_USUAL_WINDOW = parse_window(DEFAULT_WINDOW)


def _find_named(session: Session, name: str) -> AnyRow:
    """Find an article by its id or its address."""
    try:
        public_id = UUID(name) if len(name) == ID_LENGTH else None
    except ValueError:
        public_id = None
    return articles.find_by_url(session, name) if public_id is None else articles.find(session, public_id)


def find_pair(session: Session, wanted: Pair) -> tuple[AnyRow, AnyRow]:
    """Return the rows of two visible articles.

    Raises:
        Problem: 400 where both are one, 404 where there is none, 410 where one was withdrawn.
    """
    one, other = (_find_named(session, name) for name in (wanted.a, wanted.b))
    if one.id == other.id:
        raise errors.bad_parameter("b", wanted.b, "names the same article as a")
    return one, other


def explanation(one: AnyRow, other: AnyRow, found: Mapping[str, Any]) -> schemas.Explanation:
    """Return the answer, from the rows of both articles and the document that related gave."""
    left, right = articles.to_article(one), articles.to_article(other)
    return schemas.Explanation(
        a=_brief(left),
        b=_brief(right),
        related=found["related"],
        same_text=found["same_text"],
        level=_level(left, right, related=found["related"]),
        theme=found["theme"],
        story=found["story"],
        floor=found["floor"],
        why=[*found["why"], *_beyond_the_window(one, other, related=found["related"])],
        signals=[schemas.Signal.model_validate(signal) for signal in found["signals"]],
        stored=None if found["stored"] is None else schemas.StoredRelation.model_validate(found["stored"]),
        found_by=found["found_by"],
        hours_apart=found["hours_apart"],
        horizon_hours=found["horizon_hours"],
        encoder=found["encoder"],
        epoch=found["epoch"],
    )


def _brief(article: schemas.Article) -> schemas.ExplainedArticle:
    return schemas.ExplainedArticle(
        id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        published=article.published and schemas.Time(utc=article.published.utc, http=article.published.http),
        state=article.state,
        duplicate_of=article.duplicate_of,
        story=article.story,
        theme=article.theme,
    )


def _level(left: schemas.Article, right: schemas.Article, *, related: bool) -> Level | None:
    if left.story is not None and left.story == right.story:
        return "story"
    same_theme = left.theme is not None and left.theme == right.theme
    return "theme" if related or same_theme else None


def _beyond_the_window(one: AnyRow, other: AnyRow, *, related: bool) -> list[str]:
    times = (one.sort_at, other.sort_at)
    if not related or None in times or _USUAL_WINDOW is None or abs(times[0] - times[1]) <= _USUAL_WINDOW:
        return []
    days = abs(times[0] - times[1]).total_seconds() / 86_400
    return [
        f"A box shows articles within {DEFAULT_WINDOW} unless asked for a wider window; these are {days:.0f}d apart."
    ]
