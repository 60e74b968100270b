"""Runs the API service: `python -m themeline.api`."""

import sys

from themeline.api.app import SERVICE, create_app
from themeline.api.settings import ApiSettings
from themeline.shared.server import serve
from themeline.shared.settings import read
from themeline.shared.telemetry.logging import configure


def main() -> int:
    settings = read(ApiSettings)
    configure(SERVICE, settings.log_level)
    serve(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        allow_anonymous=settings.allow_anonymous,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
