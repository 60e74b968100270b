"""Where a system's servers are: the environment's word, else what a running `up` wrote down."""

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Whereabouts:
    """Addresses, and the process of the `up` that runs here, if any."""

    database_url: str | None
    redis_url: str | None
    pid: int | None


def find_system(data_dir: Path) -> Whereabouts:
    """Look for the system of a data folder."""
    try:
        state = json.loads((data_dir / "state.json").read_text())
    except (OSError, ValueError):
        state = {}
    if not (isinstance(state.get("pid"), int) and _lives(state["pid"])):
        state = {}  # left by an `up` that was killed
    return Whereabouts(
        database_url=os.environ.get("THEMELINE_DATABASE_URL") or state.get("THEMELINE_DATABASE_URL"),
        redis_url=os.environ.get("THEMELINE_REDIS_URL") or state.get("THEMELINE_REDIS_URL"),
        pid=state.get("pid"),
    )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
