"""Batches of analyses of simulated trials, read together, and what they call things."""

from pathlib import Path

import pandas as pd

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
