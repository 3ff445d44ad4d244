"""What the plan's interval is worth in repeated trials, as the report prints it."""

import pandas as pd

from alsdecline.analyses.known_variances import BY_FORMULA
from alsdecline.fits.plan import DEFAULT
from alsdecline.report.cells import Cell, cell_of
from alsdecline.report.footnotes import with_notes
from alsdecline.report.plan import ReportPlan
from alsdecline.report.tables import Footnote, PrintedTable
from alsdecline.report.words import number


def _percent(row: pd.Series, column: str) -> Cell:
    """Print a probability in percent, with its Monte Carlo error if it has one."""
    text = f"{100 * row[column]:.0f}%"
    error = row.get(f"{column}_error")
    if error is None or pd.isna(error):
        return cell_of(text, row, column)
    text = f"{text} (SE {100 * error:.1f}%)"
    return cell_of(text, row, column, f"{column}_error")


def _bias(row: pd.Series) -> Cell:
    error = row.get("bias_error")
    if error is None or pd.isna(error):
        return cell_of(number(row["bias"]), row, "bias")
    text = f"{number(row['bias'])} (SE {number(error)})"
    return cell_of(text, row, "bias", "bias_error")


def true_effects_in_words(plan: ReportPlan) -> str:
    """Say of what the true effects are shares."""
    outcome = plan.primary_estimand.outcome
    slopes = [plan.fit.priors[part].slope.mean for part in plan.fit.parts_of(outcome)]
    whole = "mean slope of the prior" if sum(slopes) else "SD of the mean slope's prior"
    return f"true effects of 0, a third, two thirds and one {whole}"


def printed_intervals(plan: ReportPlan, table: pd.DataFrame) -> PrintedTable:
    """Print coverage, bias and chances of the plan's interval at several true effects.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    table : DataFrame
        The table of interval properties.

    Returns
    -------
    PrintedTable
        The closed form, and the plan's model in simulated trials where there are any.
    """
    estimand = plan.primary_estimand
    simulated = f"{estimand.model}, {DEFAULT} prior"
    names = {
        simulated: f"{estimand.model.capitalize()} model, simulated trials",
        BY_FORMULA: "Formula, variances known",
    }
    rows = [
        [
            cell_of(number(row["effect"]), row, "effect"),
            name + (f" ({row['note']})" if pd.notna(row["note"]) else ""),
            ""
            if pd.isna(row["trials"])
            else cell_of(f"{row['trials']:.0f}", row, "trials"),
            _percent(row, "coverage"),
            _bias(row),
            _percent(row, "excludes_zero"),
        ]
        for analysis, name in names.items()
        for _, row in table[
            (table["analysis"] == analysis) & (table["arm"] == estimand.treatment)
        ].iterrows()
    ]
    head = ["True effect", "By", "Trials", "Interval contains it", "Bias"]
    printed = PrintedTable([*head, "Interval excludes zero"], rows)
    if not table["trials"].notna().any():
        return printed
    return with_notes(
        printed,
        Footnote("SE: Monte Carlo standard error, by the number of simulated trials."),
    )
