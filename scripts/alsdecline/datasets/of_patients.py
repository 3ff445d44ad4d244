"""What is known of patients, at each of their records."""

from collections.abc import Mapping
from typing import Any

import pandas as pd


def of_patients(patients: pd.Series, known: Mapping[Any, Any] | pd.Series) -> pd.Series:
    """Return what is known of each record's patient; missing where nothing is.

    Parameters
    ----------
    patients : Series
        Of records.
    known : mapping or Series
        By patient, each once.

    Returns
    -------
    Series
        With the index of `patients`. As :meth:`pandas.Series.map`, in a third of its
        time: texts are looked up as Python's, which know their hash, and never made
        Arrow's for it.
    """
    if not isinstance(known, pd.Series):
        known = pd.Series(dict(known), dtype=None if known else "float64")
    known = known.set_axis(pd.Index(known.index, dtype="object"))
    found: pd.Series = known.reindex(pd.Index(patients, dtype="object"))
    found.name = patients.name
    return found.infer_objects().set_axis(patients.index)
