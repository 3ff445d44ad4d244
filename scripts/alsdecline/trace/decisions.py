"""What was decided on the rows of a raw file behind a value."""

from collections.abc import Collection, Container

from alsdecline.trace.answer import TracedDecision
from alsdecline.trace.results import TrialResults

DECISIONS = "results/lineage/decisions.csv"


def decisions_on(
    results: TrialResults, files: Collection[str], rows: Container[int]
) -> list[TracedDecision]:
    """Return the decisions on rows of a raw file.

    Parameters
    ----------
    results : TrialResults
        The trial's results; those of before there were decisions have none.
    files : collection of str
        What findings call the raw file, with its sheet or without.
    rows : container of int
        Rows there.

    Returns
    -------
    list of TracedDecision
        By row; what was accepted of a row is among them.
    """
    if not (results.folder / DECISIONS).is_file():
        return []
    table = results.table(DECISIONS)
    if table.empty:
        return []
    found: list[TracedDecision] = [
        {
            "row": int(row),
            "kind": decision["kind"],
            "column": decision["column"],
            "value": decision["value"],
            "new_value": decision["new_value"],
            "who": decision["who"],
            "when": decision["when"],
            "why": decision["why"],
        }
        for decision in table[table["file"].isin(list(files))].to_dict("records")
        for row in decision["rows"].split()
        if int(row) in rows
    ]
    return sorted(found, key=lambda decision: (decision["row"], decision["column"]))
