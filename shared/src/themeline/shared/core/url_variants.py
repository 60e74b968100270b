"""Other addresses of one article: AMP pages, AMP caches and pages for telephones.

A cache is undone in the address itself, for the cached address is the publisher's own. AMP and mobile
pages stay as they are where readers follow them; `plain_variant` undoes them for recognition alone.
"""

import re

# The labels by which publishers name the host of their mobile or AMP pages.
VARIANT_LABELS = frozenset({"www", "amp", "m", "mobile", "mobil", "touch", "wap"})
# Second levels under which whole countries register names (the general ones of the public suffix list):
# in `m.co.uk` the `m` is the name itself.
SECOND_LEVELS = frozenset(
    "ac asso co com edu gob gouv gov govt go gv ltd me mil ne net nom or org plc sch web".split()  # noqa: SIM905
)
COUNTRY_CODE = 2  # letters of a country's top-level domain

AMP_PARAMETERS = frozenset(
    {"amp", "amp=1", "amp=true", "amp=yes", "amp=amp", "outputtype=amp", "output=amp", "view=amp", "isamp=1"}
)

# Google's viewer, and the caches of the AMP project and of Bing.
_CACHES = (
    re.compile(r"^https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?([^/?#]+\.[^/?#]+.*)$", re.IGNORECASE),
    re.compile(
        r"^https?://(?:[a-z0-9-]+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)/(?:c|v|wp/c|wp/v)/(s/)?([^/?#]+\.[^/?#]+.*)$",
        re.IGNORECASE,
    ),
)
_AMP_FILE = re.compile(r"\.amp(?=\.html?$|$)")
_AMP_SEGMENTS = frozenset({"amp", "amp.html"})


def without_cache(url: str) -> str:
    """The publisher's own address of a page in an AMP cache; any other address as it is."""
    for cache in _CACHES:
        if (match := cache.match(url)) is not None:
            return f"{'https' if match[1] else 'http'}://{match[2]}"
    return url


def plain_variant(host: str, path: str, query: str) -> tuple[str, str, str]:
    """Host, path and query of the page for desktop readers, as far as the address tells.

    Args:
        host: in canonical form, with its port if any.
        path: in canonical form.
        query: in canonical form; its other parameters stay in their order.
    """
    pairs = [pair for pair in query.split("&") if pair.lower() not in AMP_PARAMETERS]
    return _plain_host(host), _plain_path(path), "&".join(pairs)


def _plain_host(host: str) -> str:
    if host.startswith("["):
        return host
    labels = host.split(".")
    own = _registered(labels)
    return ".".join([label for label in labels[:-own] if label not in VARIANT_LABELS] + labels[-own:])


def _registered(labels: list[str]) -> int:
    """How many labels of a host make up the registered name."""
    country = len(labels[-1].partition(":")[0]) == COUNTRY_CODE
    return 3 if country and not SECOND_LEVELS.isdisjoint(labels[-2:-1]) else 2


def _plain_path(path: str) -> str:
    """Undo `/amp/…`, `…/amp/` and `….amp.html`; `/amp` alone is a page of its own."""
    segments = _AMP_FILE.sub("", path.rstrip("/")).split("/")[1:]
    if len(segments) > 1 and segments[-1] in _AMP_SEGMENTS:
        segments.pop()
    if len(segments) > 1 and segments[0] == "amp":
        segments.pop(0)
    return "/" + "/".join(segments)
