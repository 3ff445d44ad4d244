"""Estimates as the report prints them: rates, effects, and tests beside them."""

import math
from collections.abc import Mapping

import pandas as pd

from alsdecline.fits.quantities import RATIOS
from alsdecline.report.cells import Cell, cell_of, ids_of
from alsdecline.report.footnotes import (
    PROBABILITY_OR_P,
    of_analyses,
    of_estimates,
    with_notes,
)
from alsdecline.report.plan import ReportPlan
from alsdecline.report.primary_sentences import Digits
from alsdecline.report.tables import Footnote, PrintedTable
from alsdecline.report.words import (
    digits_for,
    interval,
    number,
    p_value,
    percent,
    places,
)

QUANTITIES = {
    "mean_slope": "Mean slope, per {per}",
    "slope_difference": "Difference in mean slope, per {per} (> 0: better)",
    "decline_ratio": "Ratio of mean slopes (< 1: slower)",
    "change_at_horizon": (
        "Change from time zero to {horizon} by the model (hypothetical past death)"
    ),
    "fraction_slowed_difference": "Difference in the fraction slowed",
}
STATEMENTS = {
    "mean_slope": ("worsens", "improves"),
    "slope_difference": ("better", "worse"),
    "decline_ratio": ("slower", "faster"),
    "change_at_horizon": ("worsens", "improves"),
    "fraction_slowed_difference": ("larger in the first", "smaller in the first"),
}
"""What a quantity's probability is of, and its contrary."""


def digits_of(row: pd.Series) -> Digits:
    """Return the decimals of an estimate and of the ends of its interval.

    Up to the leading digit of the Monte Carlo standard error where there is one, else
    those that show two digits of the interval's width.
    """
    shared = digits_for(row["lower"], row["upper"])

    def own(name: str) -> int:
        error = row.get(f"error_of_{name}", math.nan)
        known = pd.notna(error) and 0 < error < math.inf
        return places(error) if known else shared

    return Digits(own("estimate"), own("lower"), own("upper"))


def estimate_cell(row: pd.Series, digits: int | None = None) -> Cell:
    """Print an estimate, with the digits that it has unless told how many."""
    if digits is None:
        digits = digits_of(row).estimate
    return cell_of(number(row["estimate"], digits), row, "estimate")


def interval_cell(row: pd.Series, digits: int | None = None) -> Cell:
    """Print an interval, with the digits that its ends have unless told how many."""
    own = digits_of(row)
    ends = (own.lower, own.upper) if digits is None else digits
    text = interval(row["lower"], row["upper"], ends)
    return cell_of(text, row, "lower", "upper")


def probability_cell(row: pd.Series) -> Cell:
    """Print a probability with what it is of: the likelier of two statements."""
    probability = row["probability"]
    statement, contrary = STATEMENTS[row["quantity"]]
    turned = ""
    if probability < 1 / 2:
        statement, probability, turned = contrary, 1 - probability, "probability"
    text = f"{statement}: {percent(probability)}"
    return cell_of(text, row, "probability", complement=turned)


NOT_GIVEN = "not given"

GATES_MISSED = " (computation missed its gates)"


def _threshold_statements(rates: pd.DataFrame) -> dict[tuple[str, str], Cell]:
    """Probabilities of ratios below thresholds, by outcome and arm."""
    statements: dict[tuple[str, str], Cell] = {}
    for _, row in rates.iterrows():
        name = str(row["quantity"])
        threshold = name.removeprefix("decline_ratio_below_")
        if threshold != name:
            key = (row["outcome"], row["arm"])
            text = f"; below {threshold}: {percent(row['probability'])}"
            before = statements.get(key, Cell(""))
            ids = (*before.ids, *ids_of(row, "probability"))
            statements[key] = Cell(before + text, ids)
    return statements


