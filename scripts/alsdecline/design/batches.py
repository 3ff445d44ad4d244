"""Batches of analyses of simulated trials, read together, and what they call things."""

from pathlib import Path

import pandas as pd

from alsdecline.settings.simulated_design import SINGLE
from alsdecline.stable_files import read_parquet


def better_than(margin: float) -> str:
    """Name the column with the posterior probability of being better than a margin."""
    return f"better[{float(margin)!r}]"


def by_scenario(files: list[Path], parent: int) -> dict[str, pd.DataFrame]:
    """Read the batches of each scenario, whose folder is one of a file's parents."""
    found: dict[str, list[pd.DataFrame]] = {}
    for path in files:
        found.setdefault(path.parents[parent].name, []).append(read_parquet(path))
    return {name: pd.concat(parts) for name, parts in found.items()}


def with_fits(
    analysed: list[Path], fitted: list[Path]
) -> dict[str, tuple[pd.DataFrame, bool]]:
    """Read the analyses of each scenario, fits among them as another method.

    Parameters
    ----------
    analysed, fitted : list of Path
        Batches of methods without fits, and of fits, which lie a folder deeper.

    Returns
    -------
    dict of str to tuple
        By scenario, in the order of trials; and whether any of them were fitted.
    """
    fits = by_scenario(fitted, 1)
    found = {}
    for name, analyses in by_scenario(analysed, 0).items():
        parts = [analyses]
        if name in fits:
            parts.append(fits[name].assign(method=SINGLE))
        found[name] = pd.concat(parts).sort_values("trial"), name in fits
    return found
