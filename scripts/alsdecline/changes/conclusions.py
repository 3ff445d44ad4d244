"""Which conclusions of the report differ between two runs, a sentence each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from alsdecline.changes.estimate_names import Names
from alsdecline.changes.estimates import (
    ANCOVA,
    MIXED_MODELS,
    RATES,
    SENSITIVITY,
    TESTS,
    within_monte_carlo,
)
from alsdecline.jobs.recorded_runs import RecordedRun
from alsdecline.report.words import digits_for, interval, listed, number
from alsdecline.result_tables import read_result_table

NO_EFFECT = {
    "slope_difference": 0.0,
    "decline_ratio": 1.0,
    "fraction_slowed_difference": 0.0,
}
"""What a quantity of the rates is where arms or outcomes do not differ."""


WITHIN = " The estimate itself moved within Monte Carlo error."


def _no_effect(estimate: Mapping[str, Any]) -> float | None:
    """Return the value that means no effect; None where a quantity is no effect."""
    table, of = estimate["table"], estimate["of"]
    if table in (RATES.name, SENSITIVITY.name):
        # an estimand of one arm asks whether its course is level
        return 0.0 if estimate["primary"] else NO_EFFECT.get(of["quantity"])
    if table == TESTS.name:
        return 0.0
    if table == ANCOVA.name:
        return None if of["quantity"] == "ls_mean" else 0.0
    effect = table == MIXED_MODELS.name and of["parameter"].startswith("time x arm ")
    return 0.0 if effect else None


def _printed_interval(numbers: Mapping[str, float]) -> str:
    low, high = numbers["lower"], numbers["upper"]
    return interval(low, high, digits_for(low, high))


def _interval_of(levels: tuple[float | None, float | None], name: str) -> str:
    """Begin a sentence about an interval, whose level may have changed."""
    before, after = levels
    if before is None or after is None:
        return f"The interval of {name}"
    if before == after:
        return f"The {100 * after:g}% interval of {name}"
    return f"The interval of {name} ({100 * before:g}% before, {100 * after:g}% after)"


def _contains(numbers: Mapping[str, float | None] | None, value: float) -> bool | None:
    """Tell whether an interval contains a value; None where there is no interval."""
    bounds = numbers or {}
    low, high = bounds.get("lower"), bounds.get("upper")
    return None if low is None or high is None else low <= value <= high


def _about_interval(
    estimate: Mapping[str, Any], levels: tuple[float | None, float | None], name: str
) -> str | None:
    """Say that an interval has come to contain no effect, or to exclude it."""
    value = _no_effect(estimate)
    if value is None:
        return None
    before, after = (_contains(estimate[side], value) for side in ("old", "new"))
    if before is None or after is None or before == after:
        return None
    was, now = (_printed_interval(estimate[side]) for side in ("old", "new"))
    which = _interval_of(levels, name)
    if after:
        return f"{which} excluded {value:g} ({was}) and now contains it ({now})."
    return f"{which} contained {value:g} ({was}) and now excludes it ({now})."


def _about_sign(estimate: Mapping[str, Any], name: str) -> str | None:
    """Say that the primary estimate has turned round."""
    old, new = estimate["old"], estimate["new"]
    if old is None or new is None:
        return None
    # zero counts as slower, as in the report's answer
    if (old["estimate"] >= 0) == (new["estimate"] >= 0):
        return None
    digits = max(digits_for(side["lower"], side["upper"]) for side in (old, new))
    was, now = (number(side["estimate"], digits) for side in (old, new))
    return f"The sign of {name} changed: {was} before, {now} after."


def estimate_conclusions(
    estimates: Iterable[Mapping[str, Any]], levels: tuple[float | None, float | None]
) -> list[dict[str, Any]]:
    """Find the conclusions from estimates that flipped.

    Parameters
    ----------
    estimates : iterable of mapping
        From :func:`alsdecline.changes.estimates.compare_estimates`, with ``label`` and
        ``primary``.
    levels : tuple of float or None
        Probability of the intervals, before and after.

    Returns
    -------
    list of dict
        ``kind`` (``sign`` or ``interval``), ``primary`` and ``sentence``; the primary
        estimate's first.
    """
    found = []
    for estimate in estimates:
        primary = estimate["primary"]
        name = f"the {'primary estimate, the ' * primary}{estimate['label']}"
        name += "," * primary
        sentences = {
            "sign": _about_sign(estimate, name) if primary else None,
            "interval": _about_interval(estimate, levels, name),
        }
        error = WITHIN * (within_monte_carlo(estimate) is True)
        found += [
            {"kind": kind, "primary": primary, "sentence": sentence + error}
            for kind, sentence in sentences.items()
            if sentence
        ]
    return sorted(found, key=lambda conclusion: not conclusion["primary"])


def _verdicts(run: RecordedRun) -> dict[tuple[str, str, str], str]:
    """Return the gates that each fit missed in its last attempt; empty where none."""
    path = run.results / "diagnostics" / "fits.csv"
    if not path.is_file():
        return {}
    fits: pd.DataFrame = read_result_table(path)
    keys = zip(fits["model"], fits["outcomes"], fits["prior"], strict=True)
    return dict(zip(keys, fits["failures"].fillna(""), strict=True))


def gate_conclusions(
    old: RecordedRun, new: RecordedRun, names: Names
) -> list[dict[str, Any]]:
    """Find the fits that met their gates in one run and not in the other.

    Parameters
    ----------
    old, new : RecordedRun
        The runs.
    names : Names
        Labels.

    Returns
    -------
    list of dict
        As :func:`estimate_conclusions`, of kind ``gates``.
    """
    before, after = _verdicts(old), _verdicts(new)
    found = []
    for key in sorted(before.keys() & after.keys()):
        if bool(before[key]) == bool(after[key]):
            continue
        model, outcomes, prior = key
        labels: Sequence[str] = [names.outcomes.get(o, o) for o in outcomes.split()]
        fit = f"The {model} fit of {listed(labels)} under the {prior} prior"
        sentence = (
            f"{fit} met its gates and no longer does ({after[key]})."
            if after[key]
            else f"{fit} missed its gates ({before[key]}) and now meets them."
        )
        found.append({"kind": "gates", "primary": False, "sentence": sentence})
    return found


def primary_conclusions(old: RecordedRun, new: RecordedRun) -> list[dict[str, Any]]:
    """Say that the primary estimand is another one, if it is.

    Returns
    -------
    list of dict
        As :func:`estimate_conclusions`, of kind ``estimand``; one or none.
    """
    if old.settings is None or new.settings is None:
        return []
    was, now = old.settings.primary, new.settings.primary
    if was == now:
        return []
    sentence = f"The primary estimand was {was} and is now {now}."
    return [{"kind": "estimand", "primary": True, "sentence": sentence}]
