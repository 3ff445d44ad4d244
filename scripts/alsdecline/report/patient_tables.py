"""The tables of the patients, who they are and what happened to them."""

from collections.abc import Mapping

import pandas as pd

from alsdecline.analyses.row_names import PATIENTS
from alsdecline.report import excerpts
from alsdecline.report import tables as printed
from alsdecline.report.footnotes import dash_means, with_notes
from alsdecline.report.plan import DescribedPlan, ReportPlan
from alsdecline.report.tables import Footnote

NUMBERS_ANALYSED = ["randomized", "patients", "values"]


def patient_counts(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Return the number of patients of each arm, and of all."""
    baseline = tables["baseline_characteristics"]
    patients = baseline[baseline["characteristic"] == PATIENTS]
    return {row["arm"]: int(row["value"]) for _, row in patients.iterrows()}


def _numbers_analysed(
    plan: DescribedPlan, analysed: pd.DataFrame, entered: str
) -> printed.PrintedTable:
    """Print how many patients and values are analysed, and who has no value."""
    if isinstance(plan, ReportPlan) and plan.fit.population:
        entered = "in the population"
    table = printed.printed_frame(
        analysed.assign(
            outcome=analysed["outcome"].map({o.id: o.label for o in plan.outcomes}),
            arm=analysed["arm"].map(plan.arm_labels),
            **analysed[NUMBERS_ANALYSED].astype("Int64"),
        ),
        {
            "outcome": "Outcome",
            "arm": "Arm",
            "randomized": entered.capitalize(),
            "patients": "Analysed",
            "values": "Values",
        },
    )
    missing = analysed["randomized"] - analysed["patients"]
    without = [
        excerpts.few_names(names, int(number))
        for names, number in zip(analysed["without"], missing, strict=True)
    ]
    return printed.PrintedTable(
        [*table.head, "Patients without a value"],
        [[*row, cell] for row, cell in zip(table.rows, without, strict=True)],
        (Footnote("Measured, at baseline too; none is carried forward.", "Values"),),
    )


def patient_tables(
    plan: DescribedPlan, tables: Mapping[str, pd.DataFrame]
) -> dict[str, printed.PrintedTable]:
    """Print the tables of the patients, who they are and what happened to them."""
    arms, counts = plan.arm_labels, patient_counts(tables)
    # where there is one arm alone, all together are the same again
    labels = arms if plan.alone else printed.arm_labels(list(arms.items()))
    entered = "enrolled" if plan.alone and not plan.trial.blinded else "randomised"
    baseline = tables["baseline_characteristics"]
    common, _ = excerpts.common_events(tables["adverse_events"])
    return {
        "baseline": with_notes(
            dash_means(
                printed.printed_statistics(
                    printed.known(baseline[baseline["characteristic"] != PATIENTS]),
                    ["characteristic", "level"],
                    labels,
                    counts,
                ),
                "not known of any patient, or no difference can be given.",
            ),
            Footnote("Percentages are of all patients of the column."),
        ),
        "disposition": printed.printed_counts(
            tables["disposition"].replace({"status": {"randomized": entered}}),
            ["status", "reason"],
            "n",
            labels,
            counts,
        ),
        "analysed": _numbers_analysed(plan, tables["numbers_analysed"], entered),
        "exposure": printed.printed_statistics(
            tables["exposure"], ["quantity"], labels, counts
        ),
        "adverse_events": with_notes(
            printed.printed_counts(
                common, ["term", "severity"], "patients", labels, counts
            ),
            Footnote("A patient with several events of a row counts in it once."),
        ),
    }
