"""How each estimate and each probability moved between two runs."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from alsdecline.changes.comparison import ComparedEstimate, Numbers
from alsdecline.changes.monte_carlo_errors import Key, errors_of_run
from alsdecline.declared_tables import TABLES, ResultTable
from alsdecline.finished_results import read_finished
from alsdecline.fits.plan import DEFAULT
from alsdecline.jobs.recorded_runs import RecordedRun
from alsdecline.result_tables import read_result_table
from alsdecline.settings.trial import Settings

MONTE_CARLO_LIMIT = 4
"""Combined Monte Carlo standard errors within which a move is no news."""

NUMBERS = ("estimate", "lower", "upper", "probability", "p_value")


RATES = TABLES["rate_of_decline"]
SENSITIVITY = TABLES["prior_sensitivity"]
TESTS = TABLES["slope_tests"]
ANCOVA = TABLES["ancova"]
MIXED_MODELS = TABLES["mixed_models"]
COMPARED = tuple(table for table in TABLES.values() if table.matched)


def _part_of_plan(path: Path, settings: Settings | None) -> bool:
    """Tell a result of the plan from one that an earlier plan left behind."""
    if settings is None:
        return True
    if path.parent.name == TESTS.name:
        return path.stem in settings.modelled_outcomes
    extra = settings.supplementary
    asked = {ANCOVA.name: extra.ancova, MIXED_MODELS.name: extra.mixed_models}
    return bool(asked.get(path.stem, True))


def _read(run: RecordedRun, table: ResultTable) -> pd.DataFrame:
    """Read a table, of a folder all its files; empty where the run has none."""
    at = run.results / "tables" / table.name
    paths = [at.with_suffix(".csv"), *sorted(at.glob("*.csv"))]
    frames = [
        read_finished(read_result_table, path)
        for path in paths
        if path.is_file() and _part_of_plan(path, run.settings)
    ]
    if not frames:
        return pd.DataFrame(columns=[*table.matched, *NUMBERS])
    together = pd.concat(frames, ignore_index=True)
    if table is SENSITIVITY:
        # those under the plan's prior stand in the rates
        together = together[together["prior"] != DEFAULT]
    return together


def _rows(frame: pd.DataFrame, table: ResultTable) -> dict[tuple[str, ...], Numbers]:
    """Numbers of each row by its keys; missing ones are None."""
    names = [name for name in NUMBERS if name in frame.columns]
    texts = [frame[key].fillna("").astype(str) for key in table.matched]
    numbers = zip(*[frame[name] for name in names], strict=True)
    return {
        key: {
            name: float(value) if math.isfinite(value) else None
            for name, value in zip(names, values, strict=True)
        }
        for key, values in zip(zip(*texts, strict=True), numbers, strict=True)
    }


def _limits(
    key: Key, errors: Sequence[Mapping[Key, Mapping[str, float]]]
) -> dict[str, float]:
    """How far a number may move by Monte Carlo error, where that is known."""
    if not all(key in side for side in errors):
        return {}
    limits = {
        name: MONTE_CARLO_LIMIT * math.hypot(*(side[key][name] for side in errors))
        for name in ("estimate", "probability")
    }
    return {name: limit for name, limit in limits.items() if math.isfinite(limit)}


def _moves(old: Numbers | None, new: Numbers | None) -> dict[str, float]:
    """Differences of the numbers that both runs have."""
    pairs = {name: ((old or {}).get(name), (new or {}).get(name)) for name in NUMBERS}
    return {
        name: after - before
        for name, (before, after) in pairs.items()
        if before is not None and after is not None
    }


def compare_estimates(old: RecordedRun, new: RecordedRun) -> list[ComparedEstimate]:
    """Match the estimates of two runs and say how each moved.

    Parameters
    ----------
    old, new : RecordedRun
        The runs.

    Returns
    -------
    list of ComparedEstimate
    """
    errors = errors_of_run(old), errors_of_run(new)
    found: list[ComparedEstimate] = []
    for table in COMPARED:
        before, after = [_rows(_read(run, table), table) for run in (old, new)]
        for key in dict.fromkeys([*after, *before]):
            identity = dict(zip(table.matched, key, strict=True))
            limits: dict[str, float] = {}
            if table in (RATES, SENSITIVITY):
                prior = identity.setdefault("prior", DEFAULT)
                model, outcome, quantity, arm = (identity[k] for k in RATES.matched)
                limits = _limits((model, outcome, quantity, arm, prior), errors)
            found.append(
                {
                    "table": table.name,
                    "of": identity,
                    "old": before.get(key),
                    "new": after.get(key),
                    "difference": _moves(before.get(key), after.get(key)),
                    "monte_carlo_limit": limits,
                }
            )
    return found


def moved(estimate: ComparedEstimate) -> bool:
    """Tell whether anything about an estimate differs."""
    return estimate["old"] != estimate["new"]


def within_monte_carlo(estimate: ComparedEstimate) -> bool | None:
    """Tell whether an estimate and its probability moved by Monte Carlo error at most.

    Parameters
    ----------
    estimate : ComparedEstimate
        From :func:`compare_estimates`.

    Returns
    -------
    bool or None
        None where the error is not known.
    """
    limits = estimate["monte_carlo_limit"]
    moves = {n: d for n, d in estimate["difference"].items() if n in limits}
    return all(abs(d) <= limits[n] for n, d in moves.items()) if moves else None