def printed_rates(rates: pd.DataFrame, plan: ReportPlan) -> PrintedTable:
    """Print the rates of decline of one model.

    Parameters
    ----------
    rates : DataFrame
        Rows of the table of rates of decline.
    plan : ReportPlan
        What the report states of the settings.

    Returns
    -------
    PrintedTable
    """
    rows = []
    outcomes, arms = {o.id: o.label for o in plan.outcomes}, plan.arm_labels
    places = list(outcomes)
    order = rates["outcome"].map(
        lambda o: places.index(o) if o in places else len(places)
    )
    thresholds = _threshold_statements(rates)
    for _, row in rates.loc[order.sort_values(kind="stable").index].iterrows():
        if row["quantity"] not in QUANTITIES:
            continue
        names = [outcomes.get(o, o) for o in str(row["outcome"]).split("-")]
        label = QUANTITIES[row["quantity"]].format(per=plan.per, horizon=plan.horizon)
        given = pd.notna(row["estimate"])
        statement = probability_cell(row) if given else Cell("")
        if row["quantity"] == "decline_ratio":
            below = thresholds.get((row["outcome"], row["arm"]), Cell(""))
            statement = Cell(
                statement + below,
                (*statement.ids, *below.ids),
                complements=statement.complements,
            )
        rows.append(
            [
                " against ".join(names) + GATES_MISSED * (not row["passed"]),
                label,
                arms.get(row["arm"], row["arm"]),
                estimate_cell(row),
                interval_cell(row) if given else NOT_GIVEN,
                statement if given else str(row["reason"]),
            ]
        )
    level = plan.summaries.interval
    interval_of = f"{100 * level:g}% interval"
    head = ["Outcome", "Quantity", "Arm", "Estimate", interval_of, "Probability"]
    needed = plan.summaries.ratio_needs_decline
    only_then = (
        "Given only where the reference arm declines with a probability above "
        f"{needed:g}."
    )
    ratios = bool(rates["quantity"].isin(RATIOS).any())
    return with_notes(
        of_estimates(PrintedTable(head, rows), level, ratios=ratios),
        Footnote(only_then, QUANTITIES["decline_ratio"]),
    )


def printed_slopes(
    sensitivity: pd.DataFrame,
    outcomes: Mapping[str, str],
    arms: Mapping[str, str],
    level: float,
) -> PrintedTable:
    """Print mean slopes by model and prior."""
    slopes = sensitivity[sensitivity["quantity"] == "mean_slope"]
    rows = [_model_cells(row, outcomes, arms) for _, row in slopes.iterrows()]
    head = [*_heads_of_analyses(level), "Probability"]
    return of_estimates(_by_outcome(head, rows, list(outcomes.values())), level)


def printed_effects(
    sensitivity: pd.DataFrame,
    tests: pd.DataFrame,
    outcomes: Mapping[str, str],
    arms: Mapping[str, str],
    level: float,
) -> PrintedTable:
    """Print effects by model and prior, and the permutation tests beside them."""
    differences = sensitivity[sensitivity["quantity"] == "slope_difference"]
    rows = [_model_cells(row, outcomes, arms) for _, row in differences.iterrows()]
    for _, row in tests.iterrows():
        given = pd.notna(row["estimate"])
        rows.append(
            [
                outcomes.get(row["outcome"], row["outcome"]),
                arms.get(row["arm"], row["arm"]),
                row["method"],
                estimate_cell(row),
                interval_cell(row) if given else NOT_GIVEN,
                test_statement(row) if given else known_reason(row),
            ]
        )
    head = [*_heads_of_analyses(level), PROBABILITY_OR_P]
    return of_analyses(_by_outcome(head, rows, list(outcomes.values())), level)


def _model_cells(
    row: pd.Series, outcomes: Mapping[str, str], arms: Mapping[str, str]
) -> list[str]:
    """Cells of an estimate under one model and prior."""
    given = pd.notna(row["estimate"])
    return [
        outcomes.get(row["outcome"], row["outcome"]),
        arms.get(row["arm"], row["arm"]),
        f"{row['model']} model, {str(row['prior']).replace('_', ' ')} prior"
        + GATES_MISSED * (not row["passed"]),
        estimate_cell(row),
        interval_cell(row) if given else NOT_GIVEN,
        probability_cell(row) if given else str(row["reason"]),
    ]


def _heads_of_analyses(level: float) -> list[str]:
    """Return the heads of a table of analyses, but that of the last column."""
    return ["Outcome", "Arm", "Analysis", "Estimate", f"{100 * level:g}% interval"]


def _by_outcome(
    head: list[str], rows: list[list[str]], outcomes: list[str]
) -> PrintedTable:
    """Order the rows of a table of analyses by outcome."""
    return PrintedTable(head, sorted(rows, key=lambda row: outcomes.index(row[0])))


def known_reason(test: pd.Series) -> str:
    """Say why a test could not be done, where that is known."""
    reason = test.get("reason")
    return "" if reason is None or pd.isna(reason) else str(reason)


def test_statement(test: pd.Series) -> Cell:
    """Say a test's p-value and what it rests on."""
    n = f"{test['n_treated']:.0f} against {test['n_reference']:.0f} patients"
    columns = ["p_value", "n_treated", "n_reference"]
    statement = f"{p_value(test['p_value'])}, {n}"
    if pd.notna(test["n_allocations"]):
        number_of = f"{test['n_allocations']:,.0f}"
        how = f"all {number_of}" if test["exact"] else f"{number_of} random"
        statement += f", {how} allocations"
        columns.append("n_allocations")
        if not math.isfinite(test["upper"] - test["lower"]):
            smallest = p_value(test["smallest_attainable_p"])
            statement += f"; the smallest possible is {smallest}"
            columns.append("smallest_attainable_p")
    return cell_of(statement, test, *columns)
