"""The documents: their examples, links and names, and the tables that are made from the code.

Run as a program it writes the tables anew.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from pydantic_core import PydanticUndefined

from repository import METRIC_CLASSES, ROOT, python_sources, tracked_files
from themeline.api.settings import ApiSettings
from themeline.ingest.settings import FetcherSettings, IngestSettings, RelaySettings
from themeline.related.settings import ReindexSettings, RelatedSettings, SweepSettings
from themeline.shared.settings import Settings

OPERATIONS = ROOT / "docs/operations.md"
PROCESSES: dict[str, type[Settings]] = {
    "ingest": IngestSettings,
    "fetcher": FetcherSettings,
    "relay": RelaySettings,
    "related": RelatedSettings,
    "reindex": ReindexSettings,
    "sweep": SweepSettings,
    "api": ApiSettings,
}

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Example:
    """A command of a document, and what it prints; `…` stands for anything."""

    command: str
    expected: str


def documents() -> list[Path]:
    """Every Markdown file of the repository."""
    return [path for path in tracked_files() if path.suffix == ".md"]


def blocks(text: str, kind: str) -> list[str]:
    """The contents of the fenced blocks of one kind."""
    return [body for found, body in _FENCE.findall(text) if found == kind]


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return _FENCE.sub("", text)


def examples(text: str) -> Iterator[Example]:
    """The commands of the `console` blocks: `$ ` begins one, `> ` continues it, the rest is its output."""
    for block in blocks(text, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *rest = part.splitlines()
            more = [line[2:] for line in rest if line.startswith("> ")]
            output = [line for line in rest if not line.startswith("> ")]
            yield Example("\n".join([first, *more]), "\n".join(output))


def links(text: str) -> list[str]:
    return _LINK.findall(prose(text))


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as hosts of Markdown make them."""
    return {anchor(heading) for heading in _HEADING.findall(prose(text))}


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def named_in(text: str) -> set[str]:
    """What stands between backticks, and the words of a text diagram or an example."""
    return set(_CODE.findall(prose(text)))


def settings_table() -> str:
    """Every setting of every process, by name."""
    readers: dict[str, list[str]] = {}
    fields: dict[str, Any] = {}
    for process, kind in PROCESSES.items():
        for name, field in kind.model_fields.items():
            readers.setdefault(name, []).append(process)
            fields.setdefault(name, field)
    rows = [
        (f"`THEMELINE_{name.upper()}`", _default(fields[name]), ", ".join(readers[name]), fields[name].description)
        for name in sorted(fields)
    ]
    return _table(("variable", "default", "read by", "effect"), rows)


def metrics_table() -> str:
    """Every metric that the code declares, by name."""
    rows = sorted(
        (f"`{ast.literal_eval(call.args[0])}`", _kind(call), _labels(call), ast.literal_eval(call.args[1]))
        for _, tree in python_sources()
        for call in ast.walk(tree)
        if _declares_metric(call)
    )
    return _table(("metric", "type", "labels", "what"), rows)


def with_tables(text: str) -> str:
    """The text of `docs/operations.md` with its tables as the code has them now."""
    for name, table in (("settings", settings_table()), ("metrics", metrics_table())):
        begin, end = f"<!-- {name}: made by tests/documents.py -->", f"<!-- {name}: end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n\n{table}\n\n{end}{after}"
    return text


def _default(field: Any) -> str:
    if field.default is PydanticUndefined:
        return "required"
    if field.default is None:
        return "–"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def _declares_metric(node: ast.AST) -> TypeGuard[ast.Call]:
    match node:
        case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str()), ast.Constant(value=str()), *_]):
            return kind in METRIC_CLASSES
    return False


def _kind(call: ast.Call) -> str:
    written = ast.unparse(call.func)
    name = written.removesuffix("MetricFamily").lower()
    return f"{name}, sampled" if name != written.lower() else name


def _labels(call: ast.Call) -> str:
    given = [word.value for word in call.keywords if word.arg in ("labels", "labelnames")]
    given += [node for node in call.args[2:] if isinstance(node, ast.Tuple | ast.List)]
    return ", ".join(f"`{label}`" for node in given for label in ast.literal_eval(node))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    OPERATIONS.write_text(with_tables(OPERATIONS.read_text(encoding="utf-8")), encoding="utf-8")
