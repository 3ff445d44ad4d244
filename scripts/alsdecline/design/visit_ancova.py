"""The last value of each patient compared, adjusted for the first."""

import numpy as np

from alsdecline.design.comparison import Comparison, Estimates
from alsdecline.design.streams import Booleans, Floats


def _last_values(values: Floats) -> tuple[Floats, Booleans]:
    """Each patient's last value after the first visit, and who has one."""
    later = np.isfinite(values[..., 1:])
    has: Booleans = later.any(axis=-1)
    last = values.shape[-1] - 1 - np.argmax(later[..., ::-1], axis=-1)
    return np.take_along_axis(values, last[..., None], axis=-1)[..., 0], has


def ancova_of_last_value(data: Comparison, level: float) -> Estimates:
    """Compare last values carried forward by analysis of covariance on the baseline.

    Patients without a value at the first visit, or without a later one, are left out.

    Parameters
    ----------
    data : Comparison
        B trials.
    level : float
        Of the intervals.

    Returns
    -------
    Estimates
        Differences divided by the time of the last visit, so that they are points/time
        as those of slopes are; of patients who leave early, less than that.
    """
    baseline = data.responses[..., 0]
    last, has = _last_values(data.responses)
    has = has & np.isfinite(baseline)
    counts, means_x, means_y = [], [], []
    xx = xy = yy = np.zeros(len(last))
    with np.errstate(invalid="ignore", divide="ignore"):
        for of in (has & data.treated, has & ~data.treated):
            n = of.sum(axis=1).astype(np.float64)
            mean_x = np.where(of, baseline, 0.0).sum(axis=1) / n
            mean_y = np.where(of, last, 0.0).sum(axis=1) / n
            x = np.where(of, baseline - mean_x[:, None], 0.0)
            y = np.where(of, last - mean_y[:, None], 0.0)
            xx, xy = xx + (x * x).sum(axis=1), xy + (x * y).sum(axis=1)
            yy = yy + (y * y).sum(axis=1)
            counts.append(n)
            means_x.append(mean_x)
            means_y.append(mean_y)
        apart = means_x[0] - means_x[1]
        slope = xy / xx
        estimate = means_y[0] - means_y[1] - slope * apart
        df = counts[0] + counts[1] - 3.0
        variance = (yy - slope * xy) / df
        size = 1.0 / counts[0] + 1.0 / counts[1] + apart**2 / xx
        error = np.sqrt(variance * size)
        return Estimates.by_t(estimate / data.horizon, error / data.horizon, df, level)
