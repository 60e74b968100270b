"""Whatever goes wrong while fetching, by one name."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from themeline.ingest.fetch.answers import FailureType, FetchError

# Two repeats of a lost packet (after 1 s and 3 s), and patience for a far host.
CONNECT_SECONDS = 10.0
# Enough for the words of an operating system or of OpenSSL.
_LONGEST_REASON = 200


class AddressRefusedError(OSError):
    """This address must not be connected to.

    An OSError, so that the next address of the host is tried; without the address in its text, so that several
    refusals of one host are reported as one.
    """

    def __init__(self) -> None:
        super().__init__("the address is not open to us")


@contextmanager
def named_failures(total_seconds: float) -> Iterator[None]:
    """Turn what aiohttp and the system raise into FetchError."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise FetchError("timeout", f"nobody took the connection within {CONNECT_SECONDS:g} s") from error
    except TimeoutError as error:
        raise FetchError("timeout", f"no complete answer within {total_seconds:g} s") from error
    except aiohttp.ClientError as error:
        raise _named(error) from error
    except HttpProcessingError as error:
        raise FetchError("bad-answer", f"its answer is no HTTP ({_words(error)})") from error
    except UnicodeError as error:  # a host with labels that are empty or too long, found when it is resolved
        raise FetchError("invalid-address", "its address names no server") from error
    except OSError as error:
        raise FetchError("connection", f"the connection failed ({_words(error)})") from error


# In the order in which they are tried: some of these are kinds of others further down.
_NAMES: tuple[tuple[type[aiohttp.ClientError], FailureType, str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "tls", "its certificate is not valid ({words})"),
    (aiohttp.ClientConnectorSSLError, "tls", "no encryption can be agreed on ({words})"),
    (aiohttp.ClientConnectorDNSError, "dns", "its host is not known"),
    (aiohttp.ClientConnectorError, "connection", "cannot connect to it ({words})"),
    (aiohttp.ClientPayloadError, "truncated", "its body ends too early"),
    (aiohttp.InvalidURL, "invalid-address", "it is no address of a page"),
    (aiohttp.ClientResponseError, "bad-answer", "its answer is no HTTP ({words})"),
    (aiohttp.ClientError, "connection", "the connection failed ({words})"),
)


def _named(error: aiohttp.ClientError) -> FetchError:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, AddressRefusedError):
        return FetchError("address-refused", "its host is not on the public internet, or its port not one of the web")
    if isinstance(error.__cause__, LineTooLong):
        return FetchError("headers-too-large", "its headers are too large")
    type_, reason = next((type_, reason) for kind, type_, reason in _NAMES if isinstance(error, kind))
    return FetchError(type_, reason.format(words=_words(error)))


def _words(error: BaseException) -> str:
    """The first line of what it says, without addresses of ours."""
    words = getattr(error, "strerror", None) or getattr(error, "message", None) or str(error) or type(error).__name__
    return str(words).strip().partition("\n")[0].rstrip(":")[:_LONGEST_REASON]
