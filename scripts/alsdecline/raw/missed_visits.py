"""Visits that were not made: rows of a visits file without date and value."""

import dataclasses
from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.long_files import KEYS
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import value_specs
from alsdecline.settings.data_plan import DataPlan


def without_missed_visits(plan: DataPlan, raws: Mapping[str, RawTable]) -> RawTable:
    """Leave out rows that say of a visit but that it was planned.

    Parameters
    ----------
    plan : DataPlan
        Which column tells when a visit was, and which hold values.
    raws : mapping of str to RawTable
        The raw tables, text by our names.

    Returns
    -------
    RawTable
        The visits but those that have neither a time nor a value.
    """
    raw = raws["visits"]
    frame = raw.frame
    if plan.time_column not in frame:
        return raw
    undated = frame[plan.time_column] == ""
    if not undated.any():
        return raw
    measured = raws.get("measurements")
    if measured is None:
        values = [name for name in value_specs(plan) if name in frame]
        missed = undated & (frame[values] == "").all(axis=1)
        return dataclasses.replace(raw, frame=frame[~missed])
    taken = measured.frame
    if not {*KEYS, "value"} <= set(taken) or not set(KEYS) <= set(frame):
        return raw
    taken = taken[taken["value"] != ""]
    places = pd.MultiIndex.from_frame(frame[KEYS])
    seen = places.isin(pd.MultiIndex.from_frame(taken[KEYS]))
    return dataclasses.replace(raw, frame=frame[~undated | seen])
