"""An entry of a feed and its page as one item."""

from typing import Any

import pytest

from themeline.ingest.core.completion import completed
from themeline.ingest.core.htmlpages import PageArticle


def published(entry: dict[str, Any], page: str | None) -> Any:
    return completed({"title": "Rain", **entry}, PageArticle(text="It rains.", published=page)).get("published")


@pytest.mark.parametrize("day", ["2026-01-02", "2 January 2026", "Fri, 02 Jan 2026"])
@pytest.mark.parametrize(
    "page",
    [
        "2026-01-02T10:15:30Z",
        "2026-01-02 10:15",
        "2026-01-02T00:30:00+02:00",  # the day before in UTC
        "2026-01-01T23:30:00-05:00",  # the day before where it was written
        "Fri, 02 Jan 2026 10:15:30 GMT",
    ],
)
def test_of_a_day_the_page_tells_the_time(day: str, page: str) -> None:
    assert published({"published": day}, page) == page


@pytest.mark.parametrize(
    ("entry", "page"),
    [
        ("2026-01-02", "2026-01-03T10:15:30Z"),
        ("2026-01-02", "2026-01-01T10:15:30+02:00"),
        ("2026-01-02", "2 January 2026"),
        ("2026-01-02", "in the morning"),
        ("2026-01-02", None),
        ("2026-01-02T10:15Z", "2026-01-02T10:15:30Z"),
        ("on a friday", "2026-01-02T10:15:30Z"),
    ],
)
def test_otherwise_the_time_is_the_entrys(entry: str, page: str | None) -> None:
    assert published({"published": entry}, page) == entry


@pytest.mark.parametrize("page", ["2026-01-02T10:15:30Z", "2 January 2026"])
def test_the_epoch_is_no_time_of_an_entry(page: str) -> None:
    assert published({"published": "Thu, 01 Jan 1970 00:00:00 GMT"}, page) == page


def test_what_the_entry_leaves_open_is_the_pages() -> None:
    assert published({}, "2026-01-02T10:15:30Z") == "2026-01-02T10:15:30Z"
    assert published({}, None) is None


def test_text_and_access_are_the_pages_and_the_headline_is_the_entrys() -> None:
    page = PageArticle(title="Rain | Example", text="It rains.", tags=("Weather",), paywalled=True)
    entry = {"title": "Rain", "html": "Wet", "teaser": True, "url": "https://example.org/rain"}
    assert completed(entry, page) == {
        "title": "Rain", "text": "It rains.", "tags": ["Weather"], "paywalled": True,
        "url": "https://example.org/rain",
    }  # fmt: skip
