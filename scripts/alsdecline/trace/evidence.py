"""Rows of the analysis datasets, and what else a number is made of."""

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd


@dataclasses.dataclass(frozen=True, eq=False)
class Selection:
    """Rows of one analysis dataset; two that select the same of it are equal.

    Attributes
    ----------
    dataset : str
        ``adsl``, ``adex``, ``adae`` or ``bds/<outcome>``.
    rows : ndarray of int
        Their positions, from 0, rising.
    variables : tuple of str
        The variables that are used of them.
    where : str
        What they have in common.
    """

    dataset: str
    rows: np.ndarray
    variables: tuple[str, ...]
    where: str

    @cached_property
    def _key(self) -> tuple[object, ...]:
        return self.dataset, self.rows.tobytes(), self.variables, self.where

    def __hash__(self) -> int:
        """Return a hash of what is selected."""
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        """Tell whether the same is selected."""
        return isinstance(other, Selection) and self._key == other._key

    @property
    def file(self) -> str:
        """The dataset's file."""
        return f"results/data/{self.dataset}.parquet"


@dataclasses.dataclass(frozen=True)
class Artefact:
    """A file of results that a number is computed from.

    Attributes
    ----------
    file : str
        Relative to the trial's folder.
    columns : tuple of str
        Its columns, or keys, that are used.
    rows : str
        Which rows.
    operation : str
        What is computed of them.
    """

    file: str
    columns: tuple[str, ...]
    rows: str
    operation: str


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What a number rests on, in the names of CDISC's Analysis Results Standard.

    Attributes
    ----------
    dataset, variable : str
        What is analysed.
    operation : str
        The statistic, in words.
    analysis_set, data_subset : str
        Whose data, and which of them; conditions on dataset variables.
    groupings : list of tuple of str
        Variable and value of each grouping.
    selections : list of Selection
        Rows of analysis datasets.
    artefacts : list of Artefact
        Files between them and the number.
    estimand : str
        Id of the estimand that it estimates or supplements; empty where none.
    settings : dict
        Settings of the computation: model, priors, sampler, seed.
    """

    dataset: str
    variable: str
    operation: str
    analysis_set: str
    data_subset: str
    groupings: list[tuple[str, str]]
    selections: list[Selection]
    artefacts: list[Artefact] = dataclasses.field(default_factory=list)
    estimand: str = ""
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)


def chosen(
    dataset: str, mask: pd.Series | np.ndarray, variables: Sequence[str], where: str
) -> Selection:
    """Select the rows of a dataset of which a mask over all of them is true."""
    rows = np.flatnonzero(np.asarray(mask, dtype=bool))
    return Selection(dataset, rows, tuple(dict.fromkeys(variables)), where)
