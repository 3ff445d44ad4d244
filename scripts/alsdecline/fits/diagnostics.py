"""Gates on computation: of chains, and of the Monte Carlo error of what is reported."""

import warnings
from collections.abc import Collection
from typing import Any

import arviz_stats
import numpy as np
import xarray as xr

from alsdecline.settings.analysis import Gates

ENDS = (0.025, 0.975)
"""Of the intervals whose Monte Carlo errors are held to a limit."""


def monte_carlo_error(
    draws: np.ndarray, method: str, prob: float | None = None
) -> float:
    """Return the Monte Carlo standard error of a summary of draws.

    Parameters
    ----------
    draws : ndarray, shape (chains, draws)
        Of one quantity.
    method : {"mean", "median", "quantile"}
        The summary.
    prob : float, optional
        Of the quantile.

    Returns
    -------
    float
        By Vehtari et al. (2021), section 4; of draws that are all the same 0. Not
        finite where it is not known.
    """
    if np.ptp(draws) == 0:
        return 0.0
    with warnings.catch_warnings():
        # of an event that hardly ever happens; what comes out is told apart
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(arviz_stats.mcse(draws, method=method, prob=prob))


def _interval_error(draws: np.ndarray) -> float:
    """Larger Monte Carlo error of a 95% interval's ends, in posterior SDs."""
    sd = float(draws.std())
    ends = [monte_carlo_error(draws, "quantile", end) for end in ENDS]
    return max(ends) / sd if sd > 0 else float("nan")


def energy_fraction(energy: np.ndarray) -> float:
    """Smallest E-BFMI over chains, as ArviZ computes it after Betancourt (2016).

    Parameters
    ----------
    energy : ndarray, shape (chains, draws)
        Hamiltonian at each draw.

    Returns
    -------
    float
        Mean squared change of the energy over its variance, least over chains.
    """
    changes = np.square(np.diff(energy, axis=1)).mean(axis=1)
    return float((changes / energy.var(axis=1)).min())


def diagnose(
    quantities: dict[str, np.ndarray],
    divergences: int,
    energy: np.ndarray,
    without_sd: Collection[str] = (),
) -> dict[str, Any]:
    """Compute the diagnostics of one posterior.

    Parameters
    ----------
    quantities : dict of str to ndarray, shape (chains, draws)
        Each reported quantity, by name.
    divergences : int
        Divergent transitions after adaptation.
    energy : ndarray, shape (chains, draws)
        Energies.
    without_sd : collection of str
        Names of quantities that have no SD to measure an error by, as ratios.

    Returns
    -------
    dict
        Largest R-hat, smallest bulk and tail ESS and largest error of an interval's
        ends in posterior SDs, each with the quantity it is of; divergences and E-BFMI.
    """
    data = xr.Dataset({n: (("chain", "draw"), v) for n, v in quantities.items()})
    with warnings.catch_warnings():
        # a quantity that does not vary has no R-hat; it is reported as such below
        warnings.simplefilter("ignore", RuntimeWarning)
        r_hat = arviz_stats.rhat(data)
        bulk = arviz_stats.ess(data, method="bulk")
        tail = arviz_stats.ess(data, method="tail")
        ends = {
            name: _interval_error(drawn)
            for name, drawn in quantities.items()
            if name not in without_sd
        }
    values = {
        "r_hat": {n: float(r_hat[n]) for n in quantities},
        "ess_bulk": {n: float(bulk[n]) for n in quantities},
        "ess_tail": {n: float(tail[n]) for n in quantities},
        "interval_error": ends,
    }
    result: dict[str, Any] = {
        "divergences": divergences,
        "e_bfmi": energy_fraction(energy),
    }
    for name, by_quantity in values.items():
        undefined = sorted(
            n
            for n, v in by_quantity.items()
            # ranks would hide a single infinite draw
            if not (np.isfinite(v) and np.isfinite(quantities[n]).all())
        )
        pick = min if name.startswith("ess") else max
        worst = undefined[0] if undefined else pick(by_quantity, key=by_quantity.get)  # type: ignore[arg-type]
        result[name] = None if undefined else by_quantity[worst]
        result[f"{name}_of"] = worst
    return result


def gate_failures(
    diagnostics: dict[str, Any], gates: Gates, *, further: bool = False
) -> list[str]:
    """Say which gates a fit misses.

    Parameters
    ----------
    diagnostics : dict
        From :func:`diagnose`.
    gates : Gates
        The limits.
    further : bool
        Whether the fit has fewer draws than those of the plan's prior.

    Returns
    -------
    list of str
        Empty where all are met.
    """
    failures = []
    r_hat = diagnostics["r_hat"]
    if r_hat is None or r_hat > gates.r_hat:
        shown = "undefined" if r_hat is None else f"{r_hat:.4f}"
        failures.append(
            f"R-hat {shown} of {diagnostics['r_hat_of']}, limit {gates.r_hat}"
        )
    for name, label in (("ess_bulk", "bulk ESS"), ("ess_tail", "tail ESS")):
        ess = diagnostics[name]
        if ess is None or ess < gates.ess:
            shown = "undefined" if ess is None else f"{ess:.0f}"
            failures.append(
                f"{label} {shown} of {diagnostics[f'{name}_of']}, limit {gates.ess}"
            )
    error = diagnostics["interval_error"]
    limit = gates.further_interval_error if further else gates.interval_error
    if error is None or error > limit:
        shown = "undefined" if error is None else f"{100 * error:.1f}% of the SD"
        failures.append(
            f"error of an interval's end {shown} of {diagnostics['interval_error_of']},"
            f" limit {100 * limit:g}%"
        )
    if diagnostics["divergences"] > gates.divergences:
        failures.append(
            f"{diagnostics['divergences']} divergences, limit {gates.divergences}"
        )
    if not diagnostics["e_bfmi"] >= gates.e_bfmi:
        failures.append(f"E-BFMI {diagnostics['e_bfmi']:.2f}, limit {gates.e_bfmi}")
    return failures
