"""Labelled files: JSON Lines, plain or gzipped, with `story` and `theme` labels."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from themeline.related.core.engine import EngineArticle
from themeline.related.core.features import RawArticle
from themeline.related.core.trial import Labelled
from themeline.shared.core.timestamps import parse_timestamp

HOUR = 3600.0


class UnusableFileError(ValueError):
    """A file that cannot be evaluated, with the line that says why."""


def read_labelled(path: Path) -> list[Labelled]:
    """The articles of a file. A line that is no article, or no article at all, raises UnusableFileError."""
    sources: dict[str, int] = {}
    try:
        found = [_article(line, number, path, sources) for number, line in _lines(path)]
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise UnusableFileError(f"{path}: cannot be read ({error}): give a .jsonl or .jsonl.gz file") from error
    if not found:
        raise UnusableFileError(f"{path}: holds no articles")
    return found


def _lines(path: Path) -> list[tuple[int, str]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    # Not splitlines(): a line separator within a JSON string is no end of a line.
    lines = content.decode("utf-8-sig").split("\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _article(line: str, number: int, path: Path, sources: dict[str, int]) -> Labelled:
    try:
        item: Any = json.loads(line)
        title = item["title"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnusableFileError(f"{path}, line {number}: not an article in JSON with a title") from error
    raw = RawArticle(str(title or ""), str(item.get("text") or ""), _language(item.get("language")))
    source = sources.setdefault(str(item.get("source")), len(sources) + 1)
    article = EngineArticle(raw, _hours(item.get("published")), source)
    try:
        return Labelled(article, _label(item.get("story")), _label(item.get("theme")))
    except TypeError as error:
        raise UnusableFileError(f"{path}, line {number}: {error}") from error


def _label(value: object) -> str | None:
    if isinstance(value, list | dict):
        raise TypeError("a label must be a text or a number")
    return None if value is None or value == "" else str(value)


def _language(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _hours(published: object) -> float:
    found = parse_timestamp(str(published)) if published else None
    return found.at.timestamp() / HOUR if found else float("nan")
