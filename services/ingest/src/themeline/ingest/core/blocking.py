"""What a source's block list refuses: patterns of addresses and of titles."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from themeline.ingest.core.drafts import Rejection


def blocking_pattern(patterns: Sequence[str], *, url: str | None, title: str) -> str | None:
    """Return the first pattern that blocks an article, or None.

    Args:
        patterns: `*` stands for any characters, `?` for one, `[…]` for one of several; upper and lower case are
            the same. A pattern is compared with the whole of the address and with the whole of the title: `*`
            blocks everything.
        url: canonical; it is compared without its scheme.
        title: of the article.
    """
    if not patterns:
        return None
    address = (url or "").partition("://")[2].casefold()
    names = [title.casefold(), *([address] if address else [])]
    return next((pattern for pattern in patterns if any(fnmatchcase(name, pattern.casefold()) for name in names)), None)


def blocked(pattern: str) -> Rejection:
    """Return why an item is not accepted that `pattern` blocks."""
    detail = f"The block list of its source has the pattern {pattern!r}."
    return Rejection("blocked", "The article is blocked", detail)
