"""Tables of articles: CSV with a line of column names, whatever separates the cells."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from themeline.ingest.core.archives import MAX_LINE, READ_AT_ONCE, BadLine, FileItem, NotAnArchiveError, Read
from themeline.ingest.core.fields import MAX_TITLE

# The longest body that is accepted has two million characters; a quote that is never closed ends here, too.
MAX_CELL = 4_000_000
# More columns than any export has; a file with more is no table.
MAX_COLUMNS = 1_000
# Spreadsheets have headlines of two lines, or three; a cell whose quote is not closed soon has more, or is longer than
# any title that is accepted.
MOST_BREAKS = 3
OPEN_QUOTE = "not CSV: a quote is opened and not closed?"
# Paragraphs of a text have as many separators as rows have by chance, though hardly three in turn.
ENOUGH_ROWS = 3

DELIMITERS = (",", ";", "\t", "|")

# What columns are called for each field of an item, letters and digits only, the usual name first. Where several
# columns of a table could be one field, the first name here decides.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "heading", "articletitle", "posttitle", "titel", "titre", "titulo"),
    "text": ("text", "body", "content", "articletext", "fulltext", "maintext", "articlebody", "postcontent", "article"),
    "html": ("html", "bodyhtml", "contenthtml", "htmlbody"),
    "url": ("url", "link", "permalink", "address", "articleurl", "weburl", "canonicalurl", "href"),
    "external_id": ("externalid", "guid", "id", "articleid", "postid", "uuid"),
    "published": (
        "published", "publishedat", "publicationdate", "publishdate", "datepublished", "publisheddate", "pubdate",
        "date", "postdate", "datetime", "time", "timestamp", "created", "createdat",
    ),
    "updated": ("updated", "updatedat", "modified", "modifiedat", "datemodified", "lastmodified"),
    "source": ("source", "publisher", "publication", "outlet", "newspaper", "sourcename", "site"),
    "language": ("language", "lang", "locale"),
    "image": ("image", "imageurl", "urltoimage", "thumbnail", "picture"),
    "section": ("section", "category", "desk", "rubric", "topic"),
    "tags": ("tags", "keywords", "labels", "categories"),
    "authors": ("authors", "author", "byline", "creator", "writer"),
    "priority": ("priority",),
}  # fmt: skip
# How several values stand in one cell. A comma is part of many a person's name.
_SEPARATORS = {"tags": re.compile(r"[;|,]"), "authors": re.compile(r"[;|]")}
_NO_LETTER = re.compile(r"[^\w]|_")
UTF_8 = "utf-8-sig"  # with or without a mark
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def csv_items(stream: io.BufferedReader, after: int = 0, *, columns: Mapping[str, str] | None = None) -> Read:
    """The articles of a table; its first line names the columns.

    Args:
        stream: the file's bytes, in UTF-8, UTF-16 with a mark, or Windows-1252 (all of it, or single cells).
        after: the line up to which articles need not be made.
        columns: the column of each field whose column has a name of its own; "" for a field that is not to be read.

    Raises:
        NotAnArchiveError: no line of names, no column that is the title, or `columns` names one that is not there.
    """
    csv.field_size_limit(MAX_CELL)  # of the whole process, which has no other reader of tables
    lines = _Lines(stream)
    try:
        names, delimiter = _head(lines)
        yield from _rows(lines, delimiter, after, len(names), _fields(names, columns or {}))
    finally:
        lines.release()


def _rows(lines: "_Lines", delimiter: str, after: int, width: int, fields: Mapping[int, str]) -> Read:
    reader = csv.reader(lines, delimiter=delimiter)
    title = next(place for place, field in fields.items() if field == "title")
    while True:
        line = lines.start_row()
        reason, cells = "", list[str]()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"not CSV: {error}"
        if len(lines.taken) > 1:
            is_cut = bool(reason) or lines.has_ended
            # The line that closes a quote says nothing: its beginning is of the cell.
            holds_rows = _are_rows(lines.taken[1:] if is_cut else lines.taken[1:-1], delimiter, width)
            if _runs_on(cells[title : title + 1]) or (is_cut and holds_rows):
                yield BadLine(line, OPEN_QUOTE, raw=_mended(lines.taken[0]).rstrip("\r\n"))
                if holds_rows:
                    lines.put_back()
                continue
        if reason:
            yield BadLine(line, reason)
        elif line > after and any(cells):
            yield _item(line, [_mended(cell) for cell in cells], width, fields)


def _runs_on(titles: list[str]) -> bool:
    """Whether a title goes on over so many lines that its quote is not closed where it should be."""
    breaks = max((len(title.splitlines()) - 1 for title in titles), default=0)
    return breaks > MOST_BREAKS or (breaks > 0 and len(titles[0]) > MAX_TITLE)


def _are_rows(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether lines that were read as part of a cell are rows of the table: they begin with some."""
    first = list(islice((line for line in lines if line.strip()), ENOUGH_ROWS))
    return bool(first) and width > 1 and all(len(_cells(line, delimiter)) == width for line in first)


