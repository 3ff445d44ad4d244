"""Last observation carried forward: visits without a value get the one before."""

import pandas as pd

from alsdecline.settings.data import Visits

LOCF = "LOCF"
"""DTYPE of a carried value."""


def carried_forward(frame: pd.DataFrame, visits: Visits) -> pd.DataFrame:
    """Add a row for each scheduled visit at which a patient has no analysis value.

    The value is that of the scheduled visit before, itself carried or not, which is
    what the legacy analyses of change from baseline did. No model of decline uses it.

    Parameters
    ----------
    frame : DataFrame
        USUBJID, AVISITN, ADY, AVAL, ABLFL, ANL01FL, DTYPE and more, observed values
        alone.
    visits : Visits
        The schedule, and whether a baseline is carried too.

    Returns
    -------
    DataFrame
        `frame` and the carried rows (DTYPE ``LOCF``, ANL01FL ``Y``), which keep date,
        day and source of the value they repeat. Sorted by patient, week and day.
    """
    if visits.carry_forward == "none":
        return frame
    weeks = sorted(visits.schedule)
    analysed = frame[(frame["ANL01FL"] == "Y") & frame["AVISITN"].isin(weeks)]
    if visits.carry_forward == "post_baseline":
        analysed = analysed[analysed["ABLFL"] != "Y"]
    # row of the analysis value of each patient (rows) at each week (columns)
    source = analysed.assign(at=analysed.index).pivot_table(
        index="USUBJID", columns="AVISITN", values="at", aggfunc="first"
    )
    source = source.reindex(columns=weeks).astype("float64")
    filled = source.ffill(axis=1).where(source.isna())
    places = filled.melt(value_name="at").dropna(subset=["at"])
    carried = frame.loc[places["at"].astype("int64")].assign(
        AVISITN=places["AVISITN"].to_numpy(),
        ABLFL="",
        ANL01FL="Y",
        DTYPE=LOCF,
    )
    if visits.carry_forward == "post_baseline":
        carried = carried[carried["AVISITN"] > 0]
    together = pd.concat([frame, carried], ignore_index=True)
    order = ["USUBJID", "AVISITN", "ADY"]
    return together.sort_values(order, ignore_index=True, kind="stable")
