"""The raw columns behind variables of the analysis datasets."""

from pathlib import Path

from alsdecline.raw.csv_cells import csv_header
from alsdecline.raw.one_file import own_columns
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.trial_paths import file_to_read

OUR_NAMES = {
    "subjects": {
        "USUBJID": "patient",
        "ARMCD": "arm",
        "RANDDT": "randomisation_date",
        "ONSETDT": "onset_date",
        "ONSETDTC": "onset_date",
        "DIAGDT": "diagnosis_date",
        "DIAGDTC": "diagnosis_date",
    },
    "events": {
        "EOSSTT": "event",
        "EOSDT": "date",
        "DCSREAS": "reason",
        "DTHDT": "date",
        "EOSDY": "date",
        "DTHDY": "date",
    },
    "exposure": {
        "ASTDT": "date",
        "AENDT": "end_date",
        "ADOSE": "dose",
        "SAFFL": "dose",
        "GIVENFL": "dose",
        "TRTSDT": "date",
        "TRTEDT": "end_date",
        "ASTDY": "date",
        "AENDY": "end_date",
        "TRTSDY": "date",
        "TRTEDY": "end_date",
    },
    "adverse_events": {
        "AETERM": "term",
        "ASTDT": "start_date",
        "AENDT": "end_date",
        "ASTDY": "start_date",
        "AENDY": "end_date",
        "AESEV": "severity",
        "AESER": "serious",
        "AEREL": "related",
    },
}
"""Our names of the raw columns behind each variable, by raw table."""


def raw_columns(
    plan: DataPlan, folder: Path, table: str, variables: set[str]
) -> list[str]:
    """Return the columns of a raw file that hold variables.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    folder : Path
        The trial's folder, with the raw files if they are there.
    table : str
        As ``subjects`` or ``exposure``.
    variables : set of str
        Of the analysis datasets.

    Returns
    -------
    list of str
        Names as in the file, the patient's first. Columns that need not be there are
        named where the configuration or the file names them.
    """
    source = raw_tables(plan)[table]
    wanted = ["patient"]
    if table == "visits":
        wanted += [plan.time_column]
        wanted += [plan.planned_column] if plan.planned_column else []
        wanted += ["visit"] if plan.data.measurements is not None else []
    if table == "measurements":
        wanted += ["visit", "parameter", "value"]
    known = OUR_NAMES.get(table, {})
    wanted += [known[v] for v in sorted(variables & known.keys())]
    header = csv_header(file_to_read(folder, source.file), source.dialect)
    own = own_columns(plan)[table]  # of a name that another table has, there is none
    names = [
        source.columns.get(name, name)
        for name in dict.fromkeys(wanted)
        if name in source.columns or (name in own and (name in header or not header))
    ]
    if table == "subjects":
        subjects = plan.data.subjects
        described = [
            c.column for c in subjects.characteristics if c.column.upper() in variables
        ]
        described += [p.of for p in subjects.pooled if p.column in variables]
        names += [source.columns.get(name, name) for name in described]
    return list(dict.fromkeys(names))
