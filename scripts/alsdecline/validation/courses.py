"""Each patient's course of an outcome, and how much its values usually vary.

All of it is robust: a few wrong values do not make the yardstick by which they are
told, and heavy tails of right ones lengthen it.
"""

import dataclasses

import numpy as np
import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.long_files import row_of
from alsdecline.raw.rules import Rule
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.scales import Scale
from alsdecline.validation.markers import far_codes

FEWEST = 15
"""Differences without which nothing is said of how values vary."""

MAD_OF_NORMAL = 1.4826
Q90_OF_NORMAL = 1.6449
"""What makes of a median, or of a ninth decile, of absolute values the SD of a normal
distribution."""

SMALLEST_SHARE = 0.03
"""Share of the scale's range, or of the median value, that values vary by at least."""


@dataclasses.dataclass(frozen=True)
class Course:
    """All values of an outcome, by patient and time.

    Attributes
    ----------
    outcome : Outcome
    scale : Scale
    rows : DataFrame
        ``patient``, ``day``, ``value`` and ``row``, in order of patient and day; none
        is missing, or beyond its scale.
    """

    outcome: Outcome
    scale: Scale
    rows: pd.DataFrame

    @property
    def gain(self) -> int:
        """1 where a higher value is better, else -1."""
        return 1 if self.scale.better == "higher" else -1

    @property
    def least_spread(self) -> float:
        """What values vary by at least, though all that were recorded be equal."""
        if self.scale.maximum is not None:
            return SMALLEST_SHARE * (self.scale.maximum - self.scale.minimum)
        return SMALLEST_SHARE * float(self.rows["value"].abs().median())

    def finding(
        self, files: TrialFiles, rule: Rule, at: int, message: str, column: str = ""
    ) -> Finding:
        """Make a finding about a value by its position."""
        row = int(self.rows["row"].to_numpy()[at])
        value = float(self.rows["value"].to_numpy()[at])
        measured = column or (None if self.outcome.items else self.outcome.column)
        if measured is None:  # a total has no cell of its own
            return files.finding("visits", rule, row, "", value, message)
        return files.value_finding(rule, row, measured, value, message)


def course_of(
    plan: DataPlan, files: TrialFiles, outcome: Outcome, days: pd.Series
) -> Course:
    """Put the values of an outcome, measured or a total of items, in order.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables.
    outcome : Outcome
        No sum of outcomes.
    days : Series
        Days of the visits, from ``visit_days``.

    Returns
    -------
    Course
    """
    visits = files.tables["visits"]
    measured = None if outcome.items else outcome.column
    frame = pd.DataFrame(
        {
            "patient": visits["patient"],
            "day": days,
            "value": outcome_values(plan, visits, outcome),
            "row": visits[row_of(measured) if measured else ROW],
        }
    ).dropna()
    scale = plan.scales[outcome.scale]
    top = float("inf") if scale.maximum is None else scale.maximum
    # what the scale has not, or says that there is no value, is told, and of no course
    frame = frame[frame["value"].between(scale.minimum, top)]
    frame = frame[~far_codes(frame["value"])]
    frame = frame.sort_values(["patient", "day"], kind="stable", ignore_index=True)
    return Course(outcome, scale, frame)


def spread(differences: np.ndarray, least: float, fewest: int = FEWEST) -> np.ndarray:
    """Return how much differences about 0 usually vary, as an SD.

    Parameters
    ----------
    differences : ndarray, shape (..., n)
        Of values that should be near each other, in each row.
    least : float
        What it is at least.
    fewest : int
        Differences without which nothing is said.

    Returns
    -------
    ndarray, shape (...)
        The largest of `least` and of what the median and the ninth decile of the
        absolute differences are of a normal distribution; infinite where there are
        too few.
    """
    if differences.shape[-1] < fewest:
        return np.full(differences.shape[:-1], np.inf)
    size = np.abs(differences)
    middle = MAD_OF_NORMAL * np.median(size, axis=-1)
    tails = np.quantile(size, 0.9, axis=-1) / Q90_OF_NORMAL
    return np.maximum(np.maximum(middle, tails), least)
