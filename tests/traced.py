"""What is laid down for traces, and how they are read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from factories import NOON, make_article, make_source
from themeline.shared.core.urls import url_digest
from themeline.shared.models import Article, Base, Feed, Page, RejectedItem

SECRET = "What nobody may know"
FAR_AHEAD = NOON + timedelta(days=100_000)
URL = "https://paper.example/bridge"


def add(session: Session, row: Base) -> None:
    session.add(row)
    session.flush()


def after(milliseconds: float) -> datetime:
    return NOON + timedelta(milliseconds=milliseconds)


def an_article(session: Session, **values: Any) -> Article:
    defaults: dict[str, Any] = {"url": URL, "changed_at": NOON, "ingested_at": NOON}
    return make_article(session, SECRET, **defaults | values)


def reject(session: Session, **values: Any) -> None:
    defaults: dict[str, Any] = {
        "digest": uuid4().bytes,
        "url_digest": url_digest(URL),
        "url": URL,
        "title": SECRET,
        "way": "push",
        "type": "missing-field",
        "detail": "`title` is required.",
        "first_at": NOON,
        "last_at": NOON,
    }
    add(session, RejectedItem(**defaults | values))


def read_page(session: Session, article: Article | None, **values: Any) -> None:
    source = make_source(session)
    defaults: dict[str, Any] = {
        "url": URL,
        "url_digest": url_digest(URL),
        "article_id": article and article.id,
        "source_id": source.id,
        "entry": {},
        "created_at": NOON,
    }
    add(session, Page(**defaults | values))


def a_feed(session: Session) -> Feed:
    url = f"https://paper.example/feed/{uuid4().hex}"
    feed = Feed(source_id=make_source(session).id, url=url, added_as=url)
    add(session, feed)
    return feed


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["step"], step["outcome"]) for step in answer["steps"]]
