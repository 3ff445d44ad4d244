"""Batches of analyses of simulated trials, read together."""

from pathlib import Path

import pandas as pd

from alsdecline.stable_files import read_parquet


def by_scenario(files: list[Path], parent: int) -> dict[str, pd.DataFrame]:
    """Read the batches of each scenario, whose folder is one of a file's parents."""
    found: dict[str, list[pd.DataFrame]] = {}
    for path in files:
        found.setdefault(path.parents[parent].name, []).append(read_parquet(path))
    return {name: pd.concat(parts) for name, parts in found.items()}
