"""Fits of two platforms: other draws that say the same within Monte Carlo error."""

import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from alsdecline.audit.replay_platform import fit_files, readable_records
from alsdecline.fits.diagnostics import monte_carlo_error
from alsdecline.jobs.events import Event
from alsdecline.jobs.ledger import append, read_ledger
from alsdecline.jobs.records import file_digest, hashes
from alsdecline.stable_files import read_parquet, write_json

LIMIT = 6
"""Combined Monte Carlo errors by which any of thousands of summaries may differ."""

GROUPS = ("prior", "without")
COUNTED = ("chain", "draw")
PROBABILITIES = (0.025, 0.5, 0.975)


def _summaries(values: np.ndarray) -> np.ndarray:
    return np.array([values.mean(), *np.quantile(values, PROBABILITIES)])


def _errors(values: np.ndarray, chains: int) -> np.ndarray:
    draws = values.reshape(chains, -1)
    of_quantiles = [monte_carlo_error(draws, "quantile", p) for p in PROBABILITIES]
    return np.array([monte_carlo_error(draws, "mean"), *of_quantiles])


def _series_agree(first: pd.Series, second: pd.Series, chains: int) -> bool:
    """Compare by the errors of the second, which this machine drew."""
    a, b = first.to_numpy(float), second.to_numpy(float)
    moves = np.abs(_summaries(a) - _summaries(b))
    errors = _errors(b, chains)
    known = np.where(np.isfinite(errors), errors, b.std())  # of draws that hardly move
    return bool(np.all(moves <= LIMIT * math.sqrt(2) * known))


def draws_agree(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Tell whether two tables of draws say the same within Monte Carlo error.

    Parameters
    ----------
    first, second : DataFrame
        Recorded, and drawn here: ``chain``, ``draw``, a column for each parameter and
        those of :data:`GROUPS` that apply.

    Returns
    -------
    bool
        Whether mean, median and ends of the 95% interval of every parameter in every
        group differ by at most :data:`LIMIT` combined errors, all other cells not.
    """
    told = [name for name in (*COUNTED, *GROUPS) if name in second]
    same_layout = list(first) == list(second) and first.dtypes.equals(second.dtypes)
    if not (same_layout and first[told].equals(second[told])):
        return False
    groups = [name for name in GROUPS if name in second]
    drawn = second.columns.difference(told)
    parts = second.groupby(groups).indices if groups else {"": np.arange(len(second))}
    return all(
        _series_agree(
            first[name].iloc[rows],
            second[name].iloc[rows],
            second["chain"].iloc[rows].nunique(),
        )
        for rows in parts.values()
        for name in drawn
    )


def fits_agree(first: Path, second: Path) -> bool | None:
    """Tell whether two files of a fit say the same within Monte Carlo error.

    Parameters
    ----------
    first, second : Path
        Recorded, and made here.

    Returns
    -------
    bool or None
        None of what tells how the sampling went, which no other platform repeats.
    """
    try:
        if first.suffix == ".parquet":
            return draws_agree(read_parquet(first), read_parquet(second))
        json.loads(first.read_bytes())
    except (OSError, ValueError, TypeError, RecursionError):  # damaged
        return False
    return None


def _lines(folder: Path) -> Iterator[Event]:
    chain = read_ledger(folder)
    return (line for line in chain.lines if line.get("event") == "job")


def put_fits(folder: Path, other: Path) -> None:
    """Put the fits of a trial into a run elsewhere, as if they had come out so there.

    Parameters
    ----------
    folder, other : Path
        The trial's folder, and one in which all of it was run. What follows from the
        fits is made anew there by the next run.
    """
    for path, record in readable_records(other):
        files = fit_files(record)
        if not files:
            continue
        for file in files:
            shutil.copyfile(folder / file, other / file)
            record["outputs"][file] = file_digest(other / file)
        write_json(other / path, record)
        line = [line for line in _lines(other) if line["job"] == record["job"]][-1]
        told = {
            "outputs": hashes(record["outputs"]),
            "record": {str(path): file_digest(other / path)["sha256"]},
        }
        append(
            other, [{k: v for k, v in line.items() if k not in {"id", "time"}} | told]
        )
