"""Which rows of printed tables are the primary estimate."""

from collections.abc import Iterable, Sequence

from alsdecline.fits.plan import DEFAULT
from alsdecline.report.cells import ids_of
from alsdecline.report.plan import ReportPlan, Results


def primary_ids(plan: ReportPlan, results: Results) -> frozenset[str]:
    """Return the ids that the primary estimate has in the result tables.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.
    """
    estimand = plan.primary_estimand
    found: set[str] = set()
    for name in ("rate_of_decline", "prior_sensitivity"):
        table = results.tables[name]
        mine = table[
            (table["outcome"] == estimand.outcome)
            & (table["model"] == estimand.model)
            & (table["quantity"] == estimand.summary)
            & (table["arm"] == estimand.treatment)
        ]
        if "prior" in mine:
            mine = mine[mine["prior"] == DEFAULT]
        found.update(
            one for _, row in mine.iterrows() for one in ids_of(row, "estimate")
        )
    return frozenset(found)


def is_primary(cells: Iterable[str], ids: frozenset[str]) -> bool:
    """Tell whether a row of cells prints the primary estimate.

    Parameters
    ----------
    cells : iterable of str
        A row. What a cell compares with an estimate has the id of that behind its own.
    ids : frozenset of str
        From :func:`primary_ids`.
    """
    own: list[Sequence[str]] = [getattr(cell, "ids", ()) for cell in cells]
    return any(of_cell and of_cell[0] in ids for of_cell in own)
