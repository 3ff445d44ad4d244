"""Trials to which mixed models are fitted by REML here and in R."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from support.trial_folder import PROJECT


class RemlTrial(NamedTuple):
    """Observations of a trial, and the columns of its mixed model.

    Attributes
    ----------
    response, groups : ndarray, shape (n,)
        Values, and whose they are.
    fixed, random : dict of str to ndarray, shape (n,)
        Columns of the designs.
    """

    response: np.ndarray
    groups: np.ndarray
    fixed: dict[str, np.ndarray]
    random: dict[str, np.ndarray]


def _of_slopes(frame: pd.DataFrame, treated: pd.Series) -> RemlTrial:
    """Make a common baseline, slopes by arm, and random lines of ``value, id, t``."""
    ones, time = np.ones(len(frame)), frame["t"].to_numpy(float)
    of_arm = treated.to_numpy(float)
    lines = {"intercept": ones, "time": time}
    return RemlTrial(
        frame["value"].to_numpy(float),
        frame["id"].astype(str).to_numpy(),
        {**lines, "time:treated": time * of_arm},
        lines,
    )


def _bundled(outcome: str) -> RemlTrial:
    visits = pd.read_csv(PROJECT / "data/visits.csv")
    arms = pd.read_csv(PROJECT / "data/subjects.csv").set_index("subject_id")["arm"]
    start = visits.groupby("subject_id")["visit_date"].transform("min")
    days = pd.to_datetime(visits["visit_date"]) - pd.to_datetime(start)
    frame = visits.assign(
        id=visits["subject_id"], t=days.dt.days / 30.4375, value=visits[outcome]
    ).dropna(subset=["value"])
    return _of_slopes(frame, frame["id"].map(arms) == "high")


def reml_trials(reference: Path) -> dict[str, RemlTrial]:
    """Read the trials.

    Parameters
    ----------
    reference : Path
        Folder of the published ones.

    Returns
    -------
    dict of str to RemlTrial
        By name. Of ``singular``, the first three months of another, intercepts and
        slopes are estimated to correlate wholly.
    """
    data = reference / "data"
    sleep = pd.read_csv(data / "sleepstudy/sleepstudy.csv")
    days = sleep["Days"].to_numpy(float)
    lines = {"intercept": np.ones(len(sleep)), "days": days}
    sleepstudy = RemlTrial(
        sleep["Reaction"].to_numpy(),
        sleep["Subject"].astype(str).to_numpy(),
        lines,
        lines,
    )
    armd = pd.read_csv(data / "armd_interferon/armd_long.csv")
    armd = armd.assign(id=armd["subject"], t=armd["time"], value=armd["visual"])
    of_armd = _of_slopes(armd, armd["treat.f"] == "Active")
    aids = pd.read_csv(data / "aids_ddI_ddC/aids_long.csv")
    aids = aids.assign(id=aids["patient"], t=aids["obstime"], value=aids["CD4"])
    fev = pd.read_csv(data / "mmrm_fev/fev_data.csv").dropna(subset=["FEV1"])
    fev = fev.assign(id=fev["USUBJID"], t=fev["VISITN"], value=fev["FEV1"])
    drug = pd.read_csv(data / "rbmi_antidepressant/antidepressant_data.csv")
    drug = drug.assign(id=drug["PATIENT"], t=drug["RELDAYS"] / 7, value=drug["CHANGE"])
    limb = _bundled("norris_limb")
    early = limb.fixed["time"] < 3
    return {
        "bundled_limb": limb,
        "singular": RemlTrial(
            limb.response[early],
            limb.groups[early],
            {name: column[early] for name, column in limb.fixed.items()},
            {name: column[early] for name, column in limb.random.items()},
        ),
        "bundled_bulbar": _bundled("norris_bulbar"),
        "bundled_total": _bundled("norris_total"),
        "bundled_fvc": _bundled("fvc_percent"),
        "sleepstudy": sleepstudy,
        "armd": of_armd._replace(
            fixed={**of_armd.fixed, "visual0": armd["visual0"].to_numpy(float)},
            random={"intercept": of_armd.random["intercept"]},
        ),
        "aids": _of_slopes(aids, aids["drug"] == "ddI"),
        "fev": _of_slopes(fev, fev["ARMCD"] == "TRT"),
        "antidepressant": _of_slopes(drug, drug["THERAPY"] == "DRUG"),
    }
