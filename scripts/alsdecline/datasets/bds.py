"""Analysis datasets in the shape of CDISC ADaM: one BDS for each outcome."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.datasets.baselines import baseline_positions, recorded_baselines
from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.study_time import LOCF, study_day
from alsdecline.datasets.totals import outcome_values
from alsdecline.datasets.visit_times import visit_days, visit_weeks
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.long_files import row_of
from alsdecline.raw.relative_times import study_days_as_days
from alsdecline.raw.wide_files import column_of
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.visits import Visits
from alsdecline.time_units import DAYS_PER_WEEK

BDS_COLUMNS = [
    "STUDYID",
    "USUBJID",
    "ARMCD",
    "PARAMCD",
    "PARAMTYP",
    "AVISIT",
    "AVISITN",
    "ADT",
    "ADY",
    "ARELTM",
    "AVAL",
    "BASE",
    "CHG",
    "PCHG",
    "ABLFL",
    "ANL01FL",
    "DTYPE",
    "SRCDOM",
    "SRCVAR",
    "SRCSEQ",
]


def _measured(
    plan: DataPlan, files: TrialFiles, adsl: pd.DataFrame, outcome: Outcome
) -> pd.DataFrame:
    """Return an outcome's values as :func:`measured_values` does."""
    visits = files.tables["visits"]
    values = outcome_values(plan, visits, outcome)
    days = visit_days(plan, files)
    in_trial = visits["patient"].isin(adsl["USUBJID"])
    kept = visits[values.notna() & days.notna() & in_trial]
    day = days[kept.index]
    first = outcome.source_columns[0]
    table, _ = files.value_cells(first)
    single = not outcome.items
    frame = pd.DataFrame(
        {
            "USUBJID": kept["patient"],
            "AVISITN": visit_weeks(plan, kept, day),
            "ADT": kept.get("visit_date", pd.Series(pd.NaT, kept.index)),
            "ADY": study_day(day).astype("int64"),
            "ARELTM": day,
            "AVAL": values[kept.index],
            "DTYPE": "",
            "SRCDOM": table.upper(),
            "SRCVAR": files.column_names(first, kept[row_of(first)]) if single else "",
            ROW: kept[ROW],
        }
    )
    frame["ADT"] = frame["ADT"].astype("datetime64[s]")
    for source in outcome.source_columns:
        frame[row_of(source)] = kept[row_of(source)].where(kept[source].notna())
        if column_of(source) in kept:  # of a file with a column for each visit
            frame[column_of(source)] = kept[column_of(source)]
            if single:
                frame["SRCVAR"] = kept[column_of(source)]
    if outcome.baseline:
        early = recorded_baselines(files, adsl, outcome, frame)
        frame = pd.concat([frame, early.astype({"ADT": "datetime64[s]"})])
    frame = frame.sort_values(["USUBJID", "ARELTM", "AVISITN"], ignore_index=True)
    frame["SRCSEQ"] = frame.groupby("USUBJID").cumcount() + 1
    return frame


