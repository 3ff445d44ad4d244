"""Bad raw data are found and named: file, row, column, value and what to do.

The faults are put into copies of the bundled trial, which has none; a few of each kind
also go through Snakemake, in tests/workflow/test_bad_inputs.py.
"""

from pathlib import Path

import pandas as pd
import pytest

from alsdecline.raw.findings import (
    DataError,
    Finding,
    findings_frame,
    read_findings,
    refuse_fatal,
    sort_findings,
    told_lines,
)
from alsdecline.raw.rules import Rule
from alsdecline.stable_files import write_csv
from support.chronology_faults import CHRONOLOGY_FAULTS
from support.configured_faults import CONFIGURED_FAULTS
from support.data_faults import ADVERSE, EVENTS, EXPOSURE, FAULTS, SUBJECTS, VISITS
from support.hand_trial import findings_in, plan_of
from support.implausible_faults import IMPLAUSIBLE_FAULTS
from support.near_faults import NEAR_FAULTS
from support.trial_folder import (
    added_row,
    cell,
    content,
    copy_bundled_trial,
    findings_of,
    replaced,
    row_text,
    together,
    without_rows,
)

ALL_FAULTS = (
    FAULTS | CONFIGURED_FAULTS | NEAR_FAULTS | CHRONOLOGY_FAULTS | IMPLAUSIBLE_FAULTS
)


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    return copy_bundled_trial(tmp_path / "my trial")


def test_the_bundled_trial_has_no_findings(trial: Path) -> None:
    assert findings_of(trial) == []


def test_without_a_cutoff_no_date_is_too_late(trial: Path) -> None:
    replaced("config.yaml", "  cutoff: 2005-12-31", "")(trial)
    cell(ADVERSE, 2, "end_date", "2007-12-31")(trial)
    assert findings_of(trial) == []


@pytest.mark.parametrize("name", ALL_FAULTS)
def test_a_fault_is_one_finding_and_one_line_that_name_its_place(
    name: str, trial: Path
) -> None:
    fault = ALL_FAULTS[name]
    fault.spoil(trial)
    findings = [f for f in findings_of(trial) if f.rule not in fault.others]
    same = [f for f in findings if f.severity == fault.severity]
    assert len(same) == 1, [str(f) for f in findings]
    found = same[0]
    assert (found.rule, found.file, found.row) == (fault.rule, fault.file, fault.row)
    assert (found.column, found.value) == (fault.column, fault.value)
    assert fault.says in found.message
    if not fault.fatal:
        refuse_fatal(findings, "results/validation/findings.csv")
        return
    with pytest.raises(DataError) as refused:
        refuse_fatal(findings, "results/validation/findings.csv")
    told, summary = str(refused.value).split("\n")
    assert told.startswith(f"fatal: {fault.file}")
    assert fault.row is None or f", row {fault.row}" in told
    assert not fault.column or f", column {fault.column}" in told
    assert not fault.value or f", value {fault.value[:80]!r}"[:-1] in told
    assert len(told) < 600
    assert summary.startswith("1 fatal finding in the raw data, all in results/")


def test_faults_in_several_files_are_told_at_once(trial: Path) -> None:
    names = ["text in a number", "unknown arm", "dose before randomisation"]
    for name in names:
        FAULTS[name].spoil(trial)
    with pytest.raises(DataError) as refused:
        refuse_fatal(findings_of(trial), "findings.csv")
    for name in names:
        assert f"{FAULTS[name].file}, row {FAULTS[name].row}" in str(refused.value)
    assert "3 fatal findings" in str(refused.value)


def test_a_patient_left_out_of_the_subjects_is_told_once_a_file(trial: Path) -> None:
    without_rows(SUBJECTS, "IGF-002")(trial)
    unknown = [f for f in findings_of(trial) if f.rule == "unknown_patient"]
    assert [f.file.removeprefix("data/") for f in unknown] == [
        "adverse_events.csv",
        "events.csv",
        "exposure.csv",
        "visits.csv",
    ]
    # visits.csv has 19 lines of IGF-002, from line 22 on
    assert (unknown[-1].row, unknown[-1].value) == (22, "IGF-002")
    assert "the first of 19 such rows" in unknown[-1].message


def test_a_file_that_cannot_be_read_brings_no_findings_about_other_files(
    trial: Path,
) -> None:
    content(VISITS, lambda _: b"")(trial)
    assert [f.rule for f in findings_of(trial)] == ["file_empty"]
    content(SUBJECTS, lambda _: b"")(trial)
    assert [f.rule for f in findings_of(trial)] == ["file_empty", "file_empty"]


