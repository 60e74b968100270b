from themeline.api.examples import TRACE
from themeline.cli.trace import trace_lines


def test_a_trace_is_a_line_of_plain_words_and_a_line_for_each_step() -> None:
    lines = list(trace_lines(TRACE))
    assert lines[:5] == [
        "0b0f6c0e-5b1f-4c5e-9d0a-2f7a6a1c9e11 https://courier.example/2025/07/bridge ready",
        "version 2 related 140 ms after it was received; in the story “Harbour bridge closes for repairs”",
        "",
        "2025-07-12 09:13:02.000  v1  received  published",
        "2025-07-12 09:13:02.731  v1  decided   ready",
    ]
    assert lines[5] == "2025-07-12 09:20:00.000      rejected  missing-field once, by push: `title` is required."
    assert lines[6] == "2025-07-12 10:00:00.000  v2  received  changed       pushed [request 7f6d0c1e]"


def test_what_was_never_accepted_is_said_to_be_so() -> None:
    step = TRACE["steps"][2] | {"detail": "once, by feed: \x1b[2J\nno title"}
    rejected = TRACE | {"id": None, "url": None, "state": None, "summary": "rejected once", "steps": [step]}
    lines = list(trace_lines(rejected))
    assert lines[:2] == ["never accepted", "rejected once"]
    assert lines[3].endswith("once, by feed: [2J no title")
