"""Monte Carlo errors of the reported estimates and probabilities."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.finished_results import read_finished
from alsdecline.fits.diagnostics import monte_carlo_error
from alsdecline.fits.estimates import stated
from alsdecline.fits.plan import DEFAULT, FitPlan
from alsdecline.fits.planning import all_fits
from alsdecline.fits.quantities import RATIOS, reported_quantities
from alsdecline.jobs.recorded_runs import RecordedRun
from alsdecline.settings.analysis import SummariesAtHorizon
from alsdecline.stable_files import read_parquet

type Key = tuple[str, str, str, str, str]
"""Model, outcome, quantity, arm and prior."""


def _error(draws: np.ndarray, chains: int, method: str) -> float:
    return monte_carlo_error(draws.reshape(chains, -1), method)


def monte_carlo_errors(
    plan: FitPlan, draws: pd.DataFrame, summaries: SummariesAtHorizon
) -> Iterator[tuple[str, str, str, float, float]]:
    """Compute the Monte Carlo standard errors of what is reported of a posterior.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        ``chain``, ``draw`` and a column for each parameter, sorted by chain and draw.
    summaries : SummariesAtHorizon
        Week of the change from baseline, and thresholds of ratios.

    Yields
    ------
    outcome, quantity, arm : str
        What it is of.
    estimate, probability : float
        Errors of the posterior mean (of ratios the median) and of the probability, by
        Vehtari et al. (2021), section 4. Not finite where they are not known.
    """
    chains = draws["chain"].nunique()
    for slopes, quantity in reported_quantities(plan, draws, summaries.horizon_week):
        method = "median" if quantity.name in RATIOS else "mean"
        yield (
            quantity.outcome,
            quantity.name,
            quantity.arm,
            _error(quantity.draws, chains, method),
            _error(stated(slopes, quantity).astype(float), chains, "mean"),
        )
        if quantity.name != "decline_ratio":
            continue
        for threshold in summaries.ratio_thresholds:
            below = (quantity.draws < threshold).astype(float)
            name = f"decline_ratio_below_{threshold:g}"
            error = _error(below, chains, "mean")
            yield quantity.outcome, name, quantity.arm, math.nan, error


def errors_of_run(run: RecordedRun) -> dict[Key, dict[str, float]]:
    """Compute the Monte Carlo errors of a run's estimates from its posteriors.

    Parameters
    ----------
    run : RecordedRun
        With settings that can be read; without, nothing is known.

    Returns
    -------
    dict
        ``estimate`` and ``probability`` by model, outcome, quantity, arm and prior;
        what has no posterior on disk is absent.
    """
    errors: dict[Key, dict[str, float]] = {}
    if run.settings is None:
        return errors
    for plan in all_fits(run.settings):
        folder = run.results / "fits" / plan.name
        draws: dict[str, pd.DataFrame] = {}
        if (folder / "posterior.parquet").is_file():
            draws[DEFAULT] = read_finished(read_parquet, folder / "posterior.parquet")
        if (folder / "alternatives.parquet").is_file():
            path = folder / "alternatives.parquet"
            alternatives = read_finished(read_parquet, path)
            draws |= {
                name: alternatives[alternatives["prior"] == name]
                for name in plan.alternatives
            }
        for prior, drawn in draws.items():
            for outcome, quantity, arm, estimate, probability in monte_carlo_errors(
                plan, drawn, run.settings.summaries_at_horizon
            ):
                key = (plan.model, outcome, quantity, arm, prior)
                errors[key] = {"estimate": estimate, "probability": probability}
    return errors
