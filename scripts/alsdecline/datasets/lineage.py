"""Where each value and record of the analysis datasets stands in the raw files."""

from collections.abc import Iterator, Mapping

import pandas as pd

from alsdecline.datasets.doses_and_events import placed_adverse_events, placed_doses
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.long_files import row_of
from alsdecline.raw.wide_files import column_of
from alsdecline.settings.data_plan import DataPlan

VALUE_COLUMNS = [
    "USUBJID",
    "PARAMCD",
    "AVISITN",
    "ADT",
    "SRCSEQ",
    "file",
    "row",
    "column",
    "parameter",
    "sha256",
]


def _averaged_with(files: TrialFiles, source: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the further cells that means of repeated values are made of."""
    averaged = files.averaged[files.averaged["column"] == source].astype({"row": float})
    further = cells.merge(averaged[["row", "also"]], on="row")
    further["row"] = further["also"]
    if source in files.filled:
        further["column"] = files.column_names(source, further["row"])
    return further[list(cells.columns)]


def value_lineage(
    plan: DataPlan,
    files: TrialFiles,
    measured: Mapping[str, pd.DataFrame],
    sha256: Mapping[str, str],
) -> pd.DataFrame:
    """Tell where each measured value stands in the raw files.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables.
    measured : mapping of str to DataFrame
        From :func:`alsdecline.datasets.bds.measured_values`.
    sha256 : mapping of str to str
        Digest of each raw file, by its configured name.

    Returns
    -------
    DataFrame
        Columns :data:`VALUE_COLUMNS`: a row for each raw cell, several where a value
        is a total of items or the mean of repeated ones; ``parameter`` names the item
        or, in a file of measurements, the parameter. A carried value (DTYPE LOCF) has
        the SRCSEQ of its source. No analysis reads it: a mere re-ordering of raw rows
        changes it.
    """
    parts = []
    for outcome in plan.outcomes:
        if outcome.sum_of:
            continue
        frame = measured[outcome.id]
        places: list[tuple[str, pd.Series | str, str, pd.Series]] = []
        for source in outcome.source_columns:
            table, _ = files.value_cells(source)
            row = frame[row_of(source)]
            names = files.column_names(source, row)
            places.append((table, frame.get(column_of(source), names), source, row))
        if outcome.baseline:
            own = outcome.baseline.column
            rows_there = frame[ROW].where(frame["SRCDOM"] == "SUBJECTS")
            name = files.column_name("subjects", own)
            places.append(("subjects", name, own, rows_there))
        for table, column, source, row in places:
            file = files.sources[table].file
            cells = frame[["USUBJID", "AVISITN", "ADT", "SRCSEQ"]].assign(
                PARAMCD=outcome.parameter,
                file=file,
                row=row,
                column=column,
                parameter=source,
                sha256=sha256[file],
            )
            cells = cells[cells["row"].notna()]
            parts += [cells, _averaged_with(files, source, cells)]
    rows = pd.concat(parts, ignore_index=True)[VALUE_COLUMNS]
    order = ["USUBJID", "PARAMCD", "SRCSEQ", "parameter", "row"]
    return rows.astype({"row": "int64"}).sort_values(order, ignore_index=True)


RECORD_COLUMNS = ["domain", "USUBJID", "PARAMCD", "SEQ", "file", "row", "sha256"]


def _records(plan: DataPlan, files: TrialFiles) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the records of each raw table but the visits, in the datasets' order."""
    for table in ("subjects", "events"):
        if table in files.tables:
            yield table, files.tables[table].rename(columns={"patient": "USUBJID"})
    if "exposure" in files.tables:
        yield "exposure", placed_doses(plan, files)
    if "adverse_events" in files.tables:
        yield "adverse_events", placed_adverse_events(plan, files)


def record_lineage(
    plan: DataPlan,
    files: TrialFiles,
    adsl: pd.DataFrame,
    measured: Mapping[str, pd.DataFrame],
    sha256: Mapping[str, str],
) -> pd.DataFrame:
    """Tell where the records behind ADSL, ADEX, ADAE and the visits' days stand.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables.
    adsl : DataFrame
        From :func:`alsdecline.datasets.adsl.subject_level`.
    measured : mapping of str to DataFrame
        From :func:`alsdecline.datasets.bds.measured_values`.
    sha256 : mapping of str to str
        Digest of each raw file, by its configured name.

    Returns
    -------
    DataFrame
        Columns :data:`RECORD_COLUMNS`, a row for each raw record. ``domain`` is the
        raw table in capitals. ``SEQ`` counts a patient's records as the dataset has
        them: those of ADEX and ADAE in their order, visits by the SRCSEQ of the outcome
        that ``PARAMCD`` names, which is empty elsewhere. No analysis reads it.
    """
    parts = []
    for table, frame in _records(plan, files):
        of_trial = frame[frame["USUBJID"].isin(adsl["USUBJID"])]
        numbers = of_trial.groupby("USUBJID").cumcount() + 1
        parts.append((table, "", of_trial, numbers))
    for outcome in plan.outcomes:
        if not outcome.sum_of:
            visits = measured[outcome.id]
            visits = visits[visits["SRCDOM"] != "SUBJECTS"]
            parts.append(("visits", outcome.parameter, visits, visits["SRCSEQ"]))
    rows = pd.concat(
        [
            pd.DataFrame(
                {
                    "domain": table.upper(),
                    "USUBJID": frame["USUBJID"],
                    "PARAMCD": parameter,
                    "SEQ": numbers,
                    "file": files.sources[table].file,
                    "row": frame[ROW],
                    "sha256": sha256[files.sources[table].file],
                }
            )
            for table, parameter, frame, numbers in parts
            if len(frame)
        ],
        ignore_index=True,
    )
    order = ["domain", "USUBJID", "PARAMCD", "SEQ"]
    rows = rows.astype({"row": "int64", "SEQ": "int64"})
    return rows.sort_values(order, ignore_index=True)[RECORD_COLUMNS]
