"""The examples of the documents do what the documents say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from documents import Example, blocks, documents, examples
from repository import ROOT
from support import require_program
from systems import RunningSystem, plain_environment
from themeline.cli.services import get_json, make_client

MARK = "\x1e"
ENTRY = re.compile(r"^(\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT)\n(.+)$", re.MULTILINE)
WITH_EXAMPLES = [path for path in documents() if blocks(path.read_text(encoding="utf-8"), "console")]
SECONDS = 120.0

# What a reader's own pace does: the next command is typed when the article has been related.
SETTLE = """
settle() {
  for _ in $(seq 2000); do
    case $(curl -s "$THEMELINE_API_URL/v1/articles?state=pending&limit=1") in *'"items":[]'*) return;; esac
  done
  echo "still pending" >&2
  return 1
}
"""


def session(commands: list[str], folder: Path, system: RunningSystem) -> list[str]:
    """Run commands in one shell, as a reader would type them; return what each printed."""
    require_program("curl")
    program = folder / "themeline"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m themeline.cli "$@"\n')
    program.chmod(0o700)
    script = SETTLE + "".join(f"settle\nprintf '{MARK}'\n{command}\n" for command in commands)
    script = script.replace("http://127.0.0.1:8000", system.api_url).replace("http://127.0.0.1:8001", system.ingest_url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=plain_environment() | system.urls,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, f"{done.stderr}\n{done.stdout}"
    return done.stdout.split(MARK)[1:]


def assert_printed(example: Example, printed: str) -> None:
    pattern = ".*".join(re.escape(part) for part in example.expected.strip().split("…"))
    assert re.fullmatch(pattern, printed.strip(), re.DOTALL), f"$ {example.command}\n{printed}"


def test_the_documents_show_what_really_happens(
    system: RunningSystem, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """One test, because a system takes longer to start than all of the examples to run."""
    for path in WITH_EXAMPLES:
        with subtests.test(path.name):
            check_examples(path, tmp_path, system)
    with subtests.test("the box of the README"):
        check_box(ROOT / "README.md", system)


def check_examples(path: Path, folder: Path, system: RunningSystem) -> None:
    wanted = list(examples(path.read_text(encoding="utf-8")))
    printed = session([example.command for example in wanted], folder, system)
    assert len(printed) == len(wanted)
    for example, output in zip(wanted, printed, strict=True):
        assert_printed(example, output)


def check_box(path: Path, system: RunningSystem) -> None:
    """What is shown stands in the real box, in the same order."""
    shown = next(block for block in blocks(path.read_text(encoding="utf-8"), "text") if "MORE ON THEME" in block)
    (_, title), *entries = ENTRY.findall(shown)
    with make_client(system.api_url) as api:
        everything = get_json(api, "/v1/articles", limit=200)["items"]
        found = next(one for one in everything if one["title"] == title)
        box = get_json(api, f"/v1/articles/{found['id']}/related", limit=200, min_score=0)
    listed = [(item["published"]["http"], item["title"]) for item in box["items"] if item["published"]]
    assert len(entries) >= 5
    assert [entry for entry in listed if entry in entries] == entries
