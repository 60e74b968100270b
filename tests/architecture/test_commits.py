"""Transactions begin and end in one module; services and stores never commit."""

import ast
from pathlib import Path

from repository import python_sources

OWNERS = {Path("shared/src/themeline/shared/db.py")}
MIGRATIONS = Path("shared/src/themeline/shared/migrations")
ENDINGS = {"begin", "begin_nested", "commit", "rollback"}


def test_only_the_unit_of_work_begins_and_commits() -> None:
    found = [
        f"{path}:{node.lineno}: .{node.func.attr}("
        for path, tree in python_sources()
        if path not in OWNERS and MIGRATIONS not in path.parents
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ENDINGS
    ]
    assert found == []
