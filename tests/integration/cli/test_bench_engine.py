"""The engine's bench measures every stage, alone and with a database."""

import json

from systems import command_line


def test_the_engine_is_measured_alone_and_in_the_service() -> None:
    ended = command_line("bench", "engine", "--stored", "64,192", "--articles", "32", "--batch", "32", "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert [one["stored"] for one in found["engine"]] == [64, 192]
    for one in (*found["engine"], *found["service"]):
        assert one["articles"] == 32
        assert one["total"] > 0
        assert 0 < one["relations"] <= one["candidates"] + 32
        assert {"features", "encode", "load", "score", "assign"} <= one["stages"].keys()
    assert all(one["postgresql"] > 0 for one in found["service"])


def test_sizes_that_are_no_numbers_are_told_in_one_line() -> None:
    ended = command_line("bench", "engine", "--stored", "many")
    assert ended.returncode != 0
    assert "write 10000,100000" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
