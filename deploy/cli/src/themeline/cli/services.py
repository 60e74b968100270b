"""Talking to the services of a running system."""

import os
from typing import Any

import httpx

from themeline.cli.errors import CommandError

API_VARIABLE, API_DEFAULT = "THEMELINE_API_URL", "http://127.0.0.1:8000"
INGEST_VARIABLE, INGEST_DEFAULT = "THEMELINE_INGEST_URL", "http://127.0.0.1:8001"
# A request of a person at a terminal; the slowest honest answer was measured far below.
TIMEOUT_SECONDS = 30.0


def api_url() -> str:
    return (os.environ.get(API_VARIABLE) or API_DEFAULT).rstrip("/")


def ingest_url() -> str:
    return (os.environ.get(INGEST_VARIABLE) or INGEST_DEFAULT).rstrip("/")


def make_client(base_url: str) -> httpx.Client:
    """Return a client of a service; an address that is none is told in one line."""
    if not base_url.startswith(("http://", "https://")):
        raise CommandError(f"{base_url} is no address of a service: it must start with http:// or https://")
    try:
        # A proxy of the environment is for strangers; services are addressed directly.
        return httpx.Client(base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False)
    except httpx.InvalidURL as error:
        raise CommandError(f"{base_url} is no address of a service: {error}") from None


def get_json(client: httpx.Client, path: str, **parameters: str | int) -> dict[str, Any]:
    """Return the answer to a GET, or raise CommandError with the service's own explanation."""
    try:
        answer = client.get(path, params=parameters)
    except httpx.HTTPError as error:
        raise CommandError(unreachable(client, API_VARIABLE, error)) from None
    if not answer.is_success:
        raise CommandError(problem_text(answer))
    return json_object(client, answer, API_VARIABLE)


def json_object(client: httpx.Client, answer: httpx.Response, variable: str) -> dict[str, Any]:
    """The body of an answer, or CommandError where another program answers at the service's address."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    raise CommandError(f"{client.base_url} answers, and is not the service: correct {variable}")


def unreachable(client: httpx.Client, variable: str, error: httpx.HTTPError) -> str:
    address = str(client.base_url).rstrip("/")
    reason = "nothing listens there" if isinstance(error, httpx.ConnectError) else str(error) or type(error).__name__
    return f"no answer from {address} ({reason}): start the system with `./themeline up`, or set {variable}"


def problem_text(answer: httpx.Response) -> str:
    """The explanation in an answer that is an error (RFC 9457), in one line."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return f"{answer.request.url} answered {answer.status_code}"
    words = [str(body[key]) for key in ("title", "detail") if body.get(key)]
    return ": ".join(words) or f"{answer.request.url} answered {answer.status_code}"
