"""What operators look at and what the code counts are the same."""

import re

from repository import alert_rules, dashboard_panels, metrics_in_code, panel_queries

METRIC = re.compile(r"\b(themeline_[a-z_]+)\b")
RECORDED = re.compile(r"\b(themeline:[a-z_:0-9]+)\b")
SUFFIXES = ("_bucket", "_sum", "_count")


def metrics_in_deploy() -> set[str]:
    queries = [query for _, query in panel_queries()] + [rule["expr"] for rule in alert_rules()]
    return {name for query in queries for name in METRIC.findall(query)}


def base(name: str, declared: dict[str, str]) -> str:
    """The metric that a series of a histogram belongs to."""
    for suffix in SUFFIXES:
        if declared.get(name.removesuffix(suffix)) == "Histogram":
            return name.removesuffix(suffix)
    return name


def test_every_metric_that_is_looked_at_exists_in_the_code() -> None:
    declared = metrics_in_code()
    assert {base(name, declared) for name in metrics_in_deploy()} - declared.keys() == set()


def test_every_metric_of_the_code_is_looked_at() -> None:
    declared = metrics_in_code()
    assert declared.keys() - {base(name, declared) for name in metrics_in_deploy()} == set()


def test_every_recorded_series_that_is_used_is_recorded() -> None:
    recorded = {rule["record"] for rule in alert_rules() if "record" in rule}
    used = {name for rule in alert_rules() if "alert" in rule for name in RECORDED.findall(rule["expr"])}
    assert used == recorded


def test_every_alert_says_how_bad_it_is_what_happened_and_what_to_do() -> None:
    for rule in alert_rules():
        if "alert" in rule:
            assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
            assert rule["labels"]["symptom"], rule["alert"]
            assert rule["annotations"]["summary"], rule["alert"]
            assert rule["annotations"]["description"], rule["alert"]


def test_every_panel_says_what_it_shows_and_in_which_unit() -> None:
    for panel in dashboard_panels():
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"]["uid"] == "prometheus", panel["title"]


def test_panels_have_names_and_places_of_their_own() -> None:
    panels = dashboard_panels()
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    cells = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23
