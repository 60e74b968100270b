"""Boxes as their tests lay them down and read them."""

from typing import Any

from sqlalchemy.orm import Session

from api_client import Get
from factories import make_placed, make_relation
from themeline.shared.models import Article


def titles(get: Get, article: Article, **parameters: Any) -> list[str]:
    answer = get(f"/v1/articles/{article.public_id}/related", **parameters)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def relate(session: Session, main: Article, title: str, score: float = 0.9, **values: Any) -> Article:
    """Store a placed article that is related to `main` with this theme score."""
    story_score = values.pop("story_score", score)
    other = make_placed(session, title, **values)
    make_relation(session, main, other, theme=score, story=story_score)
    return other
