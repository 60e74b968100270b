"""The address by which a page wants to be known, and whether it may."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from themeline.ingest.core.canonical import UnusableUrlError, canonical_url, host_of

# Hosts that show other sites' pages: what they name as the original counts, and they are never one.
_CACHES = re.compile(r"(?:.+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)|(?:www\.)?google\.[a-z.]+")
_VARIANTS = frozenset({"www", "m", "mobile", "amp"})
# Second-level names under which anybody registers in countries' domains (`co.uk`, `com.au`).
_SHARED = frozenset("co com org net gov edu ac or ne go gob gov nom ltd plc in".split())  # noqa: SIM905 - reads better
_COUNTRY = 2  # letters of a country's domain


def page_address(candidates: Iterable[str], *, read_from: str | None) -> str | None:
    """The first usable address of those that the page names, else the one it was read from; canonical.

    A page speaks only for its own site, and an article is not the home page: whoever names another site's address
    would otherwise change that site's articles.

    Args:
        candidates: as written, possibly relative; the most trustworthy first.
        read_from: the page's address, canonical; None when it is not known.
    """
    for candidate in candidates:
        address = absolute(candidate, read_from)
        if address is not None and _is_trusted(address, read_from):
            return address
    return read_from


def absolute(address: str, base: str | None) -> str | None:
    """An address on a page in canonical form; None when it leads nowhere."""
    try:
        return canonical_url(urljoin(base or "", address.strip()))
    except (UnusableUrlError, ValueError):
        return None


def is_home(address: str) -> bool:
    """Whether a canonical address is a site's front page."""
    parts = urlsplit(address)
    return parts.path.strip("/").lower() in {"", "index.html", "index.php"} and not parts.query


def main_label(host: str) -> str:
    """The part of a host that names its owner: `example` of `news.example.co.uk`."""
    labels = _site(host)
    return labels[0] if labels else ""


def _is_trusted(address: str, read_from: str | None) -> bool:
    host = host_of(address)
    if is_home(address) or _CACHES.fullmatch(host):
        return False
    if read_from is None or _CACHES.fullmatch(host_of(read_from)):
        return True
    return _site(host) == _site(host_of(read_from))


def _site(host: str) -> list[str]:
    """The labels of a host from the one that was registered on; the list of public suffixes in three rules."""
    labels = [label for label in host.split(".") if label]
    while len(labels) > 2 and labels[0] in _VARIANTS:  # noqa: PLR2004 - `m.co` is a site
        labels.pop(0)
    has_shared = len(labels) > 2 and len(labels[-1]) == _COUNTRY and labels[-2] in _SHARED  # noqa: PLR2004
    return labels[-3:] if has_shared else labels[-2:]
