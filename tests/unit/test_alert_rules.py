"""The alerts: each fires when it should, none while all is well, all are explained, and their metrics exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy" / "alerts.yaml"


def alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def test_every_alert_is_explained() -> None:
    told = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    named = [rule["alert"] for rule in alerts()]
    assert len(named) == len(set(named))
    assert re.findall(r"^\| `(Onrecord\w+)` \|", told, re.MULTILINE) == named


def series(values: str, **labels: str) -> dict[str, str]:
    name, _, value = values.partition(" ")
    told = ",".join(f'{key}="{label}"' for key, label in labels.items())
    return {"series": f"{name}{{{told}}}", "values": value}


FIRING: Mapping[str, list[dict[str, str]]] = {
    "OnrecordGone": [series("up 0x420", job="onrecord", instance="a")],
    "OnrecordReplicaDown": [
        series("up 0x420", job="onrecord", instance="a"),
        series("up 1x420", job="onrecord", instance="b"),
    ],
    "OnrecordDatabaseAway": [series("onrecord_database_up 0x420", instance="a")],
    "OnrecordAnswersNobody": [series("onrecord_updates_oldest_seconds 0+60x420")],
    "OnrecordSendsNothing": [
        series("onrecord_deliveries_oldest_seconds 0+60x420", platform="telegram"),
        series("onrecord_deliveries_last_minute 0x420", platform="telegram"),
    ],
    "OnrecordSendsLate": [series("onrecord_deliveries_oldest_seconds 3601x420", platform="slack")],
    "OnrecordMessagesFail": [series("onrecord_queue 0+1x420", state="failed")],
    "OnrecordChatsLost": [series("onrecord_queue 0+1x420", state="paused")],
    "OnrecordDoubles": [series("onrecord_deliveries_doubled 0+1x420")],
    "OnrecordFaults": [series("onrecord_commands_total 0+1x420", command="who", outcome="failed")],
    "OnrecordGivesUp": [series("onrecord_queue 0x395 1x25", state="parked")],
    "OnrecordJobsWait": [
        series("onrecord_jobs_oldest_seconds 0+60x420", kind="extract"),
        series("onrecord_jobs 0x420", kind="extract", state="running"),
    ],
    "OnrecordCallsRefused": [series("onrecord_calls_total 0+3x420", platform="slack", status="401")],
    "OnrecordSlow": [
        series("onrecord_command_seconds_bucket 0+1x420", command="who", le="2.5"),
        series("onrecord_command_seconds_bucket 0+9x420", command="who", le="+Inf"),
    ],
    "OnrecordSourcesFail": [
        series("onrecord_sources 30x420", state="failing"),
        series("onrecord_sources 99x420", state="watched"),
    ],
    "OnrecordReadsNothing": [series("onrecord_articles 7x420"), series("onrecord_sources 3x420", state="watched")],
    "OnrecordReadsLate": [series("onrecord_extraction_waiting 501x420")],
    "OnrecordModelFails": [
        series("onrecord_model_failed 0+3x420", days="ever"),
        series("onrecord_model_requests 0+4x420", days="ever"),
    ],
}
"""What makes each alert fire."""
LABELS: Mapping[str, Mapping[str, str]] = {
    "OnrecordReplicaDown": {"job": "onrecord", "instance": "a"},
    "OnrecordDatabaseAway": {"instance": "a"},
    "OnrecordSendsNothing": {"platform": "telegram"},
    "OnrecordSendsLate": {"platform": "slack"},
    "OnrecordCallsRefused": {"platform": "slack"},
    "OnrecordJobsWait": {"kind": "extract"},
}
"""What an alert says it is about; the others are about all."""
WELL = [
    series("up 1x420", job="onrecord", instance="a"),
    series("onrecord_deliveries_oldest_seconds 30x420", platform="telegram"),
    series("onrecord_deliveries_last_minute 900x420", platform="telegram"),
    *(series("onrecord_queue 7x420", state=state) for state in ("failed", "paused", "parked")),
    series("onrecord_deliveries_doubled 1x420"),
    series("onrecord_commands_total 0+9x420", command="who", outcome="answered"),
    series("onrecord_commands_total 0x420", command="who", outcome="failed"),
    series("onrecord_command_seconds_bucket 0+9x420", command="who", le="0.5"),
    series("onrecord_command_seconds_bucket 0+9x420", command="who", le="+Inf"),
    series("onrecord_sources 1x420", state="failing"),
    series("onrecord_sources 99x420", state="watched"),
    series("onrecord_articles 0+1x420"),
    series("onrecord_updates_oldest_seconds 3x420"),
    series("onrecord_database_up 1x420", instance="a"),
    series("onrecord_calls_total 0+90x420", platform="slack", status="200"),
    series("onrecord_calls_total 0+1x420", platform="slack", status="401"),
    series("onrecord_jobs_oldest_seconds 2000x420", kind="fetch"),
    series("onrecord_jobs 9x420", kind="fetch", state="running"),
    series("onrecord_jobs_parked 3x420"),
    series("onrecord_extraction_waiting 20x420"),
    series("onrecord_model_failed 0+1x420", days="ever"),
    series("onrecord_model_requests 0+9x420", days="ever"),
]


def test_an_example_is_given_for_every_alert() -> None:
    assert list(FIRING) == [rule["alert"] for rule in alerts()]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here (Debian: prometheus)")
def test_each_alert_fires_when_it_should_and_none_while_all_is_well(tmp_path: Path) -> None:
    rules = {rule["alert"]: rule for rule in alerts()}

    def expected(name: str) -> list[dict[str, Any]]:
        rule, own = rules[name], LABELS.get(name, {})
        text = rule["annotations"]["summary"]
        text = re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: own[found[1]], text)
        return [{"exp_labels": {**own, **rule["labels"]}, "exp_annotations": {"summary": text}}]

    firing = [
        {
            "interval": "1m",
            "input_series": given,
            "alert_rule_test": [{"eval_time": "400m", "alertname": name, "exp_alerts": expected(name)}],
        }
        for name, given in FIRING.items()
    ]
    well = {
        "interval": "1m",
        "input_series": WELL,
        "alert_rule_test": [{"eval_time": "400m", "alertname": name, "exp_alerts": []} for name in rules],
    }
    tests = {"rule_files": [str(RULES)], "evaluation_interval": "5m", "tests": [*firing, well]}
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", str(tmp_path / "tests.yaml")], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
