"""Addresses on the way to an answer: what is one, and where redirects lead."""

from http import HTTPStatus

from yarl import URL

from themeline.ingest.fetch.answers import FetchError

# Browsers stop at 20; a page of news that needs more than 5 is lost.
MOST_REDIRECTS = 5
_LONGEST_ADDRESS = 8000  # RFC 9110 4.1: what everybody should be able to take
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_KEEP_METHOD = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
_TO_GET = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER})


def parse_address(text: str) -> URL:
    """An address that can be fetched, without its fragment.

    Raises:
        FetchError: it is no address, or not one of the web, or names a user: passwords are not sent to strangers.
    """
    if len(text) > _LONGEST_ADDRESS:
        raise FetchError("invalid-address", f"its address is longer than {_LONGEST_ADDRESS:,} characters")
    try:
        url = URL(text.strip())
        host, port = url.raw_host, url.port
    except ValueError as error:
        raise FetchError("invalid-address", "it is no address of a page") from error
    if url.scheme not in ("http", "https"):
        scheme = f" ({url.scheme[:20]}:)" if url.scheme else ""
        raise FetchError("scheme", f"it is no address of the web{scheme}")
    if not host or not port:
        raise FetchError("invalid-address", "its address names no server")
    if url.raw_user is not None or url.raw_password is not None:
        raise FetchError("invalid-address", "its address names a user, and passwords are not sent")
    return url.with_fragment(None)


class Trail:
    """The addresses of one fetch, from hop to hop."""

    def __init__(self, start: URL) -> None:
        self.start = start
        self.url = start
        self.moved_to: URL | None = None
        self._visited = {start}
        self.only_permanent = True

    @property
    def at_home(self) -> bool:
        """Whether the current address is on the server that was asked first."""
        return self.url.origin() == self.start.origin()

    def follow(self, status: int, location: str | None) -> None:
        """Go where a redirect leads.

        Raises:
            FetchError: nowhere, in a circle, or too far.
        """
        if not location:
            raise FetchError("bad-redirect", "it redirects to nowhere")
        self.url = self._target(location)
        if self.url in self._visited:
            raise FetchError("redirect-loop", "it redirects in a circle")
        if len(self._visited) > MOST_REDIRECTS:
            raise FetchError("too-many-redirects", f"it redirects more than {MOST_REDIRECTS} times")
        self._visited.add(self.url)
        self.only_permanent = self.only_permanent and status in _PERMANENT
        if self.only_permanent:
            self.moved_to = self.url

    def _target(self, location: str) -> URL:
        try:
            target = self.url.join(URL(location.strip()))
        except ValueError as error:
            raise FetchError("bad-redirect", "it redirects to what is no address") from error
        return parse_address(str(target))


def is_redirect(status: int, *, method: str) -> bool:
    """Whether to follow; a form is sent again only where the server asks for that (307, 308)."""
    return status in _KEEP_METHOD or (method == "GET" and status in _TO_GET)
