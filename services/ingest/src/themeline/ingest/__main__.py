"""Runs the ingest service: `python -m themeline.ingest`."""

import sys

from themeline.ingest.app import SERVICE, create_app
from themeline.ingest.settings import IngestSettings
from themeline.shared.server import serve
from themeline.shared.settings import read
from themeline.shared.telemetry.logging import configure


def main() -> int:
    settings = read(IngestSettings)
    configure(SERVICE, settings.log_level)
    serve(
        create_app(settings),
        host=settings.ingest_host,
        port=settings.ingest_port,
        allow_anonymous=settings.allow_anonymous,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
