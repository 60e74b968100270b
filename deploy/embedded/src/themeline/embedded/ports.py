"""Whether the ports are free, before anything is started."""

import errno
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from themeline.embedded.errors import EmbeddedError

PROBE_SECONDS = 1.0
LOOPBACK = "127.0.0.1"
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 (recognised, not bound)


@dataclass(frozen=True)
class Port:
    """A port of ours: what listens on it, and the option that chooses another."""

    service: str
    host: str
    number: int
    option: str


def require_free(ports: Sequence[Port]) -> None:
    """Raise EmbeddedError for the first port on which something listens already."""
    seen: dict[int, Port] = {}
    for port in ports:
        if port.number in seen:
            raise EmbeddedError(
                f"{seen[port.number].option} and {port.option} are both {port.number}: choose different ports"
            )
        seen[port.number] = port
        reason = _why_not(port)
        if reason:
            raise EmbeddedError(
                f"port {port.number}, for the {port.service}, {reason}: choose another with {port.option}"
            )


def is_free(number: int) -> bool:
    """Whether a port of the loopback interface can be listened on."""
    return _why_not(Port("", LOOPBACK, number, "")) is None


def _why_not(port: Port) -> str | None:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the servers do: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "is taken by another program"
            return f"cannot be used on {port.host} ({os.strerror(error.errno or 0)})"
    return None


def answers_ready(port: Port) -> bool:
    """Whether the service on this port says that it is ready."""
    connection = HTTPConnection(reachable(port.host), port.number, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200  # noqa: PLR2004 (HTTP OK)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """The address under which this machine reaches a service that listens on `host`."""
    return LOOPBACK if host in EVERYWHERE else host
