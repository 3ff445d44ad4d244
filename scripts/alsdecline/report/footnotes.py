"""What stands under a table of the report: only what is true of that table."""

import dataclasses

from alsdecline.report.tables import Footnote, PrintedTable

DASH = "\N{EN DASH}"
PROBABILITY_OR_P = "Probability, or p"
"""Head of the column in which a model has a probability, and a test its p-value."""

LIKELIER = "Posterior probability of the likelier of two contraries."


def with_notes(table: PrintedTable, *notes: Footnote) -> PrintedTable:
    """Return a table with footnotes."""
    return dataclasses.replace(table, notes=(*table.notes, *notes))


def dash_means(table: PrintedTable, meaning: str) -> PrintedTable:
    """Return a table that says what a dash means, where it has any."""
    if not any(cell == DASH for row in table.rows for cell in row):
        return table
    return with_notes(table, Footnote(f"{DASH}: {meaning}"))


def _quantiles(level: float) -> str:
    """Say between which quantiles an interval lies."""
    tail = 50 * (1 - level)
    return f"From the {tail:g}% to the {100 - tail:g}% quantile of the posterior."


def of_estimates(
    table: PrintedTable, level: float, *, ratios: bool = False
) -> PrintedTable:
    """Return a table of models' estimates that says what its columns are.

    Parameters
    ----------
    table : PrintedTable
        With columns "Estimate", "<level>% interval" and "Probability".
    level : float
        Of the interval.
    ratios : bool
        Whether it has ratios, whose estimates are medians.
    """
    median = "; of ratios, and of differences of fractions, its median"
    noted = with_notes(
        table,
        Footnote(f"Mean of the posterior{median * ratios}.", "Estimate"),
        Footnote(_quantiles(level), f"{100 * level:g}% interval"),
        Footnote(LIKELIER, "Probability"),
    )
    return dash_means(noted, "not given; the last column says why.")


def of_analyses(table: PrintedTable, level: float) -> PrintedTable:
    """Return a table of models and tests that says what its columns are.

    Parameters
    ----------
    table : PrintedTable
        With columns "Estimate", "<level>% interval" and :data:`PROBABILITY_OR_P`.
    level : float
        Of the interval.
    """
    quantiles = _quantiles(level)
    noted = with_notes(
        table,
        Footnote("Of a model the mean of the posterior.", "Estimate"),
        Footnote(
            f"Of a model: {quantiles[0].lower()}{quantiles[1:]}",
            f"{100 * level:g}% interval",
        ),
        Footnote(f"Of a model: {LIKELIER[0].lower()}{LIKELIER[1:]}", PROBABILITY_OR_P),
    )
    return dash_means(noted, "not given; the last column says why.")
