"""Items and parts of one visit that were taken on several days, a row a value."""

from pathlib import Path
from typing import Any

import pytest

from support.hand_trial import ITEMS, datasets_of, findings_in, plan_of, rows, told

FILE = {"file": "visits.csv"}
DATA = {
    "subjects": FILE | {"one_row_a_patient": False},
    "visits": {"columns": {"visit_date": "day"}},
    "measurements": FILE | {"columns": {"parameter": "test", "value": "result"}},
}
# a row a value; the third item of P2 at week 4 was asked a day later
LONG = """\
patient,arm,randomisation_date,visit_week,day,test,result
P1,a,2020-01-01,0,2020-01-01,i1,2
P1,a,2020-01-01,0,2020-01-01,i2,3
P1,a,2020-01-01,0,2020-01-01,i3,3
P2,b,2020-02-01,0,2020-02-01,i1,2
P2,b,2020-02-01,0,2020-02-01,i2,2
P2,b,2020-02-01,0,2020-02-01,i3,5
P2,b,2020-02-01,4,2020-02-29,i1,1
P2,b,2020-02-01,4,2020-02-29,i2,2
P2,b,2020-02-01,4,2020-03-01,i3,3
"""
TEXTS = dict.fromkeys(("subjects", "visits", "measurements"), LONG)
TOLD = (
    "warning: visits.csv, row 8: patient P2 has all {} at this visit, but on several "
    "days (rows 8 and 10), so they make no one total; say `repeats: first` below "
    "`visits:` to take them together, or correct the dates [items_missing]"
)


@pytest.mark.parametrize("rule", ["missing", "prorate"])
def test_items_of_several_days_are_told_with_the_rule_that_takes_them(
    rule: str, tmp_path: Path
) -> None:
    """Prorated, the two items of one day would be a total beside that of the other."""
    items = ITEMS | {"missing_items": rule, "items_needed": 2}
    _, found = findings_in(tmp_path, plan_of(items, data=DATA), **TEXTS)
    assert told(found) == [TOLD.format("items of Score")]
    first = plan_of(items, data=DATA, visits={"repeats": "first"})
    _, values, _ = datasets_of(tmp_path, first, **TEXTS)
    assert rows(values["score"], "USUBJID", "AVISITN", "AVAL", "DTYPE") == [
        ("P1", 0, 8, ""),
        ("P2", 0, 9, ""),
        ("P2", 4, 6, ""),
    ]


def sum_of(*parts: str) -> list[dict[str, Any]]:
    one = plan_of().model_dump()["outcomes"][0] | {"column": None}
    scale = {"scale": "part"}
    names = {p: {"id": p, "label": p, "parameter": p.upper()} for p in parts}
    measured = [one | scale | names[p] | {"column": p} for p in parts]
    return [*measured, one | {"sum_of": list(parts)}]


def test_parts_of_a_sum_of_several_days_are_told(tmp_path: Path) -> None:
    part = plan_of().model_dump()["scales"]["score"] | {"item_maxima": []}
    plan = plan_of(outcomes=sum_of("i1", "i3"), scales={"part": part}, data=DATA)
    _, found = findings_in(tmp_path, plan, **TEXTS)
    assert told(found) == [TOLD.format("parts of Score")]
    same_day = {
        name: text.replace("03-01,i3", "02-29,i3") for name, text in TEXTS.items()
    }
    assert findings_in(tmp_path, plan, **same_day)[1] == []


def test_an_item_that_nobody_asked_is_told_as_missing(tmp_path: Path) -> None:
    text = LONG.replace("P2,b,2020-02-01,4,2020-03-01,i3,3\n", "")
    texts = dict.fromkeys(TEXTS, text)
    _, found = findings_in(tmp_path, plan_of(ITEMS, data=DATA), **texts)
    assert ["lacks i3 here" in line for line in told(found)] == [True]
