"""The doctor's checks of this machine: configuration, disk, and the services' own readiness."""

import difflib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
from pydantic import ValidationError

from themeline.api.settings import ApiSettings
from themeline.cli.findings import Finding
from themeline.cli.services import API_VARIABLE, INGEST_VARIABLE, api_url, ingest_url
from themeline.ingest.settings import FetcherSettings, IngestSettings, RelaySettings
from themeline.related.settings import EncoderSettings, ReindexSettings, RelatedSettings, SweepSettings
from themeline.shared.settings import Settings

SETTINGS: tuple[type[Settings], ...] = (
    IngestSettings,
    FetcherSettings,
    RelaySettings,
    RelatedSettings,
    ReindexSettings,
    SweepSettings,
    ApiSettings,
)
PREFIX = "THEMELINE_"
# Read by the command line and the embedded servers rather than by a service.
COMMAND_LINE_NAMES = {
    API_VARIABLE,
    INGEST_VARIABLE,
    *(f"{PREFIX}{name}" for name in ("PROJECT", "ENV", "POSTGRES_BIN", "VALKEY_BIN")),
}
# Read by docker-compose.yml, from a file of variables that people also give to their shell.
COMPOSE_NAMES = {
    f"{PREFIX}{name}"
    for name in ("PROMETHEUS_PORT", "ALERTMANAGER_PORT", "GRAFANA_PORT", "METRICS_RETENTION", "IMAGES", "TAG")
}
OTHER_NAMES = frozenset(COMMAND_LINE_NAMES | COMPOSE_NAMES)
TEST_PREFIX = f"{PREFIX}TEST_"
# PostgreSQL stops when the disk is full; half a gigabyte is two of its segments' worth of margin.
LEAST_DISK = 512 * 1024 * 1024


def check_configuration() -> Iterator[Finding]:
    """Look for settings that no service reads, and for values that a service refuses."""
    known = OTHER_NAMES | {f"{PREFIX}{name.upper()}" for kind in SETTINGS for name in kind.model_fields}
    names = [name for name in os.environ if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX)]
    faults = [_unknown(name, known) for name in sorted(names) if name.removesuffix("_FILE") not in known]
    faults += [fault for kind in SETTINGS for fault in _refused(kind)]
    yield from dict.fromkeys(faults)
    if not faults:
        yield Finding("configuration", f"{len(names)} variables are set, all are understood")


def check_encoder() -> Finding:
    """Look whether the encoder of the settings can be used here; a model server is asked."""
    from themeline.related.core.encoders import EncoderDownError
    from themeline.related.encoders.loaded import Encoders

    try:
        settings = EncoderSettings()
    except ValidationError:
        return Finding("encoder", "not looked at", "correct the configuration first")
    try:
        encoder = Encoders(settings).get(settings.encoder)
        return Finding("encoder", f"{encoder.name}, {encoder.dimensions} dimensions")
    except EncoderDownError as error:
        return Finding(
            "encoder", str(error), "correct THEMELINE_ENCODER and what belongs to it, or install what is missing"
        )


def _unknown(name: str, known: frozenset[str] | set[str]) -> Finding:
    close = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {close[0]}?" if close else "remove it, or see deploy/env.example for the names"
    return Finding("configuration", f"nothing reads {name}", remedy)


def _refused(kind: type[Settings]) -> Iterator[Finding]:
    try:
        kind()
    except ValidationError as error:
        for fault in error.errors():
            if fault["type"] != "missing":  # the embedded servers' addresses are told to the services by `up`
                name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
                yield Finding("configuration", f"{name} is not usable", f"correct it: {fault['msg']}")


def check_disk(folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.absolute().parents) if _is_there(path))
    free = shutil.disk_usage(existing).free
    remedy = "" if free > LEAST_DISK else "make room, or name another disk with --data-dir"
    return Finding("disk", f"{free / 1024**3:.1f} GB free for {folder}", remedy)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # inside a folder of somebody else's
        return False


def check_services() -> Iterator[Finding]:
    """Ask both services whether they are ready; they name what is missing themselves."""
    for name, url, variable in (("api", api_url(), API_VARIABLE), ("ingest", ingest_url(), INGEST_VARIABLE)):
        yield _ready(name, url, variable)


def _ready(name: str, url: str, variable: str) -> Finding:
    try:
        answer = httpx.get(f"{url}/readyz", timeout=5, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        reason = "nothing listens there" if isinstance(error, httpx.ConnectError) else str(error)
        return Finding(name, f"no answer from {url} ({reason})", f"start it with `./themeline up`, or set {variable}")
    said = " ".join(answer.text.split())[:200]
    if answer.is_success:
        return Finding(name, f"{url} is ready")
    return Finding(name, f"{url} answers {answer.status_code}: {said}", "mend what it names as missing")
