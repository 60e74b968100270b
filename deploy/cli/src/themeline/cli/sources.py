"""What `themeline ingest` is given, as a stream of articles: files, folders, standard input, addresses."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themeline.cli.pages import FetchError, fetch
from themeline.ingest.core.files import SUFFIXES, BadLine, read_items

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Entry:
    """One article to send, and where it stands."""

    where: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Unreadable:
    """A single line (or, with `whole`, a whole source) that could not be read."""

    where: str
    reason: str
    whole: bool = False


Found = Iterator[Entry | Unreadable]


def read_source(source: str) -> Found:
    """Read one SOURCE argument; nothing that it names or contains raises."""
    if source == STANDARD_INPUT:
        return _from_standard_input()
    if source.startswith(("http://", "https://")):
        return _from_address(source)
    if not source:  # a variable without a value; Path would read the working directory
        return iter([Unreadable("''", "is no name: give a file, a folder, an address or -", whole=True)])
    return _from_path(Path(source))


def _from_standard_input() -> Found:
    # Who closed it (`<&-`) gave us nothing to read.
    if sys.stdin is None:
        yield Unreadable("standard input", "is closed: give it a file, or name files", whole=True)
    else:
        yield from _from_stream("standard input", "", sys.stdin.buffer)


def _from_path(path: Path) -> Found:
    if path.is_dir():
        yield from _from_folder(path)
        return
    try:
        with path.open("rb") as stream:
            yield from _from_stream(str(path), path.name, stream)
    except OSError as error:
        yield Unreadable(str(path), f"cannot be read ({error.strerror})", whole=True)


def _from_folder(folder: Path) -> Found:
    files = sorted(path for path in folder.rglob("*") if _is_wanted(path, folder))
    if not files:
        yield Unreadable(str(folder), f"holds no file of a known kind ({', '.join(SUFFIXES)})", whole=True)
    for path in files:
        yield from _from_path(path)


def _is_wanted(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.name.lower().endswith(SUFFIXES) and not hidden and path.is_file()


def _from_address(url: str) -> Found:
    try:
        fetched = fetch(url)
    except FetchError as error:
        yield Unreadable(url, str(error), whole=True)
        return
    for found in _from_stream(url, fetched.name, fetched.stream):
        if isinstance(found, Entry) and fetched.name == "page.html" and not found.fields.get("url"):
            found.fields["url"] = fetched.url
        yield found


def _from_stream(where: str, name: str, stream: Any) -> Found:
    for read in read_items(name, stream):
        place = f"{where}, line {read.line}" if read.line else where
        if isinstance(read, BadLine):
            yield Unreadable(place, read.reason, whole=read.line == 0)
        else:
            yield Entry(place, read.fields)
