"""Labelled articles for tests of evaluation and fitting: forty invented ones, five themes of two stories of four."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from repository import ROOT
from themeline.related.core.engine import EngineArticle
from themeline.related.core.features import RawArticle
from themeline.related.core.trial import Labelled

INVENTED = ROOT / "tests/data/labelled/invented.jsonl"


def invented() -> list[dict[str, Any]]:
    """The forty as they stand in the file."""
    return [json.loads(line) for line in INVENTED.read_text(encoding="utf-8").splitlines()]


def write(path: Path, items: Iterable[dict[str, Any]]) -> Path:
    """A labelled file of these items."""
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path


def labelled(title: str, story: str | None = None, theme: str | None = None, hours: float = float("nan")) -> Labelled:
    """An article that is its headline alone."""
    return Labelled(EngineArticle(RawArticle(title, "", "en"), hours), story, theme)
