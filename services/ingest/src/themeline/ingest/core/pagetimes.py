"""When a page says it was published: in JSON-LD, in its meta elements, in its markup, and by what readers see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from themeline.ingest.core.linkeddata import Node, text_of
from themeline.shared.core.timestamps import Precision, parse_timestamp

# Publishers' names of one thing, those that mean exactly it first.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date", "dc.date.created", "citation_publication_date", "pubdate", "publish-date",
    "publish_date", "publication_date", "date",
)  # fmt: skip
_UPDATED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
    "lastmod", "last-modified",
)  # fmt: skip
# Markup around the time of something else: today's date over the page, other articles beside it, readers' comments.
_ELSEWHERE = ("nav", "aside", "footer", "form")
# A day and a time of the same article may be a day apart: the day is local, the time often in UTC.
_SAME = timedelta(days=1)
# The oldest day that is taken from a visible page: htmldate's own, before the first news sites.
_OLDEST = "1995-01-01"


@dataclass(frozen=True, slots=True)
class PageTime:
    """A time as the page wrote it, and where it stood."""

    raw: str
    evidence: str


def published_time(
    tree: Any, article: Node, metas: Mapping[str, str], *, url: str | None, today: date | None
) -> PageTime | None:
    """The publication time, as written where the page is most to be trusted.

    What cannot be read is passed over for what can. A day gives way to a time of the same day.
    Only when nothing is marked up as a time, and `today` is given, is the visible page searched for a day.
    """
    marked = list(_marked(tree, article, metas))
    readable = [(time, read) for time in marked if (read := parse_timestamp(time.raw)) is not None]
    if not readable:
        guess = _visible_day(tree, url, today) if today is not None else None
        return guess or next(iter(marked), None)
    best, read = readable[0]
    if read.precision is Precision.DAY:
        for time, other in readable[1:]:
            if other.precision is not Precision.DAY and abs(other.at - read.at) <= _SAME:
                return time
    return best


def updated_time(article: Node, metas: Mapping[str, str]) -> PageTime | None:
    """When the page says that it was last changed."""
    times = [*_of_node(article, ("dateModified",)), *_of_metas(metas, _UPDATED)]
    return next((time for time in times if parse_timestamp(time.raw) is not None), next(iter(times), None))


def _marked(tree: Any, article: Node, metas: Mapping[str, str]) -> Iterator[PageTime]:
    yield from _of_node(article, ("datePublished", "dateCreated"))
    yield from _of_metas(metas, _PUBLISHED)
    yield from _of_elements(tree)


def _of_node(article: Node, keys: tuple[str, ...]) -> Iterator[PageTime]:
    for key in keys:
        if raw := text_of(article.get(key)):
            yield PageTime(raw, f"json-ld.{key}")


def _of_metas(metas: Mapping[str, str], names: tuple[str, ...]) -> Iterator[PageTime]:
    for name in names:
        if raw := metas.get(name):
            kind = "og" if name.startswith(("og:", "article:")) else "meta"
            yield PageTime(raw, f"{kind}.{name.removeprefix('og:')}")


def _of_elements(tree: Any) -> Iterator[PageTime]:
    """Times in the markup: those that say what they are, else the first of the article."""
    for element in tree.xpath("//*[@itemprop='datePublished' or @pubdate]")[:1]:
        if raw := element.get("datetime") or element.get("content"):
            yield PageTime(raw, "microdata.datePublished")
    outside = " or ".join(f"ancestor::{tag}" for tag in _ELSEWHERE)
    for place in ("//article//time[@datetime]", "//main//time[@datetime]", "//time[@datetime]"):
        # A header belongs to the page, unless the article has it.
        header = "" if "article" in place else " or ancestor::header"
        if found := tree.xpath(f"{place}[not({outside}{header})]"):
            yield PageTime(str(found[0].get("datetime")).strip(), "time.datetime")
            return


def _visible_day(tree: Any, url: str | None, today: date | None) -> PageTime | None:
    """A day by htmldate's rules, which guess: so not from running text, and never after today.

    It gets the parsed page: given text that looks like an address it would fetch it.
    """
    import htmldate  # as trafilatura in `html`: loaded when the first page needs it

    try:
        day = htmldate.find_date(
            tree, extensive_search=False, original_date=True, url=url, min_date=_OLDEST, max_date=f"{today:%Y-%m-%d}"
        )
    except Exception:  # noqa: BLE001 - a page on which the search for a date breaks has no date for us
        return None
    return PageTime(day, "htmldate") if day else None
