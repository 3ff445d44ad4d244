"""Batches of analyses of simulated trials, read together, and what they call things."""

from pathlib import Path

import pandas as pd

from alsdecline.stable_files import read_parquet


def better_than(margin: float) -> str:
    """Name the column with the posterior probability of being better than a margin."""
    return f"better[{float(margin)!r}]"


def _by_scenario(files: list[Path], parent: int) -> dict[str, pd.DataFrame]:
    """Read the batches of each scenario, whose folder is one of a file's parents."""
    found: dict[str, list[pd.DataFrame]] = {}
    for path in files:
        found.setdefault(path.parents[parent].name, []).append(read_parquet(path))
    return {name: pd.concat(parts) for name, parts in found.items()}


def fits_by_scenario(files: list[Path]) -> dict[str, pd.DataFrame]:
    """Read the batches of fits of each scenario, which lie in a folder a model."""
    return _by_scenario(files, 2)


def with_fits(analysed: list[Path], fitted: list[Path]) -> dict[str, pd.DataFrame]:
    """Read the analyses of each scenario, by methods and by models.

    Parameters
    ----------
    analysed, fitted : list of Path
        Batches of methods without fits, and of fits.

    Returns
    -------
    dict of str to DataFrame
        By scenario, in the order of trials.
    """
    fits = fits_by_scenario(fitted)
    return {
        name: pd.concat(
            [analyses, fits[name]] if name in fits else [analyses], ignore_index=True
        ).sort_values("trial", kind="stable")
        for name, analyses in _by_scenario(analysed, 0).items()
    }
