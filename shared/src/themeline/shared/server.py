"""Serving an HTTP application. Needs the extra `http`."""

import ipaddress
import sys

import uvicorn
from starlette.types import ASGIApp

# Requests still running when the service is told to stop get this long.
GRACE_S = 10
# More connections than this are answered 503 at once, instead of all of them late.
MOST_CONNECTIONS = 1_000


def serve(app: ASGIApp, *, host: str, port: int, allow_anonymous: bool) -> None:
    """Serve `app` until a signal says stop; refuse to listen to strangers unless that is allowed."""
    if not allow_anonymous and not is_loopback(host):
        sys.exit(
            f"themeline: refusing to listen on {host}, because nobody has to show a key there;"
            " listen on 127.0.0.1, or set THEMELINE_ALLOW_ANONYMOUS=true if the network is trusted"
        )
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
    )


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
