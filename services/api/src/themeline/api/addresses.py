"""The spellings of an address under which its article may be stored."""

from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def spellings(url: str) -> list[str]:
    """Return `url` itself and its plainer form: no fragment, small scheme and host, no default port.

    Stored addresses are canonical already; clients copy them from where they found them.
    """
    given = url.strip()
    try:
        parts = urlsplit(given)
        plain = parts._replace(
            scheme=parts.scheme.lower(), netloc=_plain_host(parts), path=parts.path or "/", fragment=""
        ).geturl()
    except ValueError:  # a bad port or IPv6 address: nothing is stored under it
        return [given]
    return [given] if plain == given else [given, plain]


def _plain_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme.lower())) else f"{host}:{parts.port}"
