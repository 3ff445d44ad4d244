"""The parameters of a fit as its posterior has them, with their Monte Carlo errors."""

import arviz_stats
import numpy as np
import pandas as pd
import xarray as xr

from alsdecline.fits.drawn import drawn_model
from alsdecline.fits.identified import Reasons
from alsdecline.fits.plan import FitPlan
from alsdecline.models.explicit.member import LOGIT

COLUMNS = [
    "model",
    "outcomes",
    "parameter",
    "mean",
    "sd",
    "lower",
    "upper",
    "mcse",
    "reason",
]


def summarise_parameters(
    plan: FitPlan,
    draws: pd.DataFrame,
    interval: float,
    unidentified: Reasons | None = None,
) -> pd.DataFrame:
    """Summarise every parameter of a posterior.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        ``chain``, ``draw`` and a column for each parameter, sorted by chain and draw.
    interval : float
        Probability of the central intervals.
    unidentified : mapping, optional
        Why the data leave some fixed effects to their priors: these have no numbers.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`; time is in the plan's unit. ``mcse`` is the Monte Carlo
        standard error of the mean (Vehtari et al. 2021, section 4.1).
    """
    names = drawn_model(plan).parameter_names
    chains = draws["chain"].nunique()
    data = xr.Dataset(
        {n: (("chain", "draw"), draws[n].to_numpy().reshape(chains, -1)) for n in names}
    )
    errors = arviz_stats.mcse(data, method="mean")
    tail = (1 - interval) / 2
    table = pd.DataFrame(
        {
            "model": plan.model,
            "outcomes": " ".join(plan.outcomes),
            "parameter": names,
            "mean": [draws[n].mean() for n in names],
            "sd": [draws[n].std(ddof=1) for n in names],
            "lower": [draws[n].quantile(tail) for n in names],
            "upper": [draws[n].quantile(1 - tail) for n in names],
            "mcse": [float(errors[n]) for n in names],
        }
    )
    left = {name: why for (_, name, _), why in (unidentified or {}).items()}
    # of some members a name has a prefix, which tells the scale
    table["reason"] = [left.get(n.removeprefix(LOGIT), "") for n in names]
    numbers = ["mean", "sd", "lower", "upper", "mcse"]
    table.loc[table["reason"] != "", numbers] = np.nan
    return table[COLUMNS]
