"""Where the files of an installed package are, without importing it."""

from importlib.util import find_spec
from pathlib import Path


class UnusableEncoderError(RuntimeError):
    """An encoder cannot be used on this machine; the message says what is missing and what to do."""


def folder_of(package: str, remedy: str) -> Path:
    """The folder of an installed package; raise UnusableEncoderError, naming what to install, where it is missing."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise UnusableEncoderError(f"the package {package} is not installed: install {remedy}")
    return Path(spec.submodule_search_locations[0])
