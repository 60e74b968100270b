"""The alert rules, run by Prometheus' own tool."""

import subprocess

import yaml

from repository import ROOT, alert_rules
from support import require_program

CASES = ROOT / "deploy/prometheus/tests/alerts_test.yml"


def promtool(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [require_program("promtool"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_prometheus_accepts_its_configuration() -> None:
    result = promtool("check", "config", ROOT / "deploy/prometheus/prometheus.yml")
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_alert_fires_and_stays_silent_as_its_cases_say() -> None:
    result = promtool("test", "rules", CASES)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent() -> None:
    alerts = {rule["alert"] for rule in alert_rules() if "alert" in rule}
    cases = yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"]
    expectations = [str(check["exp_samples"]) for case in cases for check in case["promql_expr_test"]]
    for alert in alerts:
        assert any(alert in expected for expected in expectations), f"{alert} never fires"
        assert any(alert not in expected for expected in expectations), f"{alert} is never silent"
