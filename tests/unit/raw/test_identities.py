"""Who a patient is, in columns that no analysis uses, stands in no finding."""

import pytest

from alsdecline.raw.csv_cells import read_csv_cells
from alsdecline.raw.findings import Finding, counts_by_rule
from alsdecline.raw.rules import Rule
from support.hand_trial import SUBJECTS, findings_in, plan_of

NAME, BORN = "Erika Mustermann", "1964-08-12"
WITH_NAMES = "patient,arm,randomisation_date,name,born\n" + "".join(
    f"{row},{NAME},{BORN}\n" for row in SUBJECTS.splitlines()[1:]
)

SPOILT = {
    "a comma too many": WITH_NAMES.replace("2020-01-01,", "2020-01-01,,"),
    "a cell too few": WITH_NAMES.replace(f",{BORN}", ""),
    "semicolons": WITH_NAMES.replace(",", ";"),
    "no header": WITH_NAMES.split("\n", 1)[1],
    "no header, names alike": f"{NAME},{NAME}\n{NAME},{BORN}\n",
    "an open quote": WITH_NAMES.replace(NAME, f'"{NAME}', 1),
    "Latin-1": WITH_NAMES.replace(NAME, "M\xfcller").encode("latin-1"),
    "Latin-1 without a header": f"P1,{NAME}\nP2,M\xfcller\n".encode("latin-1"),
    "an unused column twice": WITH_NAMES.replace("name,born", "name,name"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_wrong_with_a_row_is_told_without_the_row(
    how: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trial")
    _, found = findings_in(folder, plan_of(), subjects=SPOILT[how])
    fatal = [f for f in found if f.severity == "fatal" and f.file == "subjects.csv"]
    assert fatal
    for finding in found:
        whole = f"{finding!r} {finding}"
        for secret in (NAME, "Erika", BORN, "ller", "\xfc"):
            assert secret not in whole


def test_a_used_column_shows_its_value(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("trial")
    spoilt = WITH_NAMES.replace("2020-01-01", "01.01.2020")
    _, findings = findings_in(folder, plan_of(), subjects=spoilt)
    (found,) = (f for f in findings if f.rule != Rule.IDENTIFIER)
    assert (found.column, found.value) == ("randomisation_date", "01.01.2020")


def test_a_first_row_without_a_used_column_is_taken_for_no_header() -> None:
    cells, (found,) = read_csv_cells(f"{NAME},{BORN}\n1,2\n".encode(), "a.csv", ["arm"])
    assert cells.header == ()
    assert (found.rule, found.row, found.column) == ("column_missing", 1, "")
    assert found.message.startswith(
        "none of its 2 cells is a column that is used (arm); add the header"
    )


def test_fatal_findings_are_counted_by_rule_without_values() -> None:
    found = [
        Finding.by_rule(Rule.RANGE, "a.csv", 2, "score", "99", "secret"),
        Finding.by_rule(Rule.RANGE, "a.csv", 3, "score", "98", "secret"),
        Finding.by_rule(Rule.SUM, "a.csv", 3, "total", "1", "secret"),
        Finding.by_rule(Rule.NO_VISITS, "a.csv", 4, "patient", "P9", "secret"),
    ]
    assert counts_by_rule(found) == "3 fatal findings: range 2, sum 1"
    assert counts_by_rule(found[:1]) == "1 fatal finding: range 1"
