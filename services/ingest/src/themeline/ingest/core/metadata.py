"""What a page says of itself, in JSON-LD, Open Graph and other meta elements, and microdata."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themeline.ingest.core.linkeddata import LinkedData, addresses_of, read_linked_data, text_of
from themeline.ingest.core.pageaddress import absolute, page_address
from themeline.ingest.core.titles import clean_title, normalised_title

# What is longer is no title, name, section or tag; the limits are those of a pushed item.
MAX_TITLE = 1_000
MAX_NAME = 200
MAX_NAMES = 50

_TITLES = ("og:title", "twitter:title", "headline", "dc.title", "parsely-title", "sailthru.title")
_SITES = ("og:site_name", "application-name", "al:android:app_name", "publisher", "dc.publisher")
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_SECTIONS = ("article:section", "parsely-section", "section", "cxenseparse:recs:category")
_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
_AUTHORS = ("author", "article:author", "og:article:author", "parsely-author", "byl", "dc.creator", "sailthru.author")
_OPT_OUTS = frozenset({"noindex", "noarchive", "nosnippet", "noai", "noimageai"})
_ELLIPSIS = re.compile(r"\s*(?:\u2026|\.{3})$")
_BYLINE = re.compile(r"^(?:by|von|par|por|di|door)\s+", re.IGNORECASE)

Metas = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """The parts of a parsed page that speak of it, before anything is chosen from them.

    Attributes:
        url: where the page was read from, canonical.
        base: what its relative addresses stand against: the same, or else its canonical link.
    """

    tree: Any
    url: str | None
    base: str | None
    metas: Metas
    linked: LinkedData

    @property
    def first(self) -> dict[str, str]:
        """The first value of each meta element."""
        return {name: values[0] for name, values in self.metas.items()}

    def meta(self, names: Sequence[str]) -> str:
        """The first of these meta elements that there is."""
        return next((self.metas[name][0] for name in names if name in self.metas), "")


def read_head(tree: Any, *, url: str | None) -> Head:
    """Gather what the page says of itself.

    Args:
        tree: the page, parsed by lxml.
        url: where it was read from, canonical.
    """
    metas = _metas(tree)
    titles = [values[0] for name, values in metas.items() if name in _TITLES] + list(_visible_titles(tree))
    blocks = [
        script.text or ""
        for script in tree.iter("script")
        if (script.get("type") or "").strip().lower().startswith("application/ld+json")
    ]
    here = page_address(_links(tree, "canonical"), read_from=url)
    return Head(tree, url, url or here, metas, read_linked_data(blocks, url=here, titles=titles))


def title_of(head: Head) -> str:
    """The headline, whole: one that was shortened for search engines gives way to the longer one of the page."""
    article = head.linked.article
    candidates = (text_of(article.get("headline")), text_of(article.get("name")), head.meta(_TITLES))
    site = normalised_title(site_name_of(head) or "")
    titles = [clean_title(raw[:MAX_TITLE]) for raw in (*candidates, *_visible_titles(head.tree))]
    titles = [title for title in titles if title and normalised_title(title) != site]
    if not titles:
        return ""
    beginning = _ELLIPSIS.sub("", titles[0])
    longer = (title for title in titles[1:] if title.startswith(beginning) and not _ELLIPSIS.search(title))
    return titles[0] if beginning == titles[0] else next(longer, titles[0])


def site_name_of(head: Head) -> str | None:
    """What the publisher is called."""
    return _name(head.linked.name(head.linked.article.get("publisher")) or head.meta(_SITES))


def address_of(head: Head) -> str | None:
    """The page's canonical address, see `page_address`."""
    named = (*_links(head.tree, "canonical"), head.meta(("og:url",)), *addresses_of(head.linked.article))
    return page_address([address for address in named if address], read_from=head.url)


def amp_address_of(head: Head) -> str | None:
    """The address of the page's AMP variant."""
    return next((address for link in _links(head.tree, "amphtml") if (address := absolute(link, head.base))), None)


def language_of(head: Head) -> str | None:
    """The language tag as written."""
    root = head.tree.getroottree().getroot()
    named = (
        root.get("lang") or root.get("xml:lang"),
        head.meta(("og:locale", "content-language", "dc.language", "inlanguage")).split(",")[0],
        text_of(head.linked.article.get("inLanguage")),
    )
    return next((tag.strip() for tag in named if tag and tag.strip()), None)


def image_of(head: Head) -> str | None:
    """The address of the article's picture, canonical."""
    pictures = head.linked.each(head.linked.article.get("image"))
    described = (text_of(picture.get("url")) if isinstance(picture, Mapping) else picture for picture in pictures)
    for address in (head.meta(_IMAGES), *described):
        if isinstance(address, str) and address and (found := absolute(address, head.base)):
            return found
    return None


def section_of(head: Head) -> str | None:
    """The part of the publication in which the article stands."""
    return _name(head.meta(_SECTIONS) or text_of(head.linked.article.get("articleSection")))


def tags_of(head: Head) -> tuple[str, ...]:
    """Its keywords."""
    named = head.linked.article.get("keywords")
    written = named if isinstance(named, list) else [named]
    in_metas = next((head.metas[name] for name in _TAGS if name in head.metas), ())
    words = [text_of(words) for words in written if text_of(words)] or list(in_metas)
    # one value is a list with commas, several are one tag each
    return _names(words[0].split(",") if len(words) == 1 else words)


def authors_of(head: Head) -> tuple[str, ...]:
    """Who wrote it, without the addresses that some sites put in their place."""
    linked = head.linked
    named = [linked.name(person) for person in linked.each(linked.article.get("author"))]
    written = next((head.metas[name] for name in _AUTHORS if name in head.metas), ())
    names = [name for name in named if name] or list(written)
    return _names(_BYLINE.sub("", name) for name in names if "://" not in name and not name.startswith("@"))


def opt_outs_of(head: Head) -> frozenset[str]:
    """What the page asks of robots, all of them: `noindex`, `noarchive`, `noai` ...; `tdm` when mining is reserved."""
    words = set(re.split(r"[\s,]+", ",".join(head.metas.get("robots", ())).lower()))
    if "none" in words:
        words.add("noindex")
    reserved = {"tdm"} if head.meta(("tdm-reservation",)) == "1" else set()
    return frozenset((words & _OPT_OUTS) | reserved)


def _metas(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content and len(found.setdefault(name, [])) < MAX_NAMES:
                found[name].append(content)
    return {name: values for name, values in found.items() if values}


def _links(tree: Any, relation: str) -> list[str]:
    return [
        link.get("href")
        for link in tree.iter("link")
        if relation in (link.get("rel") or "").lower().split() and (link.get("href") or "").strip()
    ]


def _visible_titles(tree: Any) -> Iterator[str]:
    for tag in ("h1", "title"):
        for element in tree.iter(tag):
            if text := " ".join(element.text_content().split()):
                yield text[:MAX_TITLE]
                break


def _name(raw: str) -> str | None:
    name = clean_title(raw[:MAX_TITLE])
    return name if name and len(name) <= MAX_NAME else None


def _names(raws: Any) -> tuple[str, ...]:
    names = (name for raw in list(raws)[:MAX_NAMES] if (name := _name(raw)))
    return tuple(dict.fromkeys(names))
