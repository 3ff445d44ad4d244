"""Gates on computation: R-hat, effective sample sizes, divergences, E-BFMI."""

import warnings
from typing import Any

import arviz_stats
import numpy as np
import xarray as xr

from alsdecline.settings.analysis import Gates


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
    quantities: dict[str, np.ndarray], divergences: int, energy: np.ndarray
) -> dict[str, Any]:
    """Compute the diagnostics of one posterior.

    Parameters
    ----------
    quantities : dict of str to ndarray, shape (chains, draws)
        Each parameter and each reported quantity, by name.
    divergences : int
        Divergent transitions after adaptation.
    energy : ndarray, shape (chains, draws)
        Energies.

    Returns
    -------
    dict
        Largest R-hat and smallest bulk and tail ESS with the quantity they are of,
        divergences and E-BFMI.
    """
    data = xr.Dataset({n: (("chain", "draw"), v) for n, v in quantities.items()})
    with warnings.catch_warnings():
        # a quantity that does not vary has no R-hat; it is reported as such below
        warnings.simplefilter("ignore", RuntimeWarning)
        r_hat = arviz_stats.rhat(data)
        bulk = arviz_stats.ess(data, method="bulk")
        tail = arviz_stats.ess(data, method="tail")
    values = {
        "r_hat": {n: float(r_hat[n]) for n in quantities},
        "ess_bulk": {n: float(bulk[n]) for n in quantities},
        "ess_tail": {n: float(tail[n]) for n in quantities},
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
        pick = max if name == "r_hat" else min
        worst = undefined[0] if undefined else pick(by_quantity, key=by_quantity.get)  # type: ignore[arg-type]
        result[name] = None if undefined else by_quantity[worst]
        result[f"{name}_of"] = worst
    return result


def gate_failures(diagnostics: dict[str, Any], gates: Gates) -> list[str]:
    """Say which gates a fit misses.

    Parameters
    ----------
    diagnostics : dict
        From :func:`diagnose`.
    gates : Gates
        The limits.

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
    if diagnostics["divergences"] > gates.divergences:
        failures.append(
            f"{diagnostics['divergences']} divergences, limit {gates.divergences}"
        )
    if not diagnostics["e_bfmi"] >= gates.e_bfmi:
        failures.append(f"E-BFMI {diagnostics['e_bfmi']:.2f}, limit {gates.e_bfmi}")
    return failures
