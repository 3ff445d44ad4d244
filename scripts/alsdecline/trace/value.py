"""The lineage of one value, from a table of results to the rows of the raw files."""

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.declared_tables import ResultTable
from alsdecline.jobs.records import hashes
from alsdecline.trace.answer import (
    DerivedRows,
    JobOfTable,
    RawRows,
    Source,
    Trace,
    TracedAnalysis,
    TracedCell,
    TracedEstimand,
    TracedValue,
)
from alsdecline.trace.evidence import Artefact, Evidence, Selection
from alsdecline.trace.jobs import (
    jobs_behind,
    raw_files_behind,
    state_of,
    trace_of_file,
)
from alsdecline.trace.raw_files import raw_file
from alsdecline.trace.registry import analysis_of
from alsdecline.trace.results import TrialResults
from alsdecline.trace.rows import RowTracer
from alsdecline.trace.targets import Value, target_of

VISIT = ("AVISIT", "ADT", "ADY", "ARELTM", "DTYPE", "SRCSEQ")
"""Variables that tell which value of an outcome a row is."""


def trace(folder: Path, target: str) -> Trace:
    """Trace a value, or a file of results, back to the raw files.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    target : str
        The id of a value as the report shows it; ``<table>.csv:<row>:<column>``, where
        the header is row 1; or a file under ``results/``.

    Returns
    -------
    TracedValue or TracedFile
        As JSON has it; ``kind`` is ``value`` or ``file``.

    Raises
    ------
    DataError
        If there is no such target, or what it rests on is not there.
    """
    return Tracer(TrialResults(folder)).trace(target)


class Tracer:
    """Traces many targets in results that are read once.

    Many numbers rest on the same rows, which are followed back once.

    Parameters
    ----------
    results : TrialResults
        The trial's results.
    most_rows : int, optional
        Of how many rows a trace has the cells at most; their number it tells of all.
    """

    def __init__(self, results: TrialResults, most_rows: int | None = None) -> None:
        self.results = results
        self.most_rows = most_rows
        self._derived: dict[Selection, DerivedRows] = {}
        self._raw: dict[tuple[Selection, ...], list[RawRows]] = {}

    @cached_property
    def _rows(self) -> RowTracer:
        return RowTracer(self.results)

    def trace(self, target: str) -> Trace:
        """Trace a target; see :func:`trace`."""
        results = self.results
        place = target_of(results, target)
        if isinstance(place, str):
            return trace_of_file(results, place, target)
        traced = analysis_of(place.table)
        if traced is None:
            return _by_record(results, place, target)
        table, behind = traced
        evidence = behind(results, place.table, place.cells, place.column)
        return {
            "target": target,
            **_cell(place),
            "job": _job(results, place.file),
            **_analysis(table, evidence, results),
            "sources": [_source(results, artefact) for artefact in evidence.artefacts],
            "derived": [self._derived_rows(rows) for rows in evidence.selections],
            "raw": self._raw_rows(tuple(evidence.selections)),
        }

    def _derived_rows(self, selection: Selection) -> DerivedRows:
        if selection not in self._derived:
            self._derived[selection] = _derived(self.results, selection, self.most_rows)
        return self._derived[selection]

    def _raw_rows(self, selections: tuple[Selection, ...]) -> list[RawRows]:
        """Return the raw rows behind selected rows, file by file."""
        if selections not in self._raw:
            found = self._rows.raw_files(selections, self.most_rows)
            self._raw[selections] = [raw_file(self.results, one) for one in found]
        return self._raw[selections]


def _cell(value: Value) -> TracedCell:
    return {
        "kind": "value",
        "id": value.id,
        "table": value.file,
        "row": value.row,
        "column": value.column,
        "result": {"rawValue": value.cells[value.column]},
        "data_kind": value.cells.get("data_kind", ""),
    }


