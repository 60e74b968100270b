"""The pages for people: values in, HTML out. Everything written into them is escaped."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined

from themeline.api import schemas
from themeline.api.queries.reading import Body, Headline, Reading
from themeline.shared.problems import Problem

# How soon a page whose box is being made looks again; a fresh article has its box within a second.
REFRESH_S = 2
# As long as a few themes beside them.
FRONT_LATEST = 10
# A day begins between 10 hours after midnight UTC (Hawaii) and 13 before it (New Zealand's summer).
LATEST_MIDNIGHT = timedelta(hours=13)
# Zones differ from UTC by whole quarters of an hour.
ZONE_STEP_MINUTES = 15
DATE_LENGTH = len("Sat, 12 Jul 2025")
# Enough of an article to see which way its script runs.
SCRIPT_SAMPLE = 1_000
ADDRESS_SCHEMES = frozenset({"http", "https"})

_PARAGRAPHS = re.compile(r"\n\s*\n")
_STATIC = Path(__file__).with_name("static")
STATIC_TYPES = {"reader.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
STATIC_FILES = {name: (_STATIC / name).read_bytes() for name in STATIC_TYPES}
# In the address of a static file, so that a browser may keep it for ever and still sees a new one.
STATIC_VERSIONS = {name: sha256(content).hexdigest()[:12] for name, content in STATIC_FILES.items()}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as a page shows it: for machines, for people, and what to know about it."""

    machine: str
    text: str
    zone_assumed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A headline that links to its own page."""

    id: UUID
    title: str
    source: str
    stamp: Stamp | None
    language: str | None
    also_in: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ThemeBlock:
    """A theme with its newest headlines."""

    label: str
    articles: int
    stories: int
    entries: Sequence[Entry]


def article_page(box: schemas.Box, body: Body, readings: Mapping[UUID, Reading]) -> str:
    """Return the page of an article with its box; `readings` are those of the box's entries."""
    article = box.article
    published = article.published
    return _render(
        "article.html",
        article=article,
        stamp=_article_stamp(article),
        flags=published.flags if published else [],
        direction=direction(f"{article.title}\n{body.text[:SCRIPT_SAMPLE]}"),
        address=web_address(article.url),
        host=host_of(article.url),
        authors=body.authors,
        paragraphs=paragraphs(body.text),
        entries=[_box_entry(item, readings.get(item.id, Reading())) for item in box.items],
        pending=box.pending,
        notice=box.notice,
        refresh_s=REFRESH_S,
    )


def front_page(
    themes: Sequence[schemas.ThemeSummary],
    headlines: Mapping[UUID, Sequence[Headline]],
    arrivals: Sequence[schemas.Article],
) -> str:
    """Return the page of the latest themes, with the newest of the latest arrivals beside them."""
    blocks = [
        ThemeBlock(
            theme.label,
            theme.article_count,
            theme.story_count,
            [_theme_entry(headline) for headline in headlines.get(theme.id, ())],
        )
        for theme in themes
    ]
    newest = sorted(arrivals, key=_freshness, reverse=True)[:FRONT_LATEST]
    return _render("front.html", themes=blocks, latest=[_latest_entry(article) for article in newest])


def problem_page(problem: Problem) -> str:
    """Return the page that tells a person what went wrong."""
    return _render("problem.html", problem=problem)


def make_stamp(at: datetime, reading: Reading) -> Stamp:
    """Return how an instant is shown: as a date alone where no more is known."""
    if reading.precision == "day":
        day = day_of(at)
        return Stamp(day.date().isoformat(), schemas.http_date(day)[:DATE_LENGTH], zone_assumed=False)
    return Stamp(schemas.rfc3339(at), schemas.http_date(at), reading.zone_assumed)


def day_of(at: datetime) -> datetime:
    """Return the day that began at `at` somewhere, as its source wrote it; else the day in UTC."""
    utc = at.astimezone(UTC)
    is_midnight_somewhere = not (utc.microsecond or utc.second or utc.minute % ZONE_STEP_MINUTES)
    return utc + LATEST_MIDNIGHT if is_midnight_somewhere else utc


def direction(text: str) -> str:
    """Return `rtl` or `ltr`, the way in which most letters of the text run."""
    classes = [unicodedata.bidirectional(character) for character in text]
    leftward = sum(kind in {"R", "AL"} for kind in classes)
    return "rtl" if leftward > classes.count("L") else "ltr"


def web_address(url: str | None) -> str | None:
    """Return the address where a browser may be sent; None for scripts, files and what is none."""
    return url if host_of(url) else None


def host_of(url: str | None) -> str | None:
    """Return the host that a web address leads to."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname
    except ValueError:
        return None
    return host if parts.scheme in ADDRESS_SCHEMES else None


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, which empty lines part."""
    return [part.strip() for part in _PARAGRAPHS.split(text) if part.strip()]


def _box_entry(item: schemas.BoxItem, reading: Reading) -> Entry:
    stamp = make_stamp(item.published.utc, reading) if item.published else None
    also_in = [source for source in item.sources if source != item.source]
    return Entry(item.id, item.title, item.source, stamp, reading.language, also_in)


def _theme_entry(headline: Headline) -> Entry:
    stamp = make_stamp(headline.published_at, headline.reading) if headline.published_at else None
    return Entry(headline.id, headline.title, headline.source, stamp, headline.reading.language)


def _freshness(article: schemas.Article) -> tuple[bool, datetime]:
    """Order by publication; an undated article is never the newest."""
    published = article.published
    return published is not None, published.utc if published else article.ingested_at


def _latest_entry(article: schemas.Article) -> Entry:
    return Entry(article.id, article.title, article.source, _article_stamp(article), article.language)


def _article_stamp(article: schemas.Article) -> Stamp | None:
    published = article.published
    if published is None:
        return None
    return make_stamp(published.utc, Reading(published.precision, published.zone_assumed))


def static_address(name: str) -> str:
    return f"/static/{name}?v={STATIC_VERSIONS[name]}"


_TEMPLATES = Environment(
    loader=PackageLoader("themeline.api", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.globals["static"] = static_address


def _render(name: str, **values: Any) -> str:
    return _TEMPLATES.get_template(name).render(values)
