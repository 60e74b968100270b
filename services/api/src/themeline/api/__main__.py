"""Runs the API service: `python -m themeline.api`."""

import sys

import uvicorn
from pydantic import ValidationError

from themeline.api.app import SERVICE, create_app
from themeline.api.settings import ApiSettings
from themeline.shared.telemetry.logging import configure

# Requests still running when the service is told to stop get this long.
GRACE_S = 10


def main() -> int:
    try:
        settings = ApiSettings()
    except ValidationError as error:
        faults = "; ".join(f"THEMELINE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        print(f"themeline.api: the settings are not usable: {faults}", file=sys.stderr)  # noqa: T201
        return 2
    configure(SERVICE, settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
