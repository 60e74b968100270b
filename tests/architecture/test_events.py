"""Events are plain facts: their module imports the standard library alone."""

import ast
import sys

from repository import ROOT


def test_events_import_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "shared/src/themeline/shared/events.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)
