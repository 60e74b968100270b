import os
import subprocess
import sys
from pathlib import Path

import pytest

from themeline.embedded.claim import claim
from themeline.embedded.errors import EmbeddedError

HOLD = """
import pathlib, sys
from themeline.embedded.claim import claim
claim(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_system_on_a_folder_is_refused_naming_both(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(EmbeddedError, match=f"{tmp_path} is in use .*process {holder.pid}"):
            claim(tmp_path)


def test_a_folder_is_free_again_after_its_holder_ended(tmp_path: Path) -> None:
    for _ in range(2):
        os.close(claim(tmp_path))
