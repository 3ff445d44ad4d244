"""Snakemake's lines about jobs carry why the records ask for them."""

import logging
from typing import Any

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.terminal.snakemake_reasons import RecordedReasons

RECORD = "results/records/fit.json"
WORDS = ["setting sampler.draws: 1000 -> 2000", "the lock changed"]


def passed(message: str, reasons: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    """Return what becomes of a line of the log."""
    line = logging.makeLogRecord({"msg": message, **more})
    assert RecordedReasons(reasons).filter(line)
    return line.__dict__


def reason_of(reason: str, *outputs: str, **reasons: list[str]) -> str:
    about = {"event": LogEvent.JOB_INFO, "output": list(outputs), "reason": reason}
    return str(passed("", {RECORD: WORDS} | reasons, **about)["reason"])


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Forced execution", "; ".join(WORDS)),
        ("Missing output files: a", f"{'; '.join(WORDS)}; Missing output files: a"),
    ],
)
def test_the_words_stand_for_a_forced_execution_and_before_other_reasons(
    reason: str, told: str
) -> None:
    assert reason_of(reason, "results/fits/posterior.parquet", RECORD) == told


def test_a_job_that_the_records_do_not_ask_for_keeps_its_reason() -> None:
    assert reason_of("Forced execution", "results/x") == "Forced execution"


def test_reasons_that_are_added_later_are_told() -> None:
    reasons: dict[str, list[str]] = {}
    told = RecordedReasons(reasons)
    reasons[RECORD] = WORDS
    about = {"event": LogEvent.JOB_INFO, "output": [RECORD]}
    line = logging.makeLogRecord(about | {"reason": "Forced execution"})
    told.filter(line)
    assert line.__dict__["reason"] == "; ".join(WORDS)


SUMMARY = "Reasons:\n    (see above)\n    forced:\n        fit"


def test_the_summary_calls_no_job_forced_that_the_records_ask_for() -> None:
    assert "asked for by the records" in passed(SUMMARY, {RECORD: WORDS})["msg"]
    assert passed(SUMMARY, {})["msg"] == SUMMARY


def test_other_lines_pass_as_they_are() -> None:
    assert passed("    forced:\n", {RECORD: WORDS})["msg"] == "    forced:\n"
