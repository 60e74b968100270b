import pytest
from click.testing import CliRunner

from support import free_port
from themeline.api.examples import QUARANTINE
from themeline.cli.quarantine import command, quarantine_lines

ID = "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11"


@pytest.mark.parametrize("action", ["retry", "drop"])
@pytest.mark.parametrize("arguments", [[], [ID, "--all"]])
def test_either_articles_are_named_or_all_of_them(action: str, arguments: list[str]) -> None:
    done = CliRunner().invoke(command, [action, *arguments])
    assert done.exit_code == 2
    assert "Name the articles by their IDs, or give --all, and not both." in done.output


@pytest.mark.parametrize("name", ["7", "https://paper.example/", "../articles"])
def test_what_is_no_id_is_not_asked_for(name: str) -> None:
    done = CliRunner().invoke(command, ["drop", name])
    assert done.exit_code == 2
    assert "is no id of an article" in done.output


@pytest.mark.parametrize("arguments", [["list"], ["retry", ID, ID], ["drop", "--all"]])
def test_a_system_that_is_away_is_told_once(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("THEMELINE_API_URL", "THEMELINE_INGEST_URL"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 1
    assert done.output.count("nothing listens there") == 1


def test_an_article_is_two_lines_whatever_its_title_holds() -> None:
    (article,) = QUARANTINE["items"]
    lines = list(quarantine_lines([article | {"title": "Bridge\x1b[2J\nto close", "last_error": None}]))
    assert lines == [
        "2025-07-12 09:14:40 0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11 Daily Courier: Bridge [2J to close",
        "3 attempts: no error is known",
    ]
