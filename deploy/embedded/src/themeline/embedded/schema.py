"""Whether the embedded database already has the schema of this code, so that a warm start need not ask."""

import hashlib
import importlib.util
from pathlib import Path


def schema_digest() -> str:
    """A digest of the packaged migrations; the package is found, not imported."""
    package = importlib.util.find_spec("themeline.shared")
    digest = hashlib.sha256()
    for folder in (package.submodule_search_locations or []) if package else []:
        for script in sorted(Path(folder).glob("migrations/versions/*.py")):
            digest.update(script.name.encode() + b"\0" + script.read_bytes())
    return digest.hexdigest()


class SchemaNote:
    """A note in the database's own data folder: it goes where the data go."""

    def __init__(self, data: Path) -> None:
        self._path = data / "themeline.schema"

    def is_current(self) -> bool:
        try:
            return self._path.read_text() == schema_digest()
        except OSError:
            return False

    def write(self) -> None:
        self._path.write_text(schema_digest())
