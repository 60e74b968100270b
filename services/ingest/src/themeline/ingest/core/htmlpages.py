"""An HTML page of one article: its text, and what the page says of itself."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import lxml.html
from lxml.etree import LxmlError

from themeline.ingest.core import metadata
from themeline.ingest.core.canonical import UnusableUrlError, canonical_url, host_of
from themeline.ingest.core.characters import readable
from themeline.ingest.core.decoding import NotTextError, decoded
from themeline.ingest.core.html import MAX_ELEMENTS, page_text
from themeline.ingest.core.pageproblems import PageProblem, page_problem
from themeline.ingest.core.pages import NotANewsPageError
from themeline.ingest.core.pagetimes import published_time, updated_time
from themeline.ingest.core.paywall import is_paywalled
from themeline.ingest.core.publishers import without_publisher
from themeline.ingest.core.titles import normalised_title

__all__ = ["PageArticle", "PageProblem", "parse_html_page", "read_page"]

# Characters of markup without what is embedded in it. News pages have up to one or two million.
MAX_MARKUP = 4_000_000
# Pictures and fonts that a browser saved into the page.
_EMBEDDED = re.compile(r"\bdata:[\w/+.;=-]{0,100},[\w+/=%.-]{200,}")
_TAG = re.compile(r"<[a-zA-Z!?/]")


@dataclass(frozen=True, slots=True)
class PageArticle:
    """One page, read: the article and what the page says of it. All text is plain and cleaned.

    Attributes:
        url: the address that the page wants to be known by, canonical; else the one it was read from.
        amp_url: the page's AMP variant, canonical.
        published: as written; `published_evidence` names where it stood (`json-ld.datePublished`, `htmldate` ...).
        site_name: what the page calls its publisher.
        language: a tag as written.
        paywalled: whether readers have to pay; None when the page does not say.
        opt_outs: what the page asks robots not to do: `noindex`, `noarchive`, `nosnippet`, `noai`, `noimageai`, and
            `tdm` where mining is reserved.
        problem: why this is no article, or None. The other fields hold what was found all the same.
    """

    title: str = ""
    text: str = ""
    url: str | None = None
    amp_url: str | None = None
    published: str | None = None
    published_evidence: str | None = None
    updated: str | None = None
    updated_evidence: str | None = None
    site_name: str | None = None
    language: str | None = None
    image: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    paywalled: bool | None = None
    opt_outs: frozenset[str] = frozenset()
    problem: PageProblem | None = None

    @property
    def is_article(self) -> bool:
        """Whether the page may be stored as an article."""
        return self.problem is None


def read_page(
    markup: bytes | str, url: str | None = None, charset: str | None = None, today: date | None = None
) -> PageArticle:
    """Read the page of one article. Never raises; safe to send to another process.

    Args:
        markup: the page; bytes are decoded as `decoded` says.
        url: the address that the page was read from, after redirects.
        charset: what the HTTP header `Content-Type` says.
        today: the last day that may be taken from the visible page when nothing is marked up as its time;
            without it such a day is not looked for.
    """
    here = _canonical(url)
    try:
        page = _EMBEDDED.sub("data:,", markup if isinstance(markup, str) else decoded(markup, charset))
    except NotTextError:
        return PageArticle(url=here, problem=PageProblem.NOT_HTML)
    if len(page) > MAX_MARKUP:
        return PageArticle(url=here, problem=PageProblem.TOO_LARGE)
    page = readable(page)
    tree = _parsed(page)
    if tree is None:
        return PageArticle(url=here, problem=PageProblem.NOT_HTML)
    if int(tree.xpath("count(//*)")) > MAX_ELEMENTS:
        return PageArticle(url=here, problem=PageProblem.TOO_LARGE)
    return _article(page, metadata.read_head(tree, url=here), today)


def parse_html_page(markup: str, *, source: str | None = None, today: date | None = None) -> dict[str, Any]:
    """The article of a saved page, as an item to push. Times are as written.

    Args:
        markup: the page, decoded.
        source: the publisher; without it what the page names, else its host (found on pushing).
        today: as for `read_page`.

    Raises:
        NotANewsPageError: it is no article. Who saved a page vouches for its text, however short.
    """
    page = read_page(markup, today=today)
    if page.problem is not None and page.problem is not PageProblem.TOO_LITTLE_TEXT:
        raise NotANewsPageError(page.problem.clause)
    item = {
        "title": page.title,
        "text": page.text,
        "url": page.url,
        "published": page.published,
        "updated": page.updated,
        "source": source or page.site_name,
        "language": page.language,
        "image": page.image,
        "section": page.section,
        "tags": list(page.tags),
        "authors": list(page.authors),
    }
    return {field: value for field, value in item.items() if value}


def _article(page: str, head: metadata.Head, today: date | None) -> PageArticle:
    site_name, url = metadata.site_name_of(head), metadata.address_of(head)
    whole_title = metadata.title_of(head)
    text = _without_headline(page_text(page), whole_title)
    article, first = head.linked.article, head.first
    published = published_time(head.tree, article, first, url=url, today=today)
    updated = updated_time(article, first)
    names = [name for name in (site_name, host_of(url) if url else None) if name]
    title = without_publisher(whole_title, names)
    return PageArticle(
        title=title,
        text=text,
        url=url,
        amp_url=metadata.amp_address_of(head),
        published=published.raw if published else None,
        published_evidence=published.evidence if published else None,
        updated=updated.raw if updated else None,
        updated_evidence=updated.evidence if updated else None,
        site_name=site_name,
        language=metadata.language_of(head),
        image=metadata.image_of(head),
        section=metadata.section_of(head),
        tags=metadata.tags_of(head),
        authors=metadata.authors_of(head),
        paywalled=is_paywalled(head.linked, first),
        opt_outs=metadata.opt_outs_of(head),
        problem=page_problem(head, title=title, text=text),
    )


def _canonical(url: str | None) -> str | None:
    try:
        return canonical_url(url or "")
    except UnusableUrlError:
        return None


def _parsed(page: str) -> Any:
    """The tree of a page; None when it has no markup."""
    if _TAG.search(page) is None:
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None


def _without_headline(text: str, title: str) -> str:
    """The text without the headline that stands above it."""
    first, _, rest = text.partition("\n\n")
    repeated = bool(rest) and normalised_title(first) == normalised_title(title)
    return rest if repeated else text
