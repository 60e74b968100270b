"""What a site asks of machines: robots.txt (RFC 9309), and what its pages say of themselves."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from protego import Protego

# RFC 9309 2.5: at least 500 kibibytes are read; what follows is not.
LARGEST_ROBOTS = 500 * 1024
# Our product token: what a site calls us, in its robots.txt and in X-Robots-Tag.
AGENT = "Themeline"

_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429
_REDIRECT = 300

# By which a page forbids to keep a copy of it, or to feed it to machines; `none` forbids everything that can be.
_FORBIDDING = ("noarchive", "noai", "none")
_OF_ALL_AGENTS = frozenset({"", "*", "robots"})
# A directive with a value, not a name of an agent: `unavailable_after: 1 Jul 2027`.
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one site. Without a parser all is allowed, or nothing."""

    parser: Protego | None
    otherwise: bool


def robots_text(body: bytes) -> str:
    """The text of a robots.txt, as far as it is read; a line cut in two is not."""
    if len(body) > LARGEST_ROBOTS:
        body = body[:LARGEST_ROBOTS].rpartition(b"\n")[0]
    return body.decode("utf-8-sig", errors="replace")


def rules_of(status: int | None, text: str = "") -> Rules:
    """The rules that an answer means (RFC 9309 2.3.1).

    Args:
        status: of the answer; None when nobody answered. No file means that all is allowed, and so do redirects
            without an end; a site that is in trouble, or asks for less (429), is left alone for now.
        text: the file, when there is one.
    """
    if status is None or status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS:
        return Rules(None, otherwise=False)
    if status >= _REDIRECT:
        return Rules(None, otherwise=True)
    return Rules(Protego.parse(text), otherwise=True)


def may_read(rules: Rules, url: str, agent: str) -> bool:
    """Whether an agent of this name (`Themeline`, without a version) may fetch the address."""
    return rules.otherwise if rules.parser is None else rules.parser.can_fetch(url, agent)


def crawl_delay(rules: Rules, agent: str) -> float | None:
    """The seconds that the site wants between two requests; None when it does not say."""
    if rules.parser is None:
        return None
    rate = rules.parser.request_rate(agent)
    wanted = [rules.parser.crawl_delay(agent), rate.seconds / rate.requests if rate and rate.requests else None]
    return max((delay for delay in wanted if delay is not None and math.isfinite(delay) and delay >= 0), default=None)


def sitemaps(rules: Rules) -> tuple[str, ...]:
    """The addresses of sitemaps, as written, each once."""
    return () if rules.parser is None else tuple(dict.fromkeys(rules.parser.sitemaps))


def opts_out(tags: Iterable[str], agent: str = AGENT) -> str | None:
    """The first directive by which a page forbids to keep its text; None when it does not.

    Args:
        tags: values of X-Robots-Tag, or contents of `<meta name="robots">`.
        agent: the name by which a tag may address us alone: `Themeline: noarchive`.
    """
    found = {directive for tag in tags for directive in _directives(tag, agent.lower())}
    return next((directive for directive in _FORBIDDING if directive in found), None)


def is_reserved(value: str | None) -> bool:
    """Whether `tdm-reservation`, as a header or a meta, reserves the rights to text and data mining (TDMRep)."""
    return value is not None and value.strip() == "1"


def _directives(tag: str, agent: str) -> Iterable[str]:
    # `otherbot: noindex, nofollow` addresses another one, up to the next name.
    addressed = ""
    for part in tag.lower().split(","):
        name, colon, value = part.partition(":")
        if colon and name.strip() not in _WITH_VALUE:
            addressed, part = name.strip(), value  # noqa: PLW2901 - what is left of it
        if addressed in _OF_ALL_AGENTS or addressed == agent:
            yield part.strip()
