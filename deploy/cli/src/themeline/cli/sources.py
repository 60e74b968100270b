"""What `themeline ingest` is given, as a stream of articles: files, folders, standard input, addresses."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from themeline.ingest.core.archives import READ_AT_ONCE, BadLine, FileItem, Skipped
from themeline.ingest.core.files import SUFFIXES, read_items

STANDARD_INPUT = "-"
ADDRESSES = ("http://", "https://")
# What `pages` calls the feeds that it fetched.
FEEDS = ("feed.xml", "feed.json")
FEED_NOTE = "its entries of this moment were sent; `./themeline feeds add` has it read regularly"
# What each line of a file of rejected articles has (`ingest_rejected`).
REJECTED_KEYS = {"where", "problem", "item"}


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where something stands among all that a run reads: in which file (from 0), at which line (from 1)."""

    origin: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One article to send, and where it stands; `read` is how many bytes of all files were read so far."""

    where: str
    fields: dict[str, Any]
    place: Place = Place()
    read: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A single line (or, with `whole`, a whole source) that could not be read.

    Attributes:
        detail: what is particular to this line; `reason` is the same for all that fail alike.
        raw: the line itself, where it can be shown.
    """

    where: str
    reason: str
    whole: bool = False
    detail: str = ""
    raw: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A part of a source that is not meant to be an article, such as a picture in an export."""

    where: str
    reason: str
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Note:
    """What is worth knowing of a source."""

    where: str
    text: str
    place: Place = Place()


Found = Entry | Unreadable | PassedOver | Note


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing to read: a file, standard input or an address.

    Attributes:
        named: on the command line, not found in a folder.
        address: where what was fetched was found at last; `content_type` is what it was said to be.
    """

    name: str
    path: Path | None = None
    named: bool = True
    address: str = ""
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read.

    Attributes:
        source: the publisher of articles that name none.
        priority: of articles that name none; None leaves it to the service.
        columns: for a CSV file, the column of each field whose column has a name of its own.
    """

    source: str | None = None
    priority: str | None = None
    columns: Mapping[str, str] | None = None


AS_IT_IS = Reading()
FROM_START = Place()


def read_source(source: str, how: Reading = AS_IT_IS) -> Iterator[Found]:
    """Read one SOURCE argument; nothing that it names or contains raises."""
    return read_all([source], how)


def read_all(sources: Iterable[str], how: Reading = AS_IT_IS, after: Place = FROM_START) -> Iterator[Found]:
    """Read SOURCE arguments one after the other, without what stands at `after` or before it."""
    before = 0
    for number, origin in enumerate(origins(sources)):
        if isinstance(origin, Unreadable):
            yield replace(origin, place=Place(number))
            continue
        if number >= after.origin:
            line = after.line if number == after.origin else 0
            for found in _read(origin, number, how, line):
                yield replace(found, read=before + found.read) if isinstance(found, Entry) else found
        before += size_of(origin)


def origins(sources: Iterable[str]) -> Iterator[Origin | Unreadable]:
    """What there is to read, in the order in which it is read."""
    for source in sources:
        if not source:  # a variable without a value; Path would read the working directory
            yield Unreadable("''", "is no name: give a file, a folder, an address or -", whole=True)
        elif source == STANDARD_INPUT:
            yield Origin("standard input")
        elif source.startswith(ADDRESSES):
            yield Origin(source)
        elif Path(source).is_dir():
            yield from _files(source)
        else:
            yield Origin(source, Path(source))


def size_of(origin: Origin) -> int:
    """The bytes of a file; 0 for what has no size that is known."""
    try:
        return origin.path.stat().st_size if origin.path is not None else 0
    except OSError:
        return 0


def _files(folder: str) -> Iterator[Origin | Unreadable]:
    is_empty = True
    for found in _walk(folder):
        is_empty = False
        yield found
    if is_empty:
        yield Unreadable(folder, f"holds no file of a known kind ({', '.join(SUFFIXES)})", whole=True)


def _walk(folder: str) -> Iterator[Origin | Unreadable]:
    """The files of a folder and the folders in it, in the order of their names; one folder's names in memory."""
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        yield Unreadable(folder, f"cannot be read ({error.strerror})", whole=True)
        return
    for name, is_folder in names:
        path = os.path.join(folder, name)  # noqa: PTH118 - a Path for each of a million names costs seconds
        if name.startswith("."):
            continue
        if is_folder:
            yield from _walk(path)
        elif name.lower().endswith(SUFFIXES) and os.path.isfile(path):  # noqa: PTH113 - as above
            yield Origin(path, Path(path), named=False)


