"""What no tracked file may hold."""

import re

from repository import ROOT, pins, tracked_files

# A folder of one machine or one person, at the start of a path.
MACHINE_PATH = re.compile(rb"(?:^|[^A-Za-z0-9_./-])/(?:work|home|root|Users)/[A-Za-z0-9_.-]+", re.MULTILINE)
ADDRESS = re.compile(r"https?://|file:|--index|--find-links|--extra-index")
PIN = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==\S+")


def test_no_tracked_file_holds_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group().decode(errors='replace').strip()}"
        for path in tracked_files()
        for match in MACHINE_PATH.finditer(path.read_bytes())
    ]
    assert found == []


def test_every_requirement_is_pinned_with_hashes_and_names_no_address() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert not ADDRESS.search(text), path.name
        for requirement in text.replace("\\\n", " ").splitlines():
            if requirement.strip() and not requirement.lstrip().startswith("#"):
                assert PIN.match(requirement), f"{path.name}: not pinned: {requirement[:60]}"
                assert "--hash=sha256:" in requirement, f"{path.name}: no hash: {requirement[:60]}"


def test_a_service_runs_with_the_versions_that_are_tested() -> None:
    tested = pins("dev")
    for name in ("ingest", "related", "api", "runtime"):
        assert pins(name).items() <= tested.items(), name
