"""What a run of `themeline ingest` is about to read: how much it is, and what tells it from another run."""

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from themeline.cli.sources import Origin, Reading, origins

# Enough to tell a file that was written anew in the same second, with the same size, from its predecessor.
HEAD_BYTES = 64 * 1024
# Above this, sources are an archive: 8 MiB hold two to three thousand full articles, 10 to 20 s of relating on two
# cores, and news must not wait that long.
ARCHIVE_BYTES = 8 * 1024 * 1024
NAME_BYTES = 8


@dataclass(frozen=True)
class Plan:
    """The sources of a run.

    Attributes:
        origins: how many files (or other things) will be read.
        size: of all files, in bytes; None when something has no size that is known.
        name: the same for every run over the same sources into the same system; None when what is read cannot be
            read again (standard input, an address).
        fingerprint: differs when anything changed that would be sent.
    """

    origins: int
    size: int | None
    name: str | None
    fingerprint: str

    @property
    def is_archive(self) -> bool:
        return self.size is not None and self.size > ARCHIVE_BYTES


def make_plan(sources: Sequence[str], how: Reading, system: str) -> Plan:
    """Look at everything that will be read, without reading it."""
    seen = blake2b(json.dumps(asdict(how), default=dict).encode())
    number, size, is_lasting = 0, 0, True
    for origin in origins(sources):
        number += 1
        if not isinstance(origin, Origin):
            continue
        told = _status(origin)
        is_lasting = is_lasting and told is not None
        size += told.st_size if told else 0
        seen.update(_mark(origin, told))
    return Plan(
        origins=number,
        size=size if is_lasting else None,
        name=_name(sources, system) if is_lasting else None,
        fingerprint=seen.hexdigest(),
    )


def _status(origin: Origin) -> os.stat_result | None:
    """What is known of a file that can be read again; None for pipes, standard input and addresses."""
    if origin.path is None:
        return None
    try:
        told = origin.path.stat()
    except OSError:
        return None
    return told if stat.S_ISREG(told.st_mode) else None


def _mark(origin: Origin, told: os.stat_result | None) -> bytes:
    words = [origin.name, told.st_size, told.st_mtime_ns] if told else [origin.name]
    return json.dumps(words).encode() + (_head(origin.path) if origin.named and told and origin.path else b"")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


def _name(sources: Sequence[str], system: str) -> str:
    words = json.dumps([system, *(str(Path(source).resolve()) for source in sources)])
    readable = "".join(letter for letter in Path(sources[0]).name[:40] if letter.isalnum() or letter in "-_.")
    return f"{readable or 'archive'}-{blake2b(words.encode(), digest_size=NAME_BYTES).hexdigest()}"
