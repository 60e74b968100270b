"""Each image holds what its service needs: its entry points load with the requirements of that service alone."""

import subprocess
import sys

import pytest

from repository import ROOT, pins

# Refuses, as an image would, whatever does not come from a pinned requirement of the service.
ALONE = """
import importlib.metadata, sys
allowed, own, modules = set(sys.argv[1].split()), set(sys.argv[2].split()), sys.argv[3].split()
providers = importlib.metadata.packages_distributions()
normal = lambda name: name.lower().replace("_", "-").replace(".", "-")

class Image:
    def find_spec(self, name, path=None, target=None):
        top, _, rest = name.partition(".")
        if top == "themeline" and rest and rest.partition(".")[0] not in own:
            raise ModuleNotFoundError(f"{name} is not in this image", name=name)
        if top in providers and top != "themeline" and not {normal(p) for p in providers[top]} & allowed:
            raise ModuleNotFoundError(f"{name} is not in this image", name=name)
        return None

sys.meta_path.insert(0, Image())
for module in modules:
    __import__(module)
"""

ENTRY_POINTS = {
    "ingest": "themeline.ingest.__main__ themeline.ingest.relay themeline.shared.migrations.__main__",
    "related": "themeline.related.__main__ themeline.related.sweep",
    "api": "themeline.api.__main__",
}


def load(service: str, modules: str) -> subprocess.CompletedProcess[str]:
    arguments = [" ".join(pins(service)), f"shared {service}", modules]
    return subprocess.run(
        [sys.executable, "-c", ALONE, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("service", ENTRY_POINTS)
def test_a_service_starts_with_its_own_requirements(service: str) -> None:
    result = load(service, ENTRY_POINTS[service])
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("service", "absent"),
    [("ingest", "numpy"), ("api", "celery"), ("related", "fastapi"), ("api", "themeline.related")],
)
def test_a_service_cannot_load_what_its_image_does_not_hold(service: str, absent: str) -> None:
    result = load(service, absent)
    assert "is not in this image" in result.stderr
