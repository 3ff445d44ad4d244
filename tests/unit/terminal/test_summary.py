"""The end of a run says the answer as the report has it, and the rest by kinds."""

from pathlib import Path

import pytest

from alsdecline.terminal.summary import (
    end_of_run,
    reported,
    told_reasons,
    told_warnings,
    warnings_by_rule,
)

PAGE = """<html><body><p>Study</p><section class="answer">
<p class="sentence" data-value-id="a:b">Total fell 1.00 &micro;
 more <em>slowly</em>.</p>
<p class="mark">no</p>
<details class="cautions"><summary>3 cautions</summary><ul>
<li><a href="#size"><span data-value-id="c">Prior and data are in conflict</span></a>
</li>
<li><a href="#findings">2 findings on the raw data, none fatal</a></li>
<li><a href="#methods">4 priors are assumptions</a></li>
</ul></details></section><ul><li>another</li></ul>
<details><summary>The same</summary></details></body></html>"""

FINDINGS = """severity,rule,file,row,column,value,message
warning,no_baseline,data/visits.csv,2,norris_total,,"a, b"
warning,outside_window,data/visits.csv,3,visit_date,2003-01-01,x
warning,outside_window,data/visits.csv,4,visit_date,2003-01-01,x
"""


def event(job: str, *reasons: str) -> dict[str, object]:
    return {"job": job, "reason": list(reasons)}


@pytest.fixture
def analysed(trial: Path) -> Path:
    (trial / "results/validation").mkdir(parents=True)
    (trial / "results/report.html").write_text(PAGE, "utf-8")
    (trial / "results/validation/findings.csv").write_text(FINDINGS, "utf-8")
    return trial


def test_the_answer_and_the_cautions_are_those_of_the_report(analysed: Path) -> None:
    said = reported(analysed / "results/report.html")
    assert said.answer == "Total fell 1.00 \N{MICRO SIGN} more slowly."
    # findings are counted by their rules instead
    assert said.cautions == [
        "Prior and data are in conflict",
        "4 priors are assumptions",
    ]


def test_a_page_without_an_answer_says_none(tmp_path: Path) -> None:
    assert reported(tmp_path / "none.html").answer == ""


def test_warnings_are_counted_by_kind(analysed: Path) -> None:
    by_rule = warnings_by_rule(analysed / "results/validation/findings.csv")
    assert told_warnings(by_rule, ["4 priors are assumptions"]) == (
        "on the raw data 3 (outside window 2, no baseline 1); 4 priors are assumptions"
    )
    assert told_warnings({}, []) == "none"


def test_jobs_are_counted_by_why_they_ran() -> None:
    setting = "setting sampler.draws: 4000 -> 500"
    assert told_reasons(
        [
            event("fit_joint", setting),
            event("fit_single/limb", setting, "input results/data/x changed"),
            event("gate", "input results/fits/joint/posterior.parquet changed"),
            event("report", "follows from gate, which ran again to the same bytes"),
            event("crate", "output results/crate is gone"),
        ]
    ) == (
        f"5 jobs (2: {setting}; 1: output results/crate is gone; 2: follow from others)"
    )


def test_many_reasons_are_told_by_the_most_frequent() -> None:
    told = told_reasons([event(f"job{i}", f"reason {i}") for i in range(7)])
    assert told == (
        "7 jobs (1: reason 0; 1: reason 1; 1: reason 2; 1: reason 3; "
        "3: 3 more reasons, as `audit.py why` tells)"
    )


def test_the_end_names_the_report_from_the_root_where_it_was_asked_for(
    analysed: Path,
) -> None:
    parts = dict(end_of_run([event("report", "first run")], 61.0, report=True))
    assert parts["Report"] == str(analysed / "results/report.html")
    assert parts["Took"] == "1 min 1 s"
    assert parts["Ran"] == "1 job: first run"
    parts = dict(end_of_run([], 61.0, report=False))
    assert parts.keys() == {"Warnings", "Ran", "Took"}