def _job(results: TrialResults, file: str) -> JobOfTable | None:
    """Return what is recorded of the job that wrote a table; None without a record."""
    record = results.record_of(file)
    if record is None:
        return None
    sha256 = record["outputs"][file]["sha256"]
    return {
        "job": record["job"],
        "code": record.get("code", {}).get("digest"),
        "environment": record.get("environment"),
        "sha256": sha256,
        "state": state_of(results, file, sha256),
    }


def _estimand(results: TrialResults, evidence: Evidence) -> TracedEstimand | None:
    estimand = evidence.estimand.removeprefix("supplements ")
    if not estimand:
        return None
    labels = {e.id: e.label for e in results.settings.estimands}
    return {
        "id": estimand,
        "label": labels.get(estimand, ""),
        "supplements": evidence.estimand != estimand,
    }


def _analysis(
    table: ResultTable, evidence: Evidence, results: TrialResults
) -> TracedAnalysis:
    """Return the analysis in the names of the Analysis Results Standard."""
    return {
        "analysis": {
            "id": table.name,
            "name": table.analysis,
            "dataset": evidence.dataset,
            "variable": evidence.variable,
        },
        "estimand": _estimand(results, evidence),
        "analysisSet": evidence.analysis_set,
        "dataSubset": evidence.data_subset,
        "orderedGroupings": [
            {"groupingVariable": variable, "group": group}
            for variable, group in evidence.groupings
        ],
        "method": {"name": table.method, "description": table.description},
        "operation": evidence.operation,
        "settings": evidence.settings,
    }


def _by_record(results: TrialResults, value: Value, target: str) -> TracedValue:
    """Trace a value of a table without an entry, through the records."""
    jobs = jobs_behind(results, value.file)
    inputs = hashes(jobs[0]["inputs"]) if jobs else {}
    return {
        "target": target,
        **_cell(value),
        "job": _job(results, value.file),
        "analysis": {
            "id": value.table,
            "name": value.table.replace("_", " "),
            "dataset": "",
            "variable": value.column,
        },
        "estimand": None,
        "analysisSet": "",
        "dataSubset": "",
        "orderedGroupings": [],
        "method": {"name": "", "description": ""},
        "operation": "",
        "settings": (jobs[0].get("settings") if jobs else None) or {},
        "sources": [
            {
                "file": file,
                "sha256": sha256,
                "columns": [],
                "rows": "",
                "operation": "input of the job that wrote the table",
            }
            for file, sha256 in sorted(inputs.items())
        ],
        "derived": [],
        "raw": [
            {
                **file,
                "sheet": "",
                "columns": [],
                "count": None,
                "ranges": [],
                "rows": [],
                "decisions": [],
            }
            for file in raw_files_behind(results, jobs)
        ],
    }


def _source(results: TrialResults, artefact: Artefact) -> Source:
    return {
        "file": artefact.file,
        "sha256": results.sha256(artefact.file),
        "columns": list(artefact.columns),
        "rows": artefact.rows,
        "operation": artefact.operation,
    }


def _plain(column: pd.Series) -> list[Any]:
    """Return a column as JSON has it: dates as text, nothing for missing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    return column.astype("object").where(column.notna(), None).tolist()


def _derived(
    results: TrialResults, selection: Selection, most_rows: int | None
) -> DerivedRows:
    """Return selected rows of a dataset, with what tells them apart."""
    chosen = selection.rows[:most_rows]
    frame = results.dataset(f"data/{selection.dataset}").iloc[chosen]
    shown = ["USUBJID", *VISIT, "AVAL"] if "AVISIT" in frame else []
    shown += ["BASE"] if "CHG" in selection.variables else []
    names = [n for n in dict.fromkeys([*shown, *selection.variables]) if n in frame]
    columns = [_plain(frame[name]) for name in names]
    keys = ["record", *names]
    rows = zip((chosen + 1).tolist(), *columns, strict=True)
    return {
        "dataset": selection.file,
        "sha256": results.sha256(selection.file),
        "where": selection.where,
        "variables": list(selection.variables),
        "count": len(selection.rows),
        "rows": [dict(zip(keys, cells, strict=True)) for cells in rows],
    }
