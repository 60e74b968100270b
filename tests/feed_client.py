"""Feeds of the ingest service in this process, and what its poller would write of them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from themeline.shared.models import Feed

URL = "https://courier.example/feed.xml"
SOON = timedelta(minutes=1)


def add(client: TestClient, url: str = URL, **fields: Any) -> dict[str, Any]:
    answer = client.post("/v1/feeds", json={"url": url, **fields})
    assert answer.status_code == 201, answer.text
    added: dict[str, Any] = answer.json()
    return added


def write(session: Session, feed: dict[str, Any], **values: Any) -> None:
    """What the poller would have written."""
    session.execute(update(Feed).where(Feed.public_id == feed["id"]).values(**values))
    session.commit()


def row(session: Session, feed: dict[str, Any]) -> Feed:
    session.rollback()
    return session.scalars(select(Feed).where(Feed.public_id == feed["id"])).one()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
