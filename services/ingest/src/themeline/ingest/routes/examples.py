"""Examples of bodies and answers, for the interface's own documentation."""

from typing import Any

FEED_FORM: dict[str, Any] = {"url": "https://courier.example/", "source": "Daily Courier"}
FEED_CHANGE: dict[str, Any] = {"interval_seconds": 300}
FEED: dict[str, Any] = {
    "id": "5d6a3c1b-77c4-4b0e-8f53-0d3f6f0f2a20",
    "url": "https://courier.example/feed.xml",
    "added_as": "https://courier.example/",
    "source": {"key": "daily-courier", "name": "Daily Courier"},
    "title": "Daily Courier: latest",
    "site_url": "https://courier.example/",
    "format": "rss",
    "state": "active",
    "reason": None,
    "health": "healthy",
    "interval_seconds": 600,
    "fixed_interval_seconds": None,
    "next_poll_at": "2026-11-26T16:40:12Z",
    "polled_at": "2026-11-26T16:30:12Z",
    "succeeded_at": "2026-11-26T16:30:12Z",
    "changed_at": "2026-11-26T16:10:09Z",
    "last_status": 304,
    "last_error": None,
    "failures": 0,
    "polls": 96,
    "entries": 30,
    "notices": [],
    "articles": 127,
    "rejected": 1,
    "websub": {
        "hub": "https://hub.example/",
        "state": "active",
        "lease_until": "2026-12-06T16:00:03Z",
        "error": None,
    },
    "created_at": "2026-11-25T16:00:00Z",
}
FEED_PAGE = {"items": [FEED], "next": None}
OPML = (
    '<opml version="2.0"><head><title>News</title></head><body>'
    '<outline type="rss" text="Daily Courier" xmlUrl="https://courier.example/feed.xml"/></body></opml>'
)
IMPORT = {
    "added": 1,
    "existing": 0,
    "rejected": 0,
    "results": [
        {
            "status": "added",
            "url": "https://courier.example/feed.xml",
            "id": FEED["id"],
            "title": "Daily Courier",
            "problem": None,
        }
    ],
}
SOURCE_FORM: dict[str, Any] = {"owner": "Coast Media", "default_zone": "Europe/Kyiv", "day_first": True}
SOURCE: dict[str, Any] = {
    "key": "daily-courier",
    "name": "Daily Courier",
    "owner": "Coast Media",
    "default_zone": "Europe/Kyiv",
    "day_first": True,
    "language": None,
    "crawl_delay_seconds": None,
    "full_text": True,
    "blocked": ["courier.example/horoscope/*"],
    "articles": 127,
    "feeds": 1,
    "last_article_at": "2026-11-26T16:10:09Z",
    "created_at": "2026-11-25T16:00:00Z",
}
SOURCE_PAGE = {"items": [SOURCE], "next": "AAAAAAAGOcu2N8hA"}


def described(what: str, example: dict[str, Any]) -> dict[str, Any]:
    """Describe an answer of a route, with its example."""
    return {"description": what, "content": {"application/json": {"example": example}}}