def test_a_value_before_randomisation_is_a_baseline(trial: Path) -> None:
    together(
        cell(VISITS, 2, "visit_week", "1"), cell(VISITS, 2, "visit_date", "2003-03-16")
    )(trial)
    assert [f.rule for f in findings_of(trial)] == ["unscheduled_visit"]


def test_without_a_dose_time_starts_at_randomisation(trial: Path) -> None:
    replaced("config.yaml", "time_origin: randomisation", "time_origin: first_dose")(
        trial
    )
    without_rows(EXPOSURE, "IGF-009")(trial)
    assert findings_of(trial) == []


def test_leading_zeros_make_another_patient(trial: Path) -> None:
    together(
        added_row(SUBJECTS, "007,low,2003-04-17,F,60,limb,9.3,Y"),
        added_row(VISITS, "7,0,2003-03-17,55,26,81,103"),
    )(trial)
    rules = {(f.rule, f.value) for f in findings_of(trial)}
    assert rules == {("unknown_patient", "7"), ("no_visits", "007")}


def test_nothing_may_have_happened_in_a_trial(trial: Path) -> None:
    for file in (EXPOSURE, EVENTS, ADVERSE):
        content(file, lambda old: old.split(b"\n")[0] + b"\n")(trial)
    told = [(f.severity, f.rule, f.file) for f in findings_of(trial)]
    assert told == [
        ("warning", "no_rows", file) for file in (ADVERSE, EVENTS, EXPOSURE)
    ]


# How a spreadsheet or an editor may write the same records
HARMLESS = {
    "carriage returns and line feeds": lambda old: old.replace(b"\n", b"\r\n"),
    "carriage returns alone": lambda old: old.replace(b"\n", b"\r"),
    "a byte order mark": lambda old: b"\xef\xbb\xbf" + old,
    "blank lines at the end": lambda old: old + b"\n\n",
    "a blank line in the middle": lambda old: old.replace(b"\n", b"\n\n", 1),
    "rows of commas alone": lambda old: old + b",,,,,,\n",
    "no line end at the end": lambda old: old.rstrip(b"\n"),
    "spaces around the cells": lambda old: old.replace(b",", b" ,  "),
}


@pytest.mark.parametrize("how", HARMLESS)
def test_the_same_records_written_otherwise_have_no_findings(
    how: str, trial: Path
) -> None:
    content(VISITS, HARMLESS[how])(trial)
    assert findings_of(trial) == []


def test_a_column_that_nobody_asked_for_is_left_alone(trial: Path) -> None:
    frame = pd.read_csv(trial / VISITS, dtype=str)
    frame.assign(remark="5,5; ?").to_csv(trial / VISITS, index=False)
    assert findings_of(trial) == []


def test_a_mapped_column_wins_over_one_that_has_our_name_by_chance(
    trial: Path,
) -> None:
    # `date` of the exposure is `dose_date` in the configuration
    frame = pd.read_csv(trial / EXPOSURE, dtype=str)
    frame.assign(date="entered by hand").to_csv(trial / EXPOSURE, index=False)
    assert findings_of(trial) == []


def test_rows_count_lines_of_the_file_where_a_cell_has_line_breaks(
    trial: Path,
) -> None:
    together(
        row_text(EVENTS, 2, 'IGF-001,completed,2003-12-24,"two\nlines"'),
        cell(EVENTS, 5, "event", "gone"),
    )(trial)
    (found,) = findings_of(trial)
    lines = (trial / EVENTS).read_text().splitlines()
    assert found.row == 5
    assert lines[found.row - 1].startswith("IGF-003,gone,")


def test_a_finding_is_one_line_even_where_a_column_has_a_line_break() -> None:
    finding = Finding(
        "fatal", Rule.RANGE, "a.csv", 2, "Norris\nlimb", "9\n9", "too high"
    )
    told = str(finding)
    assert "\n" not in told
    assert r"column Norris\nlimb, value '9\n9'" in told


def test_a_long_value_is_cut_in_the_message_alone(tmp_path: Path) -> None:
    finding = Finding("fatal", Rule.NOT_A_NUMBER, "a.csv", 2, "x", "9" * 1000, "wrong")
    assert len(str(finding)) < 200
    write_csv(tmp_path / "findings.csv", findings_frame([finding]))
    assert "9" * 1000 in (tmp_path / "findings.csv").read_text()


def test_dates_of_a_wrong_format_are_one_line_with_a_count_and_three_examples(
    trial: Path,
) -> None:
    frame = pd.read_csv(trial / VISITS, dtype=str)
    dates = pd.to_datetime(frame["visit_date"])
    frame["visit_date"] = dates.dt.strftime("%d/%m/%Y")
    frame.to_csv(trial / VISITS, index=False)
    findings = findings_of(trial)
    assert len(findings) == 169
    line = told_lines(findings)[0]
    assert line.startswith(
        "fatal: data/visits.csv, column visit_date, 169 cells, as row 2 '17/03/2003', "
        "row 3 '31/03/2003', row 4 '13/04/2003': "
    )
    assert line.endswith(" [not_a_date]")
    with pytest.raises(DataError) as refused:
        refuse_fatal(findings, "findings.csv")
    assert str(refused.value).split("\n") == [
        line,
        (
            "169 fatal findings in the raw data, all in findings.csv; correct the "
            "files and run again. Earlier results are as they were."
        ),
    ]