def looks_like_articles(start: bytes) -> bool:
    """Whether the beginning of a file reads like a table with a title and something else of articles."""
    line = start.split(b"\n", 1)[0].decode("utf-8", "replace")
    known = {field for name in _cells(line, _delimiter(line)) for field in NAMES if _plain(name) in NAMES[field]}
    return "title" in known and len(known) > 1


class _Lines:
    """The lines of a table, none longer than MAX_LINE; counts them.

    Attributes:
        number: of the line that was given last.
        taken: the lines since `start_row`.
        has_ended: since `start_row`, another line was asked for, and there is none.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        encoding = _encoding(stream.peek(READ_AT_ONCE))
        # What is not UTF-8 is kept as lone surrogates, and mended cell by cell.
        errors = "surrogateescape" if encoding == UTF_8 else "replace"
        self._text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        self._again: list[str] = []
        self.number = 0
        self.taken: list[str] = []
        self.has_ended = False

    def release(self) -> None:
        """Leave the stream open: whoever opened it closes it."""
        self._text.detach()

    def start_row(self) -> int:
        """Begin a row; return the number of its line."""
        self.taken, self.has_ended = [], False
        return self.number + 1

    def put_back(self) -> None:
        """Give all lines since `start_row` but the first once more."""
        self._again += reversed(self.taken[1:])
        self.number -= len(self.taken) - 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._read()
        if not line:
            self.has_ended = True
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if len(line) > MAX_LINE:
            raise csv.Error(f"the line is longer than {MAX_LINE // 1024**2} MB")
        if "\0" in line:
            raise csv.Error("the line holds a NUL")
        return line

    def _read(self) -> str:
        """The next line; of one that is too long, as much as shows that it is."""
        line = self._text.readline(MAX_LINE + 1)
        if len(line) > MAX_LINE:
            while (rest := self._text.readline(READ_AT_ONCE)) and not rest.endswith(("\n", "\r")):
                pass
        return line


def _encoding(start: bytes) -> str:
    """The encoding of a table that begins so. A few bad bytes make no other encoding of UTF-8."""
    if start.startswith(_UTF_16_BOMS):
        return "utf-16"
    # Not `final`: the beginning may end within a character.
    text = codecs.getincrementaldecoder(UTF_8)("surrogateescape").decode(start)
    bad = sum(map(_is_bad, text))
    good = sum(not character.isascii() for character in text) - bad
    return "cp1252" if bad > good else UTF_8


def _head(lines: _Lines) -> tuple[list[str], str]:
    try:
        line = next(lines)
        if line.lower().startswith("sep=") and len(line.strip()) == len("sep=;"):  # as Excel writes for itself
            return _names(next(lines), line[4]), line[4]
    except (StopIteration, csv.Error):
        raise NotAnArchiveError("the table has no line of column names") from None
    delimiter = _delimiter(line)
    return _names(line, delimiter), delimiter


def _delimiter(line: str) -> str:
    """What parts the names into the most columns."""
    return max(DELIMITERS, key=lambda delimiter: len(_cells(line, delimiter)))


def _names(line: str, delimiter: str) -> list[str]:
    return [_mended(name) for name in _cells(line, delimiter)]


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])][:MAX_COLUMNS]
    except csv.Error:
        return []


def _fields(names: list[str], given: Mapping[str, str]) -> dict[int, str]:
    """Which field each column is; a column is one field at most."""
    places = {_plain(name): place for place, name in reversed(list(enumerate(names))) if _plain(name)}
    found: dict[int, str] = {}
    # A terminal may hand over bytes that are no text.
    for field, name in ((field, _mended(name)) for field, name in given.items()):
        if name and _plain(name) not in places:
            raise NotAnArchiveError(f"no column is called “{name}”: the columns are {_listed(names)}")
        if name:
            found[places[_plain(name)]] = field
    for field, known in NAMES.items():
        place = next((places[name] for name in known if name in places and places[name] not in found), None)
        if field not in given and place is not None:
            found[place] = field
    if "title" not in found.values():
        raise NotAnArchiveError(
            f"no column is the title: the columns are {_listed(names)}; name one with --columns title=NAME"
        )
    return found


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown  # noqa: PLR2004 - one line


def _plain(name: str) -> str:
    return _NO_LETTER.sub("", name.casefold())


def _item(line: int, cells: list[str], width: int, fields: Mapping[int, str]) -> FileItem | BadLine:
    if len(cells) > width:
        reason = "not CSV: more cells than columns"
        return BadLine(line, reason, f"{len(cells)} cells, {width} columns", _row(cells))
    values = {field: cells[place].strip() for place, field in fields.items() if place < len(cells)}
    return FileItem(line, {field: _value(field, text) for field, text in values.items() if text})


def _value(field: str, text: str) -> Any:
    separator = _SEPARATORS.get(field)
    return text if separator is None else [part.strip() for part in separator.split(text) if part.strip()]


def _row(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().rstrip("\r\n")


def _mended(text: str) -> str:
    """A text whose bytes were not UTF-8, as Windows-1252: what spreadsheets save."""
    if not any(map(_is_bad, text)):
        return text
    return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _is_bad(character: str) -> bool:
    return "\udc80" <= character <= "\udcff"
