"""Everything that reads feeds and pages, over a real database: what the fetcher's process puts together."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from themeline.ingest.fetch import Fetcher
from themeline.ingest.hubs import Hubs
from themeline.ingest.pages import PageRead, PageReader
from themeline.ingest.poll import Polled, Poller
from themeline.ingest.reading import Reader
from themeline.ingest.robots import Robots
from themeline.ingest.sandbox import Sandbox
from themeline.ingest.turns import Turns
from themeline.shared.db import Sessions
from themeline.shared.models import Article, Feed, Page, Source

PUBLIC_URL = "https://themeline.example"


class Newsstand:
    """Adds feeds and polls them; says what is stored."""

    def __init__(self, sessions: Sessions, session: Session, fetcher: Fetcher, sandbox: Sandbox) -> None:
        self.sessions = sessions
        self.session = session
        self.stop = threading.Event()
        turns = Turns(sessions, pause=timedelta(0), stop=self.stop)
        hubs = Hubs(sessions, fetcher, PUBLIC_URL)
        self.poller = Poller(sessions, Reader(fetcher, sandbox, turns), turns, hubs.subscribe)
        self.pages = PageReader(sessions, fetcher, sandbox, turns, Robots(sessions, fetcher, turns))

    def add(self, url: str, **columns: Any) -> int:
        """Add a feed that is due."""
        source = self.session.scalar(select(Source).where(Source.key == "example-news"))
        if source is None:
            source = Source(key="example-news", name="Example News")
            self.session.add(source)
            self.session.flush()
        feed = Feed(source_id=source.id, url=url, added_as=url, **columns)
        self.session.add(feed)
        self.session.commit()
        return feed.id

    def poll(self, feed_id: int) -> Polled:
        """Poll a feed now, due or not."""
        self.make_due(feed_id)
        polled = self.poller.poll(feed_id, correlation_id="test")
        assert polled is not None
        return polled

    def make_due(self, feed_id: int) -> None:
        self.session.execute(update(Feed).where(Feed.id == feed_id).values(next_poll_at=datetime.now(UTC)))
        self.session.commit()

    def feed(self, feed_id: int) -> Feed:
        self.session.rollback()
        feed = self.session.get_one(Feed, feed_id)
        self.session.refresh(feed)
        return feed

    def articles(self) -> list[Article]:
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(select(Article).order_by(Article.id)))

    def waiting(self) -> list[Page]:
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(select(Page).order_by(Page.id)))

    def read(self, page: Page) -> PageRead:
        """Read a page now, due or not."""
        self.session.execute(update(Page).where(Page.id == page.id).values(next_try_at=datetime.now(UTC)))
        self.session.commit()
        came = self.pages.read(page.id, correlation_id="test")
        assert came is not None
        return came