def test_few_findings_of_one_kind_are_told_one_by_one() -> None:
    few = [Finding("fatal", Rule.RANGE, "a.csv", i, "x", f"{i}", "") for i in (2, 3, 4)]
    assert told_lines(few) == [str(finding) for finding in few]


def test_findings_of_several_kinds_in_one_column_are_told_apart() -> None:
    said = {"not a date": range(2, 8), "no such day": range(10, 16), "early": [9]}
    findings = [
        Finding("fatal", Rule.NOT_A_DATE, "a.csv", row, "x", "", f"{what}; write {row}")
        for what, rows in said.items()
        for row in rows
    ]
    told = told_lines(reversed(findings))
    assert [line.split(":")[1] for line in told] == [
        " a.csv, column x, 6 cells, as row 2, row 3, row 4",
        " a.csv, row 9, column x",
        " a.csv, column x, 6 cells, as row 10, row 11, row 12",
    ]
    # what the messages say of one row is said of the first
    assert told[0].endswith(": row 2: not a date; write 2 [not_a_date]")


def test_columns_that_are_missing_are_each_told() -> None:
    missing = [
        Finding("fatal", Rule.COLUMN_MISSING, "a.csv", None, "", "", f"no {name}")
        for name in "abcdefgh"
    ]
    assert told_lines(missing) == [str(finding) for finding in missing]


def test_more_than_twenty_kinds_of_fatal_findings_are_counted() -> None:
    findings = [
        Finding("fatal", Rule.RANGE, f"{i:02}.csv", 2, "x", "9", "too high")
        for i in range(25)
    ]
    with pytest.raises(DataError) as refused:
        refuse_fatal(findings, "findings.csv")
    lines = str(refused.value).split("\n")
    assert len(lines) == 22
    assert lines[-2] == "... and 5 lines more"
    assert lines[-1].startswith("25 fatal findings in the raw data")


def test_findings_are_sorted_fatal_first_and_told_once() -> None:
    warning = Finding("warning", Rule.NO_BASELINE, "a.csv", 1, "", "", "")
    late = Finding("fatal", Rule.SUM, "b.csv", 10, "", "", "")
    early = Finding("fatal", Rule.SUM, "b.csv", 9, "", "", "")
    assert sort_findings([warning, late, early, late]) == [early, late, warning]


def test_findings_come_back_from_their_table(trial: Path, tmp_path: Path) -> None:
    FAULTS["text in a number"].spoil(trial)
    rule = Rule.NO_BASELINE
    odd = Finding("warning", rule, "b, c.csv", None, 'x "y"', "1\n2", "µ; NA")
    findings = [
        *findings_of(trial),
        odd,
        Finding("warning", rule, "b", 7, "NA", "", ""),
    ]
    write_csv(tmp_path / "findings.csv", findings_frame(findings))
    assert read_findings(tmp_path / "findings.csv") == findings


def test_a_table_without_findings_has_its_columns(tmp_path: Path) -> None:
    write_csv(tmp_path / "findings.csv", findings_frame([]))
    text = (tmp_path / "findings.csv").read_text()
    assert text == "severity,rule,file,row,column,value,message\n"


def test_arms_are_compared_by_what_most_patients_have(tmp_path: Path) -> None:
    """The subjects file has names, the allocation file codes."""
    names = ["Active 50 mg", "Placebo"]
    subjects = "patient,arm,randomisation_date\n" + "".join(
        f"P{i},{names[i % 2]},2020-01-01\n" for i in range(8)
    )
    allocation = "patient,arm\n" + "".join(f"P{i},{'ba'[i % 2]}\n" for i in range(8))
    visits = "patient,visit_week,visit_date,score\n"
    visits += "".join(f"P{i},0,2020-01-01,8\n" for i in range(8))
    plan = plan_of(data={"allocation": {"file": "allocation.csv"}})
    for codes, told in (
        (allocation, []),
        (allocation.replace("P3,a", "P3,b"), [(5, "Placebo")]),
    ):
        texts = {"subjects": subjects, "visits": visits, "allocation": codes}
        found = findings_in(tmp_path, plan, **texts)[1]
        differ = [(f.row, f.value) for f in found if f.rule == "arms_differ"]
        assert differ == told
