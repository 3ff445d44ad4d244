"""Settings of the data path: a wrong one is told with its line, key and remedy.

The faults are put into the configurations of two published trials (tests/validation).
"""

import pytest

from alsdecline.settings.file import parse_settings
from support.configurations import (
    LONG,
    PILOT,
    Fault,
    line_of,
    refusal,
    spoilt,
    told_at_its_line,
)

ITEMS = "    items:\n      - ACITM01\n"
SCALE = "    source: 1 markedly improved"
ARM = "    where: {ARMCD: [Pbo, Xan_Lo, Xan_Hi]}"
POOLED = '      - {column: SITEGR1, of: SITEID, fewest: 3, label: "900"}'
EVENT = '      event: {COMPLETED: completed, DEATH: died, "*": withdrawn}'

FAULTS: dict[str, Fault] = {
    # rows and values
    "where without a list": (
        ARM,
        "    where: {ARMCD: Pbo}",
        "where: {ARMCD",
        (
            "data.subjects.where.ARMCD is 'Pbo': a list is needed; write it in "
            "brackets: [Pbo]. Column of the file: the values of the rows that are kept."
        ),
    ),
    "where without quotes": (
        ARM,
        "    where: {ARMCD: [1]}",
        "where: {ARMCD",
        "data.subjects.where.ARMCD.0 is 1: a text is needed here; put it in quotes.",
    ),
    "where that YAML takes for true": (
        '    where: {TRTEMFL: ["Y"]}',
        "    where: {TRTEMFL: [Yes]}",
        "where: {TRTEMFL",
        (
            "data.adverse_events.where.TRTEMFL.0 is True: a text is needed here; put "
            "it in quotes."
        ),
    ),
    "where without values": (
        ARM,
        "    where: {ARMCD: []}",
        "where: {ARMCD",
        "data.subjects.where.ARMCD: names no value; name those of the rows to keep",
    ),
    "recode of a column that is none of ours": (
        "      severity: {MILD: mild",
        "      grade: {MILD: mild",
        "grade: {MILD",
        (
            "data.adverse_events.recode.grade: 'grade' is not one of our columns: "
            "patient, "
        ),
    ),
    "recode to a value that is not permitted": (
        EVENT,
        '      event: {COMPLETED: completed, DEATH: died, "*": stopped}',
        '"*": stopped',
        (
            "data.events.recode.event.*: 'stopped' is not one of completed, withdrawn, "
            "died"
        ),
    ),
    "recode of a value without quotes": (
        EVENT,
        "      event: {1: completed}",
        "event: {1",
        (
            "data.events.recode.event.1 is 1: a text is needed here; put it in quotes. "
            "Our column name: {value in the file: what it stands for}"
        ),
    ),
    "recode to a value without quotes": (
        EVENT,
        "      event: {COMPLETED: on}",
        "COMPLETED: on",
        "data.events.recode.event.COMPLETED is True: a text is needed here; put it in",
    ),
    "one column of the file for two of ours": (
        "      end_date: AENDT",
        "      end_date: ASTDT",
        "end_date: ASTDT",
        "data.adverse_events.columns.end_date: column 'ASTDT' is there 2 times; keep",
    ),
    # subjects
    "pooling by a column with a meaning": (
        POOLED,
        POOLED.replace("of: SITEID", "of: arm"),
        "column: SITEGR1",
        (
            "data.subjects.pooled.0.of: 'arm' is a column with a meaning of its own "
            "already; use another column"
        ),
    ),
    "pooling by a number": (
        POOLED,
        POOLED.replace("of: SITEID", "of: AGE"),
        "column: SITEGR1",
        "data.subjects.pooled.0.of: 'AGE' is a number of the subjects already",
    ),
    "pooled grouping called as a characteristic": (
        POOLED,
        POOLED.replace("SITEGR1", "SEX"),
        "of: SITEID",
        "data.subjects.pooled.0.column: 'SEX' is a characteristic's column already",
    ),
    "pooled grouping called as a column of ADSL": (
        POOLED,
        POOLED.replace("SITEGR1", "ARMCD"),
        "of: SITEID",
        "data.subjects.pooled.0.column: 'ARMCD' is a column of the analysis dataset",
    ),
    "pooled grouping in small letters": (
        POOLED,
        POOLED.replace("SITEGR1", "site"),
        "of: SITEID",
        "data.subjects.pooled.0.column is 'site': not such a name; write SITE",
    ),
    "pooling of groups of one": (
        POOLED,
        POOLED.replace("fewest: 3", "fewest: 1"),
        "of: SITEID",
        (
            "data.subjects.pooled.0.fewest is 1: input should be greater than or equal "
            "to 2."
        ),
    ),
    "label of a group without quotes": (
        POOLED,
        POOLED.replace('"900"', "900"),
        "of: SITEID",
        (
            "data.subjects.pooled.0.label is 900: a text is needed here; put it in "
            "quotes. What the pooled group is called."
        ),
    ),
    # outcomes
    "items of a scale that has another number": (
        "      - ACITM14\n",
        "",
        "    items:",
        (
            "outcomes.0.items: 10 items, but scale 'adas_cog_11' has 11 `item_maxima`; "
            "name one for each"
        ),
    ),
    "items of a scale that has none": (
        "    scale: cibic_plus\n    column: CIBIC",
        "    scale: cibic_plus\n    items: [CIBIC]",
        "items: [CIBIC]",
        "outcomes.1.items: 1 items, but scale 'cibic_plus' has 0 `item_maxima`",
    ),
    "item twice": (
        "      - ACITM14",
        "      - ACITM01  # again",
        "ACITM01  # again",
        "outcomes.0.items.10: item 'ACITM01' is there 2 times; keep one",
    ),
    "item that is an outcome": (
        "      - ACITM14",
        "      - CIBIC  # again",
        "CIBIC  # again",
        "outcomes.0.items.10: 'CIBIC' is an outcome's already; use another column",
    ),
    "item called as a column of the visits": (
        "      - ACITM14",
        "      - visit_date",
        "- visit_date",
        "outcomes.0.items.10: 'visit_date' is a column with a meaning of its own",
    ),
    "items and a sum": (
        "    missing_items: prorate",
        "    missing_items: prorate\n    sum_of: [cibic]",
        "    items:",
        "outcomes.0.items: a sum of outcomes has no items; leave one of them out",
    ),
    "unknown rule of missing items": (
        "    missing_items: prorate",
        "    missing_items: mean",
        "missing_items: mean",
        "outcomes.0.missing_items is 'mean': input should be 'missing' or 'prorate'.",
    ),
    "rule of missing items without items": (
        "    column: CIBIC\n",
        "    column: CIBIC\n    missing_items: missing\n",
        "missing_items: missing",
        "outcomes.1.missing_items: the outcome has no `items`; leave it out",
    ),
    "number of needed items without items": (
        "    column: CIBIC\n",
        "    column: CIBIC\n    items_needed: 2\n",
        "items_needed: 2",
        "outcomes.1.items_needed: the outcome has no `items`; leave it out",
    ),
    "more items needed than there are": (
        "    missing_items: prorate",
        "    missing_items: prorate\n    items_needed: 12",
        "items_needed: 12",
        "outcomes.0.items_needed: there are 11 items; write at",
    ),
    "items needed of a total that is not prorated": (
        "    missing_items: prorate",
        "    items_needed: 9",
        "items_needed: 9",
        "outcomes.0.items_needed: needs `missing_items: prorate`; or leave it out",
    ),
    "maxima that are not those of the scale": (
        SCALE,
        f"    item_maxima: [3, 3]\n{SCALE}",
        "item_maxima: [3, 3]",
        "scales.cibic_plus.item_maxima: have the sum 6, but `maximum` is 7",
    ),
    "maximum of an item that is 0": (
        SCALE,
        f"    item_maxima: [7, 0]\n{SCALE}",
        "item_maxima: [7, 0]",
        "scales.cibic_plus.item_maxima: must each be above 0, the lowest points",
    ),
    # populations
    "population in small letters": (
        "  EFFFL:\n",
        "  efficacy:\n",
        "  efficacy:",
        "populations.efficacy: must be the name of a flag: at most 8 capitals, digits",
    ),
    "population called as a flag of ADSL": (
        "  EFFFL:\n",
        "  SAFFL:\n",
        "  SAFFL:",
        "populations.SAFFL: 'SAFFL' is a column of the analysis dataset already",
    ),
    "population called as a characteristic": (
        "  EFFFL:\n",
        "  RACE:  # called so\n",
        "RACE:  # called so",
        "populations.RACE: 'RACE' is a column of the subjects already; use another",
    ),
    "population by an unknown outcome": (
        "    values_after_baseline: [adas, cibic]",
        "    values_after_baseline: [adas, mmse]",
        "values_after_baseline",
        (
            "populations.EFFFL.values_after_baseline: 'mmse' is no outcome; use one of "
            "adas, cibic"
        ),
    ),
    "negative dose of the titration": (
        "dose: 81, titration: [54]}",
        "dose: 81, titration: low}",
        "titration: low",
        "arms.groups.2.titration is 'low': a list is needed; write it in brackets",
    ),
}


