"""Which conclusions of the report differ between two runs, a sentence each."""

from collections.abc import Iterable, Sequence

import pandas as pd

from alsdecline.changes.comparison import Conclusion, NamedEstimate, Numbers
from alsdecline.changes.estimate_names import Names
from alsdecline.changes.estimates import (
    ANCOVA,
    MIXED_MODELS,
    RATES,
    SENSITIVITY,
    TESTS,
    within_monte_carlo,
)
from alsdecline.finished_results import read_finished
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


def _no_effect(estimate: NamedEstimate) -> float | None:
    """Return the value that means no effect; None where a quantity is no effect."""
    table, identity = estimate["table"], estimate["of"]
    if table in (RATES.name, SENSITIVITY.name):
        # an estimand of one arm asks whether its course is level
        return 0.0 if estimate["primary"] else NO_EFFECT.get(identity["quantity"])
    if table == TESTS.name:
        return 0.0
    if table == ANCOVA.name:
        return None if identity["quantity"] == "ls_mean" else 0.0
    if table == MIXED_MODELS.name and identity["parameter"].startswith("time x arm "):
        return 0.0
    return None


def _bounds(numbers: Numbers | None) -> tuple[float, float] | None:
    """Return the bounds of an interval; None where there is none."""
    low, high = ((numbers or {}).get(name) for name in ("lower", "upper"))
    return None if low is None or high is None else (low, high)


def _interval_of(levels: tuple[float | None, float | None], name: str) -> str:
    """Begin a sentence about an interval, whose level may have changed."""
    before, after = levels
    if before is None or after is None:
        return f"The interval of {name}"
    if before == after:
        return f"The {100 * after:g}% interval of {name}"
    return f"The interval of {name} ({100 * before:g}% before, {100 * after:g}% after)"


def _about_interval(
    estimate: NamedEstimate, levels: tuple[float | None, float | None], name: str
) -> str | None:
    """Say that an interval has come to contain no effect, or to exclude it."""
    value = _no_effect(estimate)
    before, after = _bounds(estimate["old"]), _bounds(estimate["new"])
    if value is None or before is None or after is None:
        return None
    contained, contains = (low <= value <= high for low, high in (before, after))
    if contained == contains:
        return None
    was, now = (interval(*bounds, digits_for(*bounds)) for bounds in (before, after))
    which = _interval_of(levels, name)
    if contains:
        return f"{which} excluded {value:g} ({was}) and now contains it ({now})."
    return f"{which} contained {value:g} ({was}) and now excludes it ({now})."


def _about_sign(estimate: NamedEstimate, name: str) -> str | None:
    """Say that the primary estimate has turned round."""
    old, new = estimate["old"] or {}, estimate["new"] or {}
    was, now = old.get("estimate"), new.get("estimate")
    # zero counts as slower, as in the report's answer
    if was is None or now is None or (was >= 0) == (now >= 0):
        return None
    intervals = [bounds for bounds in (_bounds(old), _bounds(new)) if bounds]
    digits = max(digits_for(*bounds) for bounds in intervals)
    before, after = number(was, digits), number(now, digits)
    return f"The sign of {name} changed: {before} before, {after} after."


def estimate_conclusions(
    estimates: Iterable[NamedEstimate], levels: tuple[float | None, float | None]
) -> list[Conclusion]:
    """Find the conclusions from estimates that flipped.

    Parameters
    ----------
    estimates : iterable of NamedEstimate
        From :func:`alsdecline.changes.estimates.compare_estimates`, named.
    levels : tuple of float or None
        Probability of the intervals, before and after.

    Returns
    -------
    list of Conclusion
        Of kinds ``sign`` and ``interval``; the primary estimate's first.
    """
    found: list[Conclusion] = []
    for estimate in estimates:
        primary = estimate["primary"]
        name = f"the {'primary estimate, the ' * primary}{estimate['label']}"
        name += "," * primary
        error = WITHIN * (within_monte_carlo(estimate) is True)
        if primary and (sign := _about_sign(estimate, name)):
            found.append({"kind": "sign", "primary": True, "sentence": sign + error})
        if about_interval := _about_interval(estimate, levels, name):
            sentence = about_interval + error
            found.append({"kind": "interval", "primary": primary, "sentence": sentence})
    return sorted(found, key=lambda conclusion: not conclusion["primary"])


def _verdicts(run: RecordedRun) -> dict[tuple[str, str, str], str]:
    """Return the gates that each fit missed in its last attempt; empty where none."""
    path = run.results / "diagnostics" / "fits.csv"
    if not path.is_file():
        return {}
    fits: pd.DataFrame = read_finished(read_result_table, path)
    keys = zip(fits["model"], fits["outcomes"], fits["prior"], strict=True)
    return dict(zip(keys, fits["failures"].fillna(""), strict=True))


def gate_conclusions(
    old: RecordedRun, new: RecordedRun, names: Names
) -> list[Conclusion]:
    """Find the fits that met their gates in one run and not in the other.

    Parameters
    ----------
    old, new : RecordedRun
        The runs.
    names : Names
        Labels.

    Returns
    -------
    list of Conclusion
        Of kind ``gates``.
    """
    before, after = _verdicts(old), _verdicts(new)
    found: list[Conclusion] = []
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


def primary_conclusions(old: RecordedRun, new: RecordedRun) -> list[Conclusion]:
    """Say that the primary estimand is another one, if it is.

    Returns
    -------
    list of Conclusion
        Of kind ``estimand``; one or none.
    """
    if old.settings is None or new.settings is None:
        return []
    was, now = old.settings.primary, new.settings.primary
    if was == now:
        return []
    sentence = f"The primary estimand was {was} and is now {now}."
    return [{"kind": "estimand", "primary": True, "sentence": sentence}]
