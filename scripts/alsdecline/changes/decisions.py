"""Which decisions on the data were added, changed or removed between two runs."""

from alsdecline.changes.comparison import DecisionChange, FieldChange, OneSided
from alsdecline.finished_results import read_finished
from alsdecline.jobs.recorded_runs import RecordedRun
from alsdecline.stable_files import read_csv

FILE = "lineage/decisions.csv"

KEYS = ("kind", "file", "patient", "visit", "column", "rule")
FIELDS = ("value", "new_value", "who", "when", "why")


def _decisions(run: RecordedRun) -> dict[tuple[str, ...], dict[str, str]]:
    """Return a run's decisions by what they are about; none of before there were any.

    The rows of the raw files are no part of it: a mere re-ordering moves them.
    """
    path = run.results / FILE
    if not path.is_file():
        return {}
    table = read_finished(read_csv, path)
    # several findings of one rule may be accepted of a cell, each by its value
    of_value = table["rule"] + " " + table["value"]
    table["rule"] = of_value.where(table["rule"] != "", "").str.strip()
    return {
        tuple(str(row[key]) for key in KEYS): {f: str(row[f]) for f in FIELDS}
        for row in table.to_dict("records")
    }


def compare_decisions(old: RecordedRun, new: RecordedRun) -> list[DecisionChange]:
    """List the decisions that differ, by what they are about.

    Parameters
    ----------
    old, new : RecordedRun
        The runs.

    Returns
    -------
    list of DecisionChange
    """
    before, after = _decisions(old), _decisions(new)
    found: list[DecisionChange] = []
    for key in sorted(before.keys() | after.keys()):
        then, now = before.get(key, {}), after.get(key, {})
        fields: list[FieldChange] = [
            {"field": name, "old": then.get(name), "new": now.get(name)}
            for name in FIELDS
            if then.get(name) != now.get(name)
        ]
        if fields:
            one_sided: OneSided = "removed" if then else "added"
            found.append(
                {
                    "change": "changed" if then and now else one_sided,
                    "of": dict(zip(KEYS, key, strict=True)),
                    "fields": fields,
                }
            )
    return found
