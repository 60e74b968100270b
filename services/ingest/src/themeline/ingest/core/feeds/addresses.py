"""Addresses as feeds write them: relative, padded, broken over lines."""

import re
from urllib.parse import urljoin, urlsplit

_BROKEN_LINE = re.compile(r"[\t\r\n]+ *")
_PADDING = "".join(map(chr, range(0x21))) + "\u00a0\ufeff"


def absolute(base: str, address: object) -> str | None:
    """The address resolved against the base; None unless a reader could follow it over http or https."""
    trimmed = _BROKEN_LINE.sub("", address.strip(_PADDING)) if isinstance(address, str) else ""
    if not trimmed:
        return None
    try:
        resolved = urljoin(base, trimmed)
        parts = urlsplit(resolved)
        followable = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        return None
    return resolved if followable else None


def is_absolute(address: str) -> bool:
    """Whether the address leads somewhere by itself."""
    return absolute("", address) is not None
