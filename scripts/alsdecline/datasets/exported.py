"""The datasets as others' programs are given them: which there are, with labels.

The outcomes are one dataset, ADEFF, as ADaM puts parameters of one structure together.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import pandas as pd

from alsdecline.datasets.variables import Variable, variables_of

SYNTHETIC = "Synthetic "
"""Stands before the label of a dataset of data that are made up."""


@dataclasses.dataclass(frozen=True)
class Exported:
    """A dataset as it is handed on.

    Attributes
    ----------
    study, name, label : str
        The name has at most 8 characters, the label 40.
    keys : tuple of str
        Names of the variables that it is sorted by.
    variables : list of Variable
    frame : DataFrame
        By names of the variables; texts are never missing, dates ``datetime64``.
    """

    study: str
    name: str
    label: str
    keys: tuple[str, ...]
    variables: list[Variable]
    frame: pd.DataFrame


NAMED = {
    "ADSL": ("Subject-Level Analysis Dataset", ("STUDYID", "USUBJID")),
    "ADEFF": (
        "Efficacy Analysis Dataset",
        ("STUDYID", "USUBJID", "PARAMCD", "AVISITN", "ARELTM"),
    ),
    "ADEX": ("Exposure Analysis Dataset", ("STUDYID", "USUBJID", "ASTDT")),
    "ADAE": ("Adverse Event Analysis Dataset", ("STUDYID", "USUBJID", "ASTDT")),
}
"""Label and keys of each dataset, by name."""


def _texts_filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a dataset whose missing texts are empty, as SAS has them."""
    texts = [c for c in frame if frame[c].dtype == object or frame[c].dtype == "str"]
    filled = frame.copy()
    for column in texts:
        values = frame[column].astype("object")
        filled[column] = values.where(values.notna(), "")
    return filled


def exported_datasets(
    study: str,
    adsl: pd.DataFrame,
    bds: Sequence[pd.DataFrame],
    adex: pd.DataFrame,
    adae: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    synthetic: bool,
) -> list[Exported]:
    """Describe the datasets of a trial, those of its outcomes in one.

    Parameters
    ----------
    study : str
        STUDYID.
    adsl : DataFrame
        From :func:`alsdecline.datasets.labels.labelled_adsl`.
    bds : sequence of DataFrame
        Of each outcome, from :func:`alsdecline.datasets.labels.labelled_bds`.
    adex, adae : DataFrame
        Doses and adverse events.
    labels : mapping of str to str
        Labels of ADSL's columns that are this trial's own.
    synthetic : bool
        Whether the data are made up, which the labels of the datasets then say.

    Returns
    -------
    list of Exported
        ADSL, ADEFF, ADEX and ADAE. ADEFF is sorted by patient, then outcome as
        configured, then as each outcome is.
    """
    together = pd.concat(bds, ignore_index=True)
    effects = together.sort_values("USUBJID", kind="stable", ignore_index=True)
    frames = dict(zip(NAMED, (adsl, effects, adex, adae), strict=True))
    datasets = []
    for name, frame in frames.items():
        label, keys = NAMED[name]
        variables = variables_of(frame, labels)
        renamed = {variable.column: variable.name for variable in variables}
        datasets.append(
            Exported(
                study=study,
                name=name,
                label=f"{SYNTHETIC}{label}" if synthetic else label,
                keys=keys,
                variables=variables,
                frame=_texts_filled(frame).rename(columns=renamed),
            )
        )
    return datasets


def last_date(datasets: Sequence[Exported]) -> pd.Timestamp:
    """Return the last date that datasets hold; 1960-01-01, SAS's day 0, if none.

    It stands where formats ask for a time of creation, so that the same data give the
    same bytes.
    """
    dates = [
        dataset.frame[variable.name].max()
        for dataset in datasets
        for variable in dataset.variables
        if variable.kind == "date"
    ]
    return max((d for d in dates if pd.notna(d)), default=pd.Timestamp("1960-01-01"))


def variable_table(datasets: Sequence[Exported]) -> pd.DataFrame:
    """List the variables of datasets.

    Returns
    -------
    DataFrame
        dataset, variable, label, kind, column (what results/data calls it).
    """
    return pd.DataFrame(
        [
            (dataset.name, v.name, v.label, v.kind, v.column)
            for dataset in datasets
            for v in dataset.variables
        ],
        columns=["dataset", "variable", "label", "kind", "column"],
    )
