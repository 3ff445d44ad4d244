"""What the report leaves out of long tables, and that it says so."""

import pandas as pd

from alsdecline.report.excerpts import (
    common_events,
    few_names,
    findings_left_out,
    patients_left_out,
    printed_findings,
    terms_left_out,
)


def events(patients: dict[str, tuple[int, int]], in_arm: int = 50) -> pd.DataFrame:
    """Tabulate events by term of two arms of 50 patients, and of both together."""
    rows = []
    for term, (a, b) in {"any": (40, 41), "any serious": (1, 0), **patients}.items():
        for arm, n, size in (("a", a, in_arm), ("b", b, in_arm), ("all", a + b, 100)):
            rows.append((term, "", arm, n, 100 * n / size, n))
    columns = ["term", "severity", "arm", "patients", "percent", "events"]
    return pd.DataFrame(rows, columns=columns)


def test_few_terms_are_all_shown_the_most_frequent_first() -> None:
    table = events({"Ache": (0, 1), "Cough": (4, 4), "Fall": (4, 4), "Rash": (9, 0)})
    shown, left_out = common_events(table)
    assert [*dict.fromkeys(shown["term"])] == [
        "any",
        "any serious",
        "Rash",
        "Cough",
        "Fall",
        "Ache",
    ]
    assert left_out == 0
    assert terms_left_out(0) == ""


def test_of_many_terms_those_of_a_twentieth_of_any_arm_are_shown() -> None:
    """With 50 patients an arm, 3 are 6% and 2 are 4%; 2 and 2 are 4% of each."""
    rare = {f"rare {i:02d}": (2, 2) for i in range(24)}
    shown, left_out = common_events(events({**rare, "Rash": (3, 0), "Fall": (0, 3)}))
    assert [*dict.fromkeys(shown["term"])] == ["any", "any serious", "Fall", "Rash"]
    assert len(shown) == 4 * 3
    assert left_out == 24
    assert "24 further terms stand in results/tables/adverse_events.csv" in (
        terms_left_out(24)
    )
    assert "1 further term stands in" in terms_left_out(1)


def test_no_adverse_events_are_an_empty_table() -> None:
    shown, left_out = common_events(events({}).iloc[:0])
    assert shown.empty
    assert left_out == 0


def findings(*numbers: tuple[str, int]) -> pd.DataFrame:
    """Tabulate warnings, so many of each rule."""
    rows = [
        ("warning", rule, "visits.csv", float(i + 2), "day", str(i), f"{rule} {i}")
        for rule, number in numbers
        for i in range(number)
    ]
    columns = ["severity", "rule", "file", "row", "column", "value", "message"]
    return pd.DataFrame(rows, columns=columns)


def test_a_dozen_findings_are_all_shown() -> None:
    table = findings(("late_visit", 12))
    printed = printed_findings(table)
    assert printed.head == ["Severity", "File", "Row", "Column", "Value", "Finding"]
    assert [row[2] for row in printed.rows] == [str(i) for i in range(2, 14)]
    assert findings_left_out(table) == ""


def test_many_findings_are_counted_by_rule_with_examples() -> None:
    table = findings(("late_visit", 30), ("no_value", 1), ("no_end", 4))
    printed = printed_findings(table)
    assert printed.head[:3] == ["Severity", "Rule", "Number"]
    assert [(row[1], row[2], row[-1]) for row in printed.rows] == [
        ("late visit", "30", "late_visit 0"),
        ("late visit", "", "late_visit 1"),
        ("late visit", "", "late_visit 2"),
        ("late visit", "", "and 27 more"),
        ("no value", "1", "no_value 0"),
        # the fourth takes the line that would say that there is one more
        ("no end", "4", "no_end 0"),
        ("no end", "", "no_end 1"),
        ("no end", "", "no_end 2"),
        ("no end", "", "no_end 3"),
    ]
    assert findings_left_out(table).startswith("35 findings; ")


def test_many_names_are_counted() -> None:
    assert few_names(float("nan"), 0) == ""
    assert few_names("A 1; B 2", 2) == "A 1; B 2"
    names = [f"P{i:02d}" for i in range(20)]
    assert few_names("; ".join(names), 20) == f"{'; '.join(names[:12])} and 8 more"


def test_a_report_of_very_many_says_of_whom_the_checks_are() -> None:
    """Of 3,001 patients in two arms, where 3,000 are checked at most."""
    analysed = pd.DataFrame(
        {"outcome": ["limb", "limb", "fvc"], "patients": [1500, 1501, 8]}
    )
    assert "of 3000 patients" in patients_left_out(analysed)
    assert "(at most 3001)" in patients_left_out(analysed)
    assert patients_left_out(analysed.assign(patients=[1500, 1500, 8])) == ""