def test_both_configurations_are_valid() -> None:
    for text in (PILOT, LONG):
        assert parse_settings(text, "config.yaml").primary


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_what_is_permitted(name: str) -> None:
    told_at_its_line(PILOT, FAULTS[name])


def test_a_population_of_dosed_patients_needs_doses() -> None:
    start, end = PILOT.index("  exposure:\n"), PILOT.index("  events:\n")
    text = PILOT[:start] + PILOT[end:]
    needs = (
        "needs doses; name their file below `data:`, for example: `exposure: {file: "
        "data/exposure.csv, columns: {date: dose_date}}`"
    )
    told = refusal(text)
    number = line_of(text, "dosed: true")
    at = f"config.yaml, line {number}: populations.EFFFL.dosed"
    assert f"{at}: {needs}; or leave it out" in told
    assert any(f"time_origin: 'first_dose' {needs}" in line for line in told)


def test_faults_of_all_parts_of_the_data_path_are_told_at_once() -> None:
    text = PILOT
    for name in (
        "more items needed than there are",
        "population by an unknown outcome",
        "maximum of an item that is 0",
    ):
        old, new, _, _ = FAULTS[name]
        text = spoilt(text, old, new)
    assert [line.split(": ")[1] for line in refusal(text)] == [
        "scales.cibic_plus.item_maxima",
        "outcomes.0.items_needed",
        "populations.EFFFL.values_after_baseline",
    ]


def test_an_item_of_two_totals_has_the_same_maximum_in_both() -> None:
    scale = (
        "  {}: {{name: n, unit: u, minimum: 0, maximum: {}, better: lower, "
        "item_maxima: [{}], source: s}}\n"
    )
    scales = scale.format("five", 5, 5) + scale.format("six", 6, 6)
    outcome = (
        "  - {{id: {0}, label: {0}, parameter: {1}, scale: {2}, items: [SHARED]}}\n"
    )
    first, second = (
        outcome.format("one", "A", "five"),
        outcome.format("two", "B", "six"),
    )
    text = spoilt(PILOT, "scales:\n", f"scales:\n{scales}")
    text = spoilt(text, "\noutcomes:\n", f"\noutcomes:\n{first}{second}")
    number = line_of(text, "id: two")
    (told,) = refusal(text)
    assert told == (
        f"config.yaml, line {number}: outcomes.1.items.0: the maximum of 'SHARED' is 6 "
        "here and 5 in outcome 'one'; correct one of the scales"
    )
    same = text.replace("scale: six", "scale: five")
    assert parse_settings(same, "config.yaml").outcomes[1].items == ["SHARED"]
