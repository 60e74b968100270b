"""Whether readers have to pay for an article, where its page says so."""

from collections.abc import Mapping

from themeline.ingest.core.linkeddata import LinkedData

_YES = frozenset({"true", "1", "yes", "https://schema.org/true", "http://schema.org/true"})
_NO = frozenset({"false", "0", "no", "https://schema.org/false", "http://schema.org/false"})
# `article:content_tier`, as Facebook and Apple read it.
_TIERS = {"free": False, "metered": True, "locked": True, "paid": True, "premium": True}


def is_paywalled(linked: LinkedData, metas: Mapping[str, str]) -> bool | None:
    """Whether the article, or a part of it, is for those who pay; None when the page does not say."""
    parts = linked.each(linked.article.get("hasPart"))
    free = [_is_free(node) for node in (linked.article, *parts)]
    if False in free:
        return True
    tier = _TIERS.get((metas.get("article:content_tier") or metas.get("og:article:content_tier") or "").lower())
    if tier is not None:
        return tier
    free.append(_truth(metas.get("isaccessibleforfree")))
    if False in free:
        return True
    return False if True in free else None


def _is_free(node: object) -> bool | None:
    return _truth(node.get("isAccessibleForFree")) if isinstance(node, Mapping) else None


def _truth(value: object) -> bool | None:
    """True or false as JSON, as a word, or as an address of schema.org."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    word = str(value).strip().casefold()
    if word in _YES:
        return True
    return False if word in _NO else None
