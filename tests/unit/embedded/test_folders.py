import os
import stat
from pathlib import Path

import pytest

from themeline.embedded.errors import EmbeddedError
from themeline.embedded.folders import private_folder, remove_socket_folder, socket_folder


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o777)
    assert stat.S_IMODE(private_folder(tmp_path / "open").stat().st_mode) == 0o700


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(EmbeddedError, match="--data-dir"):
            private_folder(path)


@pytest.mark.parametrize("name", ["plain", "deep" * 30, "a,b", "ümlaut"])
def test_a_socket_folder_is_private_short_and_removed(name: str, tmp_path: Path) -> None:
    beside = private_folder(tmp_path / name)
    folder = socket_folder(beside)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(os.fsencode(folder / ".s.PGSQL.5432.lock")) <= 104
    assert "," not in str(folder)
    assert socket_folder(beside) == folder, "after a crash the services find their server where it was"
    remove_socket_folder(beside)
    assert not folder.exists()


def test_a_remembered_folder_that_others_could_have_made_is_not_used(tmp_path: Path) -> None:
    beside = private_folder(tmp_path / ("deep" * 30))
    planted = tmp_path / "themeline-planted"
    planted.mkdir(mode=0o755)
    (beside / "run.path").write_text(str(planted))
    assert socket_folder(beside) != planted
    remove_socket_folder(beside)


def test_only_folders_of_ours_are_removed(tmp_path: Path) -> None:
    beside = private_folder(tmp_path / "beside")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (beside / "run.path").write_text(str(foreign))
    remove_socket_folder(beside)
    assert foreign.exists()