def _read(origin: Origin, number: int, how: Reading, after: int) -> Iterator[Found]:
    if origin.path is not None:
        return _from_file(origin, origin.path, number, how, after)
    if origin.name.startswith(ADDRESSES):
        return _from_address(origin.name, number, how)
    return _from_standard_input(number, how)


def _from_standard_input(number: int, how: Reading) -> Iterator[Found]:
    # Who closed it (`<&-`) gave us nothing to read.
    if sys.stdin is None:
        yield Unreadable("standard input", "is closed: give it a file, or name files", whole=True, place=Place(number))
    else:
        yield from _from_stream(Origin("standard input"), "", sys.stdin.buffer, number, how)


def _from_file(origin: Origin, path: Path, number: int, how: Reading, after: int) -> Iterator[Found]:
    try:
        with path.open("rb", buffering=READ_AT_ONCE) as file:
            is_seekable = file.seekable()
            for found in _from_stream(origin, path.name, file, number, how, after):
                if is_seekable and isinstance(found, Entry):
                    yield replace(found, read=file.tell())
                else:
                    yield found
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        yield Unreadable(origin.name, reason, whole=True, place=Place(number))


def _from_address(url: str, number: int, how: Reading) -> Iterator[Found]:
    # Loaded when the first address comes: it takes a third of the start of the command.
    from themeline.cli.pages import FetchError, fetch

    try:
        fetched = fetch(url)
    except FetchError as error:
        yield Unreadable(url, str(error), whole=True, place=Place(number))
        return
    origin = Origin(url, address=fetched.url, content_type=fetched.content_type)
    for found in _from_stream(origin, fetched.name, fetched.stream, number, how):
        if isinstance(found, Entry) and fetched.name == "page.html" and not found.fields.get("url"):
            found.fields["url"] = fetched.url
        yield found
    if fetched.name in FEEDS:
        yield Note(url, FEED_NOTE, Place(number))


def _from_stream(
    origin: Origin, name: str, stream: BinaryIO, number: int, how: Reading, after: int = 0
) -> Iterator[Found]:
    for read in read_items(
        name,
        stream,
        source=how.source,
        columns=how.columns,
        url=origin.address,
        content_type=origin.content_type,
        after=after,
        today=datetime.now(UTC).date(),
    ):
        where = f"{origin.name}, line {read.line}" if read.line else origin.name
        yield _found(read, where, Place(number, read.line), how)


def _found(read: FileItem | BadLine | Skipped, where: str, place: Place, how: Reading) -> Found:
    if isinstance(read, Skipped):
        return PassedOver(where, read.reason, place)
    if isinstance(read, BadLine):
        return Unreadable(where, read.reason, read.line == 0, read.detail, read.raw, place)
    fields = _mended(read.fields)
    if how.priority and not fields.get("priority"):
        fields = {**fields, "priority": how.priority}
    return Entry(where, fields, place)


def _mended(fields: dict[str, Any]) -> dict[str, Any]:
    """The article in a line of a file of rejected ones, which may be mended and sent."""
    item = fields.get("item")
    return item if isinstance(item, dict) and fields.keys() == REJECTED_KEYS else fields
