"""Where each value of the analysis datasets stands in the raw files."""

from collections.abc import Mapping

import pandas as pd

from alsdecline.datasets.bds import measured_values
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.measurements import row_of
from alsdecline.settings.data_plan import DataPlan

COLUMNS = [
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


def lineage(
    plan: DataPlan,
    files: TrialFiles,
    adsl: pd.DataFrame,
    sha256: Mapping[str, str],
) -> pd.DataFrame:
    """Tell where each measured value stands in the raw files.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables.
    adsl : DataFrame
        From :func:`alsdecline.datasets.adsl.subject_level`.
    sha256 : mapping of str to str
        Digest of each raw file, by its configured name.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`: a row for each raw cell, several where a value is a
        total of items; ``parameter`` names the item or, in a file of measurements,
        the parameter. A carried value (DTYPE LOCF) has the SRCSEQ of its source. No
        analysis reads it: a mere re-ordering of raw rows changes it.
    """
    parts = []
    for outcome in plan.outcomes:
        if outcome.sum_of:
            continue
        frame = measured_values(plan, files, adsl, outcome)
        for source in outcome.source_columns:
            table, column = files.value_cells(source)
            file = files.sources[table].file
            cells = frame[["USUBJID", "AVISITN", "ADT", "SRCSEQ"]].assign(
                PARAMCD=outcome.parameter,
                file=file,
                row=frame[row_of(source)],
                column=column,
                parameter=source,
                sha256=sha256[file],
            )
            parts.append(cells[cells["row"].notna()])
    rows = pd.concat(parts, ignore_index=True)[COLUMNS]
    order = ["USUBJID", "PARAMCD", "SRCSEQ", "parameter"]
    return rows.astype({"row": "int64"}).sort_values(order, ignore_index=True)
