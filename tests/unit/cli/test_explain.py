from themeline.api.examples import EXPLANATION
from themeline.cli.explain import explanation_lines


def test_an_explanation_is_laid_out_for_reading() -> None:
    lines = list(explanation_lines(EXPLANATION))
    assert lines[:4] == [
        "Sat, 12 Jul 2025 09:12:51 GMT",
        "Harbour bridge to close for a month",
        "Daily Courier",
        "",
    ]
    assert lines[8] == "Related: one theme with a probability of 0.93, and boxes show 0.50 or more."
    assert lines[13:15] == [
        "signal       value   weight    adds  shared",
        "names         0.61     3.20   +1.90  Harbour Bridge",
    ]


def test_an_article_that_is_not_read_yet_has_no_table() -> None:
    waiting = EXPLANATION | {"signals": [], "why": ["Not related yet: the engine has not read both of them."]}
    waiting["b"] = EXPLANATION["b"] | {"published": None}
    lines = list(explanation_lines(waiting))
    assert lines[4] == "Undated"
    assert lines[-1] == "Not related yet: the engine has not read both of them."
