"""Why a page is no article: error pages, walls, forwarding pages, lists."""

import re
from enum import StrEnum

from themeline.ingest.core.metadata import Head
from themeline.ingest.core.pageaddress import is_home
from themeline.ingest.core.titles import clean_title

# Bytes of UTF-8 of the shortest text that is an article: one sentence where the page calls itself an article, a
# paragraph where it does not. In bytes, since a character of Chinese says as much as three letters.
MIN_MARKED = 80
MIN_UNMARKED = 400
# What an error page or a wall says fits in this; an article about them is longer.
MAX_NOTICE = 1_500
# More articles than this on a page that marks none as its own: a list.
MAX_TEASERS = 2


class PageProblem(StrEnum):
    """Why a page is not taken for an article, by a name that lasts."""

    NOT_HTML = "not-html"
    TOO_LARGE = "too-large"
    FORWARDING = "forwarding-page"
    ERROR_PAGE = "error-page"
    ACCESS_WALL = "access-wall"
    NO_TITLE = "no-title"
    NO_ARTICLE = "no-article"
    TOO_LITTLE_TEXT = "too-little-text"

    @property
    def clause(self) -> str:
        """The same for people."""
        return _CLAUSES[self]


_CLAUSES = {
    PageProblem.NOT_HTML: "the file holds no HTML",
    PageProblem.TOO_LARGE: "the page is too large",
    PageProblem.FORWARDING: "the page only forwards to another one, or holds frames",
    PageProblem.ERROR_PAGE: "the page reports an error",
    PageProblem.ACCESS_WALL: "the page asks for consent, a login or a proof of being human",
    PageProblem.NO_TITLE: "the page has no title",
    PageProblem.NO_ARTICLE: "the page is a list or a front page, not one article",
    PageProblem.TOO_LITTLE_TEXT: "the page has too little text",
}

_ERROR = re.compile(
    r"^(?:error|http|fehler|erreur)?\W*(?:40[0134]|410|429|451|50[0234])\b(?!\W*\d)"
    r"|\b(?:page|site|article|content) (?:was |could |can)?(?:not|n't|no longer)(?: be)? (?:found|available|exists?)\b"
    r"|^\W*(?:not found|access denied|forbidden|service unavailable|bad gateway|gateway time-?out|internal server error"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouv\u00e9e)|p\u00e1gina no (?:encontrada|existe)"
    r"|p\u00e1gina n\u00e3o encontrada|pagina (?:non trovata|niet gevonden)"
    r"|\u0441\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d\u0430)\b",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\b(?:just a moment|attention required|are you (?:a )?(?:human|robot)|verify (?:that )?you are (?:a )?human"
    r"|captcha|checking your browser|before you continue|we value your privacy|cookie (?:consent|settings|policy)"
    r"|consent|log ?in|sign ?in|subscribe to (?:continue|read)|enable (?:javascript|cookies)|anmelden|einloggen"
    r"|se connecter|iniciar sesi\u00f3n|accedi|inloggen|privatsph\u00e4re|datenschutzeinstellungen)\b",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"\s*(\d{1,4})\s*(?:\.\d*)?\s*[;,]\s*(?:url\s*=)?\s*\S", re.IGNORECASE)
# A page that forwards later than this is read before; news pages reload themselves after minutes.
_SOON_S = 30


def page_problem(head: Head, *, title: str, text: str) -> PageProblem | None:
    """Why this page is no article; None when it is one.

    A page that calls itself an article and has a text is believed: "404" may be what an article is about.
    """
    size = len(text.encode())
    if size < MIN_MARKED and _forwards(head):
        return PageProblem.FORWARDING
    marked = _is_marked(head)
    if not (marked and size >= MIN_MARKED) and size < MAX_NOTICE and (notice := _notice(head, title, text)):
        return notice
    if not title:
        return PageProblem.NO_TITLE
    if _is_list(head, marked=marked):
        return PageProblem.NO_ARTICLE
    return PageProblem.TOO_LITTLE_TEXT if size < (MIN_MARKED if marked else MIN_UNMARKED) else None


def _notice(head: Head, title: str, text: str) -> PageProblem | None:
    named = [title, *(clean_title(element.text_content()[:MAX_NOTICE]) for element in head.tree.iter("title"))]
    if any(_ERROR.search(name) for name in named):
        return PageProblem.ERROR_PAGE
    asks = head.tree.xpath("boolean(//input[@type='password'])")
    # A title begins with what a wall wants; a text without it would be refused, too, but called short.
    says = any(map(_WALL.match, named)) or (len(text.encode()) < MIN_UNMARKED and _WALL.search(text))
    return PageProblem.ACCESS_WALL if asks or says else None


def _is_marked(head: Head) -> bool:
    if head.linked.article or head.meta(("article:published_time", "og:article:published_time")):
        return True
    if head.meta(("og:type",)).lower().endswith("article"):
        return True
    return bool(head.tree.xpath("boolean(//*[contains(@itemtype, 'schema.org') and contains(@itemtype, 'Article')])"))


def _is_list(head: Head, *, marked: bool) -> bool:
    if head.url is not None and is_home(head.url):
        return True
    if marked:
        return not head.linked.article and head.linked.articles > MAX_TEASERS
    return head.linked.is_list or int(head.tree.xpath("count(//article[not(ancestor::article)])")) > MAX_TEASERS


def _forwards(head: Head) -> bool:
    delay = _REFRESH.match(head.meta(("refresh",)))
    return (delay is not None and int(delay[1]) <= _SOON_S) or bool(head.tree.xpath("boolean(//frameset)"))