def measured_values(
    plan: DataPlan, files: TrialFiles, adsl: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the outcomes' values with their visits and the raw rows they come from.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        Tables without fatal findings.
    adsl : DataFrame
        From :func:`alsdecline.datasets.adsl.subject_level`.

    Returns
    -------
    dict of str to DataFrame
        By outcome, measured or a total of items; those that sum others have none.
        USUBJID, AVISITN, ADT, ADY, ARELTM (days), AVAL, DTYPE, SRCDOM, SRCVAR, SRCSEQ,
        then the row of the visit, or of the subject where the baseline stands there,
        and that of each raw cell that has a value. Sorted by patient and time; values
        only.
    """
    return {
        outcome.id: _measured(plan, files, adsl, outcome)
        for outcome in plan.outcomes
        if not outcome.sum_of
    }


def _summed(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Sum of parts at visits where all were measured."""
    keys = ["USUBJID", "AVISITN", "ADT", "ADY", "ARELTM", "DTYPE"]
    total = parts[0][[*keys, "AVAL"]]
    for part in parts[1:]:
        total = total.merge(part[[*keys, "AVAL"]], on=keys, suffixes=("", "_part"))
        total["AVAL"] += total.pop("AVAL_part")
    total = total.sort_values(["USUBJID", "ARELTM", "AVISITN"], ignore_index=True)
    total["SRCDOM"] = total["SRCVAR"] = ""
    total["SRCSEQ"] = total.groupby("USUBJID").cumcount() + 1
    return total


def analysis_flags(
    frame: pd.DataFrame, baselines: pd.Index, visits: Visits
) -> np.ndarray:
    """Flag the values that stand for their visits.

    Parameters
    ----------
    frame : DataFrame
        USUBJID, AVISITN and ARELTM, sorted by patient and time.
    baselines : Index
        Rows that are baselines; they stand for theirs.
    visits : Visits
        With windows and their target days; with none where the file says which visit
        each value is of.

    Returns
    -------
    ndarray of str, shape (n,)
        Y; empty for a value outside all windows, and for one farther from the target
        day than another of the same patient and window (of equally close ones, the
        later).
    """
    if not visits.windows:
        return np.full(len(frame), "Y")
    distance = (frame["ARELTM"] - frame["AVISITN"].map(_planned_days(visits))).abs()
    distance[frame.index.isin(baselines)] = -1.0
    placed = frame.assign(distance=distance)[frame["AVISITN"].notna()]
    placed = placed.sort_values(["distance", "ARELTM"], kind="stable")
    first = placed.drop_duplicates(["USUBJID", "AVISITN"])
    return np.where(frame.index.isin(first.index), "Y", "")


def _labels(visits: Visits, weeks: pd.Series) -> np.ndarray:
    """Return the names of the visits of weeks, each week's made once."""
    week_at, different = pd.factorize(weeks, use_na_sentinel=False)
    names = np.array([visits.label(week) for week in different], dtype="object")
    named: np.ndarray = names[week_at]
    return named


def _days_of_deaths(adsl: pd.DataFrame) -> dict[str, float]:
    """Return the day from time zero on which each patient who died did so."""
    if "DTHDY" in adsl:  # of a trial without dates
        died = adsl.dropna(subset=["DTHDY"])
        days = study_days_as_days(died["DTHDY"])
    else:
        died = adsl.dropna(subset=["DTHDT", "ZERODT"])
        days = (died["DTHDT"] - died["ZERODT"]).dt.days.astype("float64")
    return dict(zip(died["USUBJID"], days, strict=True))


def _complete(
    plan: DataPlan, adsl: pd.DataFrame, outcome: Outcome, frame: pd.DataFrame
) -> pd.DataFrame:
    """Add identifiers, baseline and change from baseline in ADaM's column order."""
    subject = adsl.set_index("USUBJID")
    baselines = baseline_positions(frame)
    baseline = frame.loc[baselines].set_index("USUBJID")
    frame = frame.assign(
        ABLFL=np.where(frame.index.isin(baselines), "Y", ""),
        ANL01FL=analysis_flags(frame, baselines, plan.visits),
    )
    frame = carried_forward(frame, plan.visits, _days_of_deaths(adsl))
    frame = frame.assign(
        STUDYID=plan.study,
        ARMCD=of_patients(frame["USUBJID"], subject["ARMCD"]),
        PARAMCD=outcome.parameter,
        PARAMTYP="DERIVED" if outcome.sum_of or outcome.items else "",
        AVISIT=_labels(plan.visits, frame["AVISITN"]),
        BASE=of_patients(frame["USUBJID"], baseline["AVAL"]),
    )
    # change is of post-baseline records alone
    later = frame["ARELTM"] > of_patients(frame["USUBJID"], baseline["ARELTM"])
    after = frame["AVAL"].where(later | (frame["DTYPE"] == LOCF))
    frame["CHG"] = after - frame["BASE"]
    frame["PCHG"] = (100 * frame["CHG"] / frame["BASE"]).where(frame["BASE"] != 0)
    return frame[list(BDS_COLUMNS)]


def analysis_values(
    plan: DataPlan, measured: Mapping[str, pd.DataFrame], adsl: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Make a BDS for each outcome.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    measured : mapping of str to DataFrame
        From :func:`measured_values`.
    adsl : DataFrame
        From :func:`alsdecline.datasets.adsl.subject_level`.

    Returns
    -------
    dict of str to DataFrame
        By outcome id, columns :data:`BDS_COLUMNS`, sorted by patient and time.
        Baselines are those of :mod:`alsdecline.datasets.baselines`.
    """
    result = {}
    for outcome in plan.outcomes:
        if outcome.sum_of:
            frame = _summed([measured[part] for part in outcome.sum_of])
        else:
            frame = measured[outcome.id]
        result[outcome.id] = _complete(plan, adsl, outcome, frame)
    return result


def _planned_days(visits: Visits) -> dict[float, float]:
    """Return the day from time zero of each scheduled week; windows have theirs."""
    if visits.windows:
        days = [w.target_day - (w.target_day > 0) for w in visits.windows]
        return dict(zip(visits.schedule, days, strict=True))
    return {week: DAYS_PER_WEEK * week for week in visits.schedule}


def carried_forward(
    frame: pd.DataFrame, visits: Visits, deaths: Mapping[str, float]
) -> pd.DataFrame:
    """Add a row for each scheduled visit at which a patient has no analysis value.

    The value is that of the scheduled visit before, itself carried or not, which is
    what the legacy analyses of change from baseline did. No model of decline uses it.

    Parameters
    ----------
    frame : DataFrame
        USUBJID, AVISITN, ARELTM, AVAL, ABLFL, ANL01FL, DTYPE and more, observed
        values alone.
    visits : Visits
        The schedule, and whether a baseline is carried too, and past death.
    deaths : mapping of str to float
        Day from time zero of the death of the patients who died.

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
    places = filled.reset_index().melt("USUBJID", value_name="at").dropna(subset=["at"])
    if not visits.carried_past_death:
        planned = places["AVISITN"].map(_planned_days(visits)).astype("float64")
        died = of_patients(places["USUBJID"], deaths).astype("float64")
        places = places[~(planned > died)]
    carried = frame.loc[places["at"].astype("int64")].assign(
        AVISITN=places["AVISITN"].to_numpy(),
        ABLFL="",
        ANL01FL="Y",
        DTYPE=LOCF,
    )
    if visits.carry_forward == "post_baseline":
        carried = carried[carried["AVISITN"] > 0]
    together = pd.concat([frame, carried], ignore_index=True)
    order = ["USUBJID", "AVISITN", "ARELTM"]
    return together.sort_values(order, ignore_index=True, kind="stable")
